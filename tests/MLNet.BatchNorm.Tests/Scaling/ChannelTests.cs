using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>Images: statistics per channel, over rows and pixels.</summary>
public class ChannelTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Channels_first_share_statistics_over_height_and_width()
    {
        // Two images of 2 channels, 1 x 3 pixels.
        float[][] images = [[1, 2, 3, 10, 20, 30], [4, 5, 6, 40, 50, 60]];
        var transformer = _context.Transforms.Standardize(Rows.Column, options: new() { ChannelAxis = 0 })
            .Fit(Rows.Of(_context, images, null, 2, 1, 3));

        var column = transformer.Columns[0];
        column.Statistics.Should().HaveCount(6);
        column.Statistics.Select(slot => slot.Mean).Should().Equal(3.5, 3.5, 3.5, 35, 35, 35);
        column.Statistics.Select(slot => slot.Count).Should().Equal(6, 6, 6, 6, 6, 6);
        double deviation = Math.Sqrt(35.0 / 12);
        column.Scale.ShouldBeClose([1 / deviation, 1 / deviation, 1 / deviation, 0.1 / deviation, 0.1 / deviation, 0.1 / deviation], 1e-14);
        Rows.Read<float>(transformer.Transform(Rows.Of(_context, images, null, 2, 1, 3)))[0].Select(value => (double)value)
            .ShouldBeClose([-2.5 / deviation, -1.5 / deviation, -0.5 / deviation, -2.5 / deviation, -1.5 / deviation, -0.5 / deviation], 1.2e-7);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void Channels_last_share_statistics_over_height_and_width(int axis)
    {
        float[][] images = [[1, 10, 2, 20, 3, 30], [4, 40, 5, 50, 6, 60]];
        var column = _context.Transforms.Standardize(Rows.Column, options: new() { ChannelAxis = axis })
            .Fit(Rows.Of(_context, images, null, 1, 3, 2)).Columns[0];
        column.Statistics.Select(slot => slot.Mean).Should().Equal(3.5, 35, 3.5, 35, 3.5, 35);
    }

    [Fact]
    public void Min_max_scaling_of_channels_keeps_relative_brightness_within_a_channel()
    {
        float[][] images = [[0, 10, 4, 30]];
        var transformer = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { ChannelAxis = 1 }).Fit(Rows.Of(_context, images, null, 2, 2));
        transformer.Columns[0].DataMaximum.Should().Equal(4, 30, 4, 30);
        Rows.Read<float>(transformer.Transform(Rows.Of(_context, images, null, 2, 2)))[0].Should().Equal(0, 0, 1, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void Channel_statistics_of_chunks_are_those_of_the_whole(int chunkSize)
    {
        var images = Rows.Random(40, 12, seed: 9);
        var estimator = _context.Transforms.Standardize(Rows.Column, options: new() { ChannelAxis = 0 });
        var whole = estimator.Fit(Rows.Of(_context, images, null, 3, 2, 2)).Columns[0];
        var chunks = images.Chunk(chunkSize).Select(chunk => Rows.Of(_context, chunk, null, 3, 2, 2)).ToArray();
        StandardizationTransformer[] others =
        [
            chunks.Skip(1).Aggregate(estimator.Fit(chunks[0]), (transformer, chunk) => transformer.Update(chunk)),
            chunks.Select(estimator.Fit).Aggregate((a, b) => a.Merge(b)),
        ];
        foreach (var other in others)
        {
            // Means of up to 1000 over 160 values.
            other.Columns[0].Offset.ShouldBeClose(whole.Offset, 1e-14);
            other.Columns[0].Scale.ShouldBeClose(whole.Scale, 1e-12);
            other.Columns[0].Statistics[0].Count.Should().Be(160);
        }
    }

    [Fact]
    public void Sparse_images_have_the_statistics_of_dense_ones()
    {
        float[][] images = [[0, 2, 0, 10, 0, 30], [4, 0, 6, 0, 50, 0]];
        var estimator = _context.Transforms.Standardize(Rows.Column, options: new() { ChannelAxis = 0 });
        var dense = estimator.Fit(Rows.Of(_context, images, null, 2, 3)).Columns[0];
        var sparse = estimator.Fit(Rows.Sparse(_context, images, null, 2, 3)).Columns[0];
        sparse.Offset.ShouldBeClose(dense.Offset, 1e-15);
        sparse.Scale.ShouldBeClose(dense.Scale, 1e-15);
    }

    [Fact]
    public void An_infinite_pixel_is_named_by_its_slot()
    {
        var fit = () => _context.Transforms.Standardize(Rows.Column, options: new() { ChannelAxis = 0 })
            .Fit(Rows.Of(_context, [[1, 2, 3, float.PositiveInfinity]], null, 2, 2));
        fit.Should().Throw<InvalidOperationException>().WithMessage("Column 'Features', slot 3 is infinite in row 0*");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-3)]
    public void An_axis_that_the_column_does_not_have_is_an_error_that_says_which_it_has(int axis)
    {
        var fit = () => _context.Transforms.Standardize(Rows.Column, options: new() { ChannelAxis = axis })
            .Fit(Rows.Of<float>(_context, [[1, 2, 3, 4]], null, 2, 2));
        fit.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Column 'Features' of type * has 2 dimension(s): expected a channel axis from -2 to 1.*");
    }

    [Fact]
    public void A_scalar_has_no_channels()
    {
        var fit = () => _context.Transforms.Standardize(Rows.Weight, options: new() { ChannelAxis = 0 }).Fit(Rows.Of<float>(_context, [[1]]));
        fit.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Column 'Weight' of type * has no dimensions: expected a vector.*");
    }
}
