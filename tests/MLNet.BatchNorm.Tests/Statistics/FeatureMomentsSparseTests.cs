using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

public class FeatureMomentsSparseTests
{
    [Theory]
    [InlineData(0.02, false)]
    [InlineData(0.5, false)]
    [InlineData(1.0, false)]
    [InlineData(0.5, true)]
    public void Sparse_rows_measure_as_the_same_rows_dense(double density, bool weighted)
    {
        const int Width = 9;
        var random = new Random(5);
        var sparse = new FeatureMoments(Width);
        var dense = new FeatureMoments(Width);
        var mixed = new FeatureMoments(Width);
        for (int row = 0; row < 1500; row++)
        {
            float[] values = [.. Enumerable.Range(0, Width).Select(_ => random.NextDouble() < density ? (float)(1000 + random.NextDouble()) : 0)];
            if (row % 100 == 3)
            {
                values[4] = row % 200 == 3 ? float.NaN : float.NegativeInfinity;
            }

            double weight = weighted ? random.Next(4) : 1;
            int[] indices = [.. Enumerable.Range(0, Width).Where(i => values[i] != 0)];
            float[] given = [.. indices.Select(i => values[i])];
            dense.Add<float>(values, weight);
            sparse.AddSparse<float>(given, indices, weight);
            if (row % 2 == 0)
            {
                mixed.Add<float>(values, weight);
            }
            else
            {
                mixed.AddSparse<float>(given, indices, weight);
            }
        }

        foreach (FeatureMoments actual in new[] { sparse, mixed, Halves(sparse) })
        {
            actual.RowCount.Should().Be(dense.RowCount);
            actual.Count.Should().Equal(dense.Count);
            actual.MissingCount.Should().Equal(dense.MissingCount);
            actual.InfiniteCount.Should().Equal(dense.InfiniteCount);
            actual.WeightSum.Should().Equal(dense.WeightSum);
            actual.Minimum.Should().Equal(dense.Minimum);
            actual.Maximum.Should().Equal(dense.Maximum);
            actual.Mean.ShouldBeClose(dense.Mean, 1e-13, because: "1500 values are summed in another order");
            actual.PopulationVariance.ShouldBeClose(dense.PopulationVariance, 1e-12);
            actual.FirstInfinity.Should().Be(dense.FirstInfinity);
        }
    }

    [Fact]
    public void Rows_without_any_value_are_rows_of_zeros()
    {
        var moments = new FeatureMoments(3);
        moments.AddSparse<double>([], []);
        moments.AddSparse<double>([6], [1]);
        moments.AddSparse<double>([], []);

        moments.Count.Should().Equal(3, 3, 3);
        moments.Mean.Should().Equal(0, 2, 0);
        moments.PopulationVariance.Should().Equal(0, 8, 0);
        moments.Minimum.Should().Equal(0, 0, 0);
        moments.Maximum.Should().Equal(0, 6, 0);
        moments.IsConstant(0).Should().BeTrue();
    }

    [Fact]
    public void Given_zeros_are_values_like_others()
    {
        var moments = new FeatureMoments(2);
        moments.AddSparse<double>([0, 4], [0, 1]);
        moments.AddSparse<double>([8], [1]);

        moments.Mean.Should().Equal(0, 6);
        moments.Minimum.Should().Equal(0, 4);
    }

    [Theory]
    [InlineData(new[] { 0, 0 })]
    [InlineData(new[] { 2, 1 })]
    [InlineData(new[] { 1, 3 })]
    [InlineData(new[] { -1, 1 })]
    public void Indices_must_increase_within_the_features(int[] indices)
    {
        var moments = new FeatureMoments(3);

        FluentActions.Invoking(() => moments.AddSparse<double>([1, 2], indices)).Should().Throw<ArgumentException>()
            .WithMessage("Expected strictly increasing indices from 0 to 2*");
        moments.RowCount.Should().Be(0);
    }

    [Fact]
    public void The_first_infinity_may_be_in_the_first_feature()
    {
        var moments = new FeatureMoments(3);
        moments.AddSparse<double>([1], [2]);
        moments.AddSparse<double>([double.PositiveInfinity, double.NegativeInfinity], [0, 2]);

        moments.FirstInfinity.Should().Be(new ValueLocation(1, 0));
        moments.InfiniteCount.Should().Equal(1, 0, 1);
    }

    private static FeatureMoments Halves(FeatureMoments sparse)
    {
        FeatureMoments merged = new(sparse.FeatureCount);
        merged.Merge(sparse);
        return merged;
    }
}
