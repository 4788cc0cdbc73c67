using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>Rows of less than eight features are summed several at a time; of wider ones, the last vectors overlap.</summary>
public class NarrowRowsTests
{
    private const int RowCount = 1300;

    public static TheoryData<int, int> WidthsAndChunks
    {
        get
        {
            var cases = new TheoryData<int, int>();
            foreach (int width in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 24, 31, 40 })
            {
                foreach (int chunkSize in new[] { 1, 3, 8, 250 })
                {
                    cases.Add(width, chunkSize);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndChunks))]
    public void Rows_split_over_calls_anywhere_give_the_same_bits(int width, int chunkSize)
    {
        float[] values = [.. RandomData.Normal(width, width * RowCount, 1e4, 3).Select(value => (float)value)];
        values[width * 700] = float.NaN;
        values[(width * 900) + width - 1] = float.PositiveInfinity;
        var whole = new FeatureMoments(width);
        whole.AddRows<float>(values, RowCount);
        var chunks = new FeatureMoments(width);
        for (int row = 0; row < RowCount; row += chunkSize)
        {
            int count = Math.Min(chunkSize, RowCount - row);
            chunks.AddRows<float>(values.AsSpan(row * width, count * width).ToArray(), count);
        }

        chunks.ExportState().Should().BeEquivalentTo(whole.ExportState(), options => options.WithStrictOrdering());
        chunks.Mean.Should().Equal(whole.Mean);
        chunks.PopulationVariance.Should().Equal(whole.PopulationVariance);
        chunks.FirstInfinity.Should().Be(new ValueLocation(900, width - 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Weights_of_one_change_no_bit(int width)
    {
        double[] values = RandomData.Normal(width, width * RowCount, 5);
        double[] weights = new double[RowCount];
        weights.AsSpan().Fill(1);
        var weighted = new FeatureMoments(width);
        weighted.AddRows<double>(values, RowCount, weights);
        var plain = new FeatureMoments(width);
        plain.AddRows<double>(values, RowCount);

        weighted.ExportState().Should().BeEquivalentTo(plain.ExportState(), options => options.WithStrictOrdering());
    }

    [Fact]
    public void Integers_keep_exact_moments_whatever_their_place()
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<float>([7, 1, 4, 10, float.NaN, 3, 2, 8, 9, 5, 6], 11);

        moments.Count.Should().Equal(10);
        moments.MissingCount.Should().Equal(1);
        moments.Mean.Should().Equal(5.5);
        moments.PopulationVariance.Should().Equal(8.25);
        moments.Minimum.Should().Equal(1);
        moments.Maximum.Should().Equal(10);
    }
}
