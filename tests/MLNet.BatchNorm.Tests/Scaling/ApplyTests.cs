using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>Rows scaled as spans, without a data view.</summary>
public class ApplyTests
{
    private const int RowCount = 200;

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Scalings => ["standardize", "clipped", "batch", "channels"];

    [Theory]
    [MemberData(nameof(Scalings))]
    public void A_row_of_floats_comes_out_as_transform_gives_it(string scaling) => CheckRows(scaling, Rows.ToSingle(Values()));

    [Theory]
    [MemberData(nameof(Scalings))]
    public void A_row_of_doubles_comes_out_as_transform_gives_it(string scaling) => CheckRows(scaling, Values());

    [Fact]
    public void A_scalar_column_has_rows_of_one_value()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new { Age = 25f }, new { Age = 30f }, new { Age = 28f } });
        var transformer = _context.Transforms.Standardize("Age").Fit(data);
        float[] value = [30];
        transformer.Columns[0].Apply<float>(value, value);
        value[0].Should().Be(transformer.Transform(data).GetColumn<float>("Age").ElementAt(1));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var column = Columns("standardize", Rows.Of(_context, Rows.ToSingle(Values())))[0];
        var row = new float[6];
        var output = new float[6];
        column.Apply<float>(row, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            column.Apply<float>(row, output);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void Many_threads_at_once_give_what_one_gives()
    {
        float[][] rows = Rows.ToSingle(Values());
        var data = Rows.Of(_context, rows);
        var transformer = _context.Transforms.Standardize(Rows.Column).Fit(data);
        float[][] expected = Rows.Read<float>(transformer.Transform(data));

        // A transformer of its own, so that the threads meet at the first call as well.
        var column = _context.Transforms.Standardize(Rows.Column).Fit(data).Columns[0];
        Parallel.For(0, 8, _ =>
        {
            var output = new float[6];
            for (int i = 0; i < rows.Length; i++)
            {
                column.Apply<float>(rows[i], output);
                output.Should().Equal(expected[i]);
            }
        });
    }

    [Fact]
    public void A_row_of_another_length_is_refused_by_name()
    {
        var column = Columns("standardize", Rows.Of(_context, Values()))[0];
        column.Invoking(it => it.Apply<double>(new double[5], new double[6])).Should().Throw<ArgumentException>()
            .WithMessage("Column 'Features' has 6 slot(s): expected a row and an output of as many; found 5 and 6.*").WithParameterName("row");
        column.Invoking(it => it.Apply<double>(new double[6], new double[7])).Should().Throw<ArgumentException>().WithParameterName("output");
    }

    [Fact]
    public void Input_and_output_may_be_the_same_but_not_overlap_in_part()
    {
        var column = Columns("standardize", Rows.Of(_context, Values()))[0];
        double[] memory = [1, 2, 3, 4, 5, 6, 7];
        var expected = new double[6];
        column.Apply<double>(memory.AsSpan(0, 6), expected);
        column.Invoking(it => it.Apply<double>(memory.AsSpan(0, 6), memory.AsSpan(1, 6))).Should().Throw<ArgumentException>().WithMessage("*overlap in part*");
        column.Apply<double>(memory.AsSpan(0, 6), memory.AsSpan(0, 6));
        memory[..6].Should().Equal(expected);
    }

    [Fact]
    public void Half_is_no_type_of_a_column() =>
        Columns("standardize", Rows.Of(_context, Values()))[0].Invoking(it => it.Apply<Half>(new Half[6], new Half[6])).Should().Throw<NotSupportedException>();

    private void CheckRows<T>(string scaling, T[][] rows)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var data = Rows.Of(_context, rows, null, 2, 3);
        var (column, transform) = Fit(scaling, data);
        T[][] expected = Rows.Read<T>(transform(data));
        var output = new T[6];
        for (int i = 0; i < rows.Length; i++)
        {
            column.Apply<T>(rows[i], output);
            output.Should().Equal(expected[i], $"row {i}");
        }
        // Sparse vectors take another way through a data view.
        T[][] sparse = Rows.Read<T>(transform(Rows.Sparse(_context, rows, null, 2, 3)));
        sparse[^1].Should().Equal(output);
    }

    private IReadOnlyList<ScalingColumn> Columns(string scaling, IDataView data) => [Fit(scaling, data).Column];

    private (ScalingColumn Column, Func<IDataView, IDataView> Transform) Fit(string scaling, IDataView data)
    {
        switch (scaling)
        {
            case "standardize":
                var standardization = _context.Transforms.Standardize(Rows.Column).Fit(data);
                return (standardization.Columns[0], standardization.Transform);
            case "clipped":
                var clipped = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Minimum = -1, Clip = true }).Fit(data);
                return (clipped.Columns[0], clipped.Transform);
            case "batch":
                var batch = _context.Transforms.BatchNormalize(Rows.Column, options: new() { BatchSize = 16, Gamma = 2, Beta = 0.5 }).Fit(data);
                return (batch.Columns[0], batch.Transform);
            case "channels":
                var channels = _context.Transforms.Standardize(Rows.Column, options: new() { ChannelAxis = 0 }).Fit(data);
                return (channels.Columns[0], channels.Transform);
            default:
                throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "Unknown.");
        }
    }

    // With a missing value and zeros, the last row among those that hold some.
    private static double[][] Values()
    {
        double[][] rows = Rows.Random(RowCount, 6, seed: 3);
        rows[7][2] = double.NaN;
        rows[^1][0] = 0;
        rows[^1][4] = 0;
        return rows;
    }
}
