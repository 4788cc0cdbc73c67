using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

public class InverseTests
{
    private static readonly float[][] Input = [[1, -300, 7], [2, 500, 7], [4, 100, 7]];

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void In_place_the_inverse_gives_the_input_back()
    {
        var data = Rows.Of(_context, Input);
        AffineTransformer[] transformers =
        [
            _context.Transforms.Standardize(Rows.Column).Fit(data),
            _context.Transforms.Standardize(Rows.Column, options: new() { Center = false }).Fit(data),
            _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Minimum = -3, Maximum = 2 }).Fit(data),
        ];
        foreach (var transformer in transformers)
        {
            var back = Rows.Read<float>(transformer.Inverse().Transform(transformer.Transform(data)));
            // Two roundings to float, of numbers that are up to the spread of a feature apart from its mean.
            back.SelectMany(row => row).Select(value => (double)value).ShouldBeClose(Input.SelectMany(row => row).Select(value => (double)value), 2.5e-7);
        }
    }

    [Fact]
    public void The_inverse_reads_the_output_column_and_writes_the_input_column()
    {
        var data = Rows.Of(_context, Input);
        var transformer = _context.Transforms.Standardize("Scaled", Rows.Column).Fit(data);
        var inverse = transformer.Inverse();

        var back = inverse.Transform(transformer.Transform(data));
        back.Schema.Where(column => column.Name == Rows.Column).Should().HaveCount(2, "the restored column hides the original");
        back.Schema[Rows.Column].IsNormalized().Should().BeFalse();
        back.Schema["Scaled"].IsNormalized().Should().BeTrue();
        Rows.Read<float>(back)[1][1].Should().BeApproximately(500, 1e-4f);
        inverse.Invoking(i => i.Transform(data)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("Could not find input column 'Scaled'*");
    }

    [Fact]
    public void The_inverse_of_the_inverse_is_the_map_itself()
    {
        var data = Rows.Of<double>(_context, [[1, 8], [3, 0]]);
        var transformer = _context.Transforms.Standardize(Rows.Column).Fit(data);
        var again = ((AffineTransformer)transformer.Inverse()).Inverse();
        Rows.Read<double>(again.Transform(data)).SelectMany(row => row)
            .ShouldBeClose(Rows.Read<double>(transformer.Transform(data)).SelectMany(row => row), 1e-15);
    }

    [Fact]
    public void What_was_clipped_comes_back_as_the_end_of_the_range()
    {
        var transformer = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Clip = true }).Fit(Rows.Of<float>(_context, [[0], [10]]));
        var back = transformer.Inverse().Transform(transformer.Transform(Rows.Of<float>(_context, [[-5], [4], [99]])));
        Rows.Read<float>(back).Select(row => row[0]).Should().Equal(0, 4, 10);
    }

    [Fact]
    public void Missing_values_come_back_missing()
    {
        var data = Rows.Of<float>(_context, [[1], [float.NaN], [2]]);
        var transformer = _context.Transforms.Standardize(Rows.Column).Fit(data);
        Rows.Read<float>(transformer.Inverse().Transform(transformer.Transform(data)))[1][0].Should().Be(float.NaN);
    }
}
