using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>Rows that each stand in an array of their own are summed as those of a matrix are.</summary>
public class RowArraysTests
{
    private const int RowCount = 1100;

    [Theory]
    [InlineData(8, 1)]
    [InlineData(9, 32)]
    [InlineData(16, 7)]
    [InlineData(17, 32)]
    [InlineData(31, 5)]
    [InlineData(40, 600)]
    public void Arrays_and_a_matrix_give_the_same_bits(int width, int chunkSize)
    {
        float[][] rows = Rows(width);
        rows[3][width - 1] = float.NaN;
        rows[700][1] = float.NegativeInfinity;
        var matrix = new FeatureMoments(width);
        matrix.AddRows<float>([.. rows.SelectMany(row => row)], RowCount);
        var arrays = new FeatureMoments(width);
        foreach (float[][] chunk in rows.Chunk(chunkSize))
        {
            arrays.AddRows<float>(chunk, []);
        }

        arrays.ExportState().Should().BeEquivalentTo(matrix.ExportState(), options => options.WithStrictOrdering());
        arrays.FirstInfinity.Should().Be(new ValueLocation(700, 1));
        arrays.Mean.Should().Equal(matrix.Mean);
    }

    [Fact]
    public void Weights_belong_to_their_rows()
    {
        double[][] rows = [.. Rows(9).Select(row => Array.ConvertAll(row, value => (double)value))];
        double[] weights = [.. Enumerable.Range(0, RowCount).Select(row => (row % 5) / 2.0)];
        rows[5][0] = double.PositiveInfinity; // of weight 0
        var matrix = new FeatureMoments(9);
        matrix.AddRows<double>([.. rows.SelectMany(row => row)], RowCount, weights);
        var arrays = new FeatureMoments(9);
        arrays.AddRows<double>(rows, weights);

        arrays.ExportState().Should().BeEquivalentTo(matrix.ExportState(), options => options.WithStrictOrdering());
        arrays.FirstInfinity.Should().BeNull();
        arrays.Invoking(moments => moments.AddRows<double>([rows[0]], [-1.0])).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void The_first_infinity_is_that_of_the_first_row_that_weighs_something()
    {
        double[][] rows = [.. Rows(9).Take(5).Select(row => Array.ConvertAll(row, value => (double)value))];
        rows[1][4] = double.PositiveInfinity; // of weight 0
        rows[3][0] = double.NegativeInfinity;
        rows[4][2] = double.PositiveInfinity;
        var moments = new FeatureMoments(9);
        moments.AddRows<double>(rows, [1, 0, 2, 0.5, 1]);

        moments.FirstInfinity.Should().Be(new ValueLocation(3, 0));
    }

    [Fact]
    public void Small_values_keep_their_weights_from_block_to_block()
    {
        double[][] rows = [.. Rows(9).Select(row => Array.ConvertAll(row, value => value * 1e-200))];
        double[] weights = [.. Enumerable.Range(0, RowCount).Select(row => 0.5 + (row % 7))];
        var matrix = new FeatureMoments(9);
        matrix.AddRows<double>([.. rows.SelectMany(row => row)], RowCount, weights);
        var arrays = new FeatureMoments(9);
        arrays.AddRows<double>(rows, weights);

        arrays.PopulationStandardDeviation.ShouldBeClose(matrix.PopulationStandardDeviation, 1e-13);
        arrays.PopulationStandardDeviation.Should().OnlyContain(deviation => deviation > 2.5e-200 && deviation < 3.5e-200);
    }

    // Every feature alone is summed as a narrow row: another kernel, another order, the same numbers.
    [Theory]
    [InlineData(12)]
    [InlineData(19)]
    [InlineData(33)]
    public void Every_feature_has_its_own_moments(int width)
    {
        float[][] rows = Rows(width);
        var arrays = new FeatureMoments(width);
        arrays.AddRows<float>(rows, []);
        for (int feature = 0; feature < width; feature++)
        {
            double[] column = [.. rows.Select(row => (double)row[feature])];
            double mean = column.Average();
            arrays.Count[feature].Should().Be(RowCount);
            arrays.Mean[feature].Should().BeApproximately(mean, 1e-10, "sums of {0} values near 1000", RowCount);
            arrays.PopulationVariance[feature].Should().BeApproximately(column.Average(x => (x - mean) * (x - mean)), 1e-10);
            arrays.Minimum[feature].Should().Be(column.Min());
            arrays.Maximum[feature].Should().Be(column.Max());
        }
    }

    private static float[][] Rows(int width) => [.. RandomData.Normal(width, width * RowCount, 1e3, 3).ToSingle().Chunk(width)];
}
