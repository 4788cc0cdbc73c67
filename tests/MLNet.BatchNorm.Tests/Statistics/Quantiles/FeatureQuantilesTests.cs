using CsCheck;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics.Quantiles;

/// <summary>Quantiles and ranks while all values are kept.</summary>
public class FeatureQuantilesTests
{
    public static TheoryData<string> NumpyCases => GoldenFile.Names("np_quantiles.json");

    [Theory]
    [MemberData(nameof(NumpyCases))]
    public void Quantiles_and_median_have_the_bits_of_numpy(string name)
    {
        var golden = GoldenFile.Case("np_quantiles.json", name);
        var quantiles = Of(golden.Numbers("values"));

        golden.Numbers("probabilities").Select(probability => quantiles.Quantile(0, probability)).Should().Equal(golden.Numbers("quantiles"));
        quantiles.Median(0).Should().Be(golden.Number("median"));
        quantiles.IsExact(0).Should().BeTrue();
    }

    [Fact]
    public void Ranks_are_shares_of_the_values_with_the_number_itself_or_without()
    {
        var quantiles = Of(1, 2, 2, 5, double.NaN);
        quantiles.ShareAtMost(0, 2).Should().Be(0.75);
        quantiles.ShareBelow(0, 2).Should().Be(0.25);
        quantiles.ShareAtMost(0, 1.5).Should().Be(0.25);
        quantiles.ShareBelow(0, 1).Should().Be(0);
        quantiles.ShareAtMost(0, 1).Should().Be(0.25);
        quantiles.ShareAtMost(0, 5).Should().Be(1);
        quantiles.ShareBelow(0, 5).Should().Be(0.75);
        quantiles.ShareAtMost(0, double.NegativeInfinity).Should().Be(0);
        quantiles.ShareBelow(0, double.PositiveInfinity).Should().Be(1);
    }

    [Fact]
    public void Missing_and_infinite_values_are_left_out_and_counted_each_in_its_own_feature()
    {
        var quantiles = new FeatureQuantiles(3);
        quantiles.AddRows<float>([1, float.NaN, float.NaN, 3, float.PositiveInfinity, float.NaN, 2, 7, float.NegativeInfinity], 3);

        quantiles.Count.Should().Equal(3, 1, 0);
        quantiles.MissingCount.Should().Equal(0, 1, 2);
        quantiles.InfiniteCount.Should().Equal(0, 1, 1);
        quantiles.Medians.Should().Equal(2, 7, double.NaN);
        quantiles.Minimum.Should().Equal(1, 7, double.NaN);
        quantiles.Maximum.Should().Equal(3, 7, double.NaN);
        quantiles.Quantiles(0.25).Should().Equal(1.5, 7, double.NaN);
        quantiles.ShareAtMost(2, 0).Should().Be(double.NaN);
        quantiles.WeightSum.Should().Equal(3, 1, 0);
    }

    [Fact]
    public void A_weight_of_two_is_the_row_twice_and_one_of_zero_is_none() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 1000]).Sample(
            (count, seed) =>
            {
                var random = new Random(seed);
                double[] values = RandomData.Normal(seed, count);
                int[] repeats = [.. values.Select(_ => random.Next(4))];
                repeats[0] = 1;
                var weighted = new FeatureQuantiles(1);
                weighted.AddRows<double>(values, count, [.. repeats.Select(repeat => (double)repeat)]);
                var repeated = Of([.. values.SelectMany((value, i) => Enumerable.Repeat(value, repeats[i]))]);

                foreach (double probability in (double[])[0, 0.1, 0.25, 0.5, 0.77, 1])
                {
                    weighted.Quantile(0, probability).Should().Be(repeated.Quantile(0, probability));
                }
                weighted.Median(0).Should().Be(repeated.Median(0));
                weighted.ShareAtMost(0, values[0]).Should().Be(repeated.ShareAtMost(0, values[0]));
                weighted.Count[0].Should().Be(repeats.Count(repeat => repeat > 0));
                weighted.WeightSum[0].Should().Be(repeats.Sum());
            },
            seed: "0000KOIPJ9j6",
            iter: 100);

    [Fact]
    public void Weights_of_a_half_each_give_what_weights_of_one_give()
    {
        double[] values = RandomData.Normal(4, 25);
        var halves = new FeatureQuantiles(1);
        halves.AddRows<double>(values, 25, Enumerable.Repeat(0.5, 25).ToArray());
        var ones = Of(values);
        foreach (double probability in (double[])[0, 0.1, 0.25, 0.5, 0.77, 1])
        {
            halves.Quantile(0, probability).Should().BeApproximately(ones.Quantile(0, probability), 1e-15);
        }
        halves.Median(0).Should().Be(ones.Median(0));
    }

    [Fact]
    public void Uneven_weights_below_one_are_averaged_over_the_length_of_one()
    {
        var quantiles = new FeatureQuantiles(1);
        quantiles.AddRows<double>([1, 2, 4], 3, [0.25, 0.5, 0.75]);
        // Sums 0.25, 0.75, 1.5; an average weight of 0.5; the median is the average from 0.5 to 1: half 2, half 4. From 0.25 to 0.75 all is 2.
        quantiles.Median(0).Should().Be(3);
        quantiles.Quantile(0, 0.25).Should().Be(2);
        // From 0.1 to 0.6: 0.15 of the 1, and 0.35 of the 2.
        quantiles.Quantile(0, 0.1).Should().BeApproximately(1.7, 1e-15);
    }

    [Fact]
    public void Sparse_rows_are_dense_rows_with_zeros() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[0, 1000], Gen.Bool).Sample(
            (rowCount, seed, isWeighted) =>
            {
                var random = new Random(seed);
                var sparse = new FeatureQuantiles(3);
                var dense = new FeatureQuantiles(3);
                for (int i = 0; i < rowCount; i++)
                {
                    double[] row = [.. Enumerable.Range(0, 3).Select(_ => random.Next(4) switch { 0 => random.Next(-3, 4), 1 => double.NaN, _ => 0.0 })];
                    double weight = isWeighted ? random.Next(3) : 1;
                    int[] indices = [.. Enumerable.Range(0, 3).Where(j => row[j] != 0)];
                    dense.Add<double>(row, weight);
                    sparse.AddSparse<double>([.. indices.Select(j => row[j])], indices, weight);
                }
                for (int feature = 0; feature < 3; feature++)
                {
                    sparse.Quantile(feature, 0.3).Should().Be(dense.Quantile(feature, 0.3));
                    sparse.Median(feature).Should().Be(dense.Median(feature));
                    sparse.ShareBelow(feature, 0).Should().Be(dense.ShareBelow(feature, 0));
                }
                sparse.Count.Should().Equal(dense.Count);
                sparse.MissingCount.Should().Equal(dense.MissingCount);
                sparse.Minimum.Should().Equal(dense.Minimum);
                sparse.WeightSum.Should().Equal(dense.WeightSum);
            },
            seed: "0000KOIPJ9j6",
            iter: 60);

    [Fact]
    public void The_whole_its_chunks_and_its_merged_parts_are_the_same() =>
        Gen.Select(Gen.Int[1, 11], Gen.Int[1, 700], Gen.Int[0, 1000]).Sample(
            (width, rowCount, seed) =>
            {
                double[] values = RandomData.Normal(seed, width * rowCount);
                var random = new Random(seed);
                var whole = new FeatureQuantiles(width);
                whole.AddRows<double>(values, rowCount);
                var chunks = new FeatureQuantiles(width);
                var merged = new FeatureQuantiles(width);
                for (int row = 0; row < rowCount;)
                {
                    int count = Math.Min(rowCount - row, random.Next(1, 200));
                    var part = new FeatureQuantiles(width);
                    part.AddRows<double>(values.AsSpan(row * width, count * width), count);
                    merged.Merge(part);
                    chunks.AddRows<double>(values.AsSpan(row * width, count * width), count);
                    row += count;
                }
                merged.Quantiles(0.3).Should().Equal(whole.Quantiles(0.3));
                merged.Medians.Should().Equal(whole.Medians);
                chunks.ToBytes().Should().Equal(whole.ToBytes());
                merged.Count.Should().Equal(whole.Count);
            },
            seed: "0000KOIPJ9j6",
            iter: 60);

    [Fact]
    public void Reading_changes_nothing_and_a_clone_goes_its_own_way()
    {
        var read = new FeatureQuantiles(2, FeatureQuantiles.SmallestSize);
        var unread = new FeatureQuantiles(2, FeatureQuantiles.SmallestSize);
        double[] values = RandomData.Normal(9, 2 * 3000);
        for (int row = 0; row < 3000; row++)
        {
            read.Add<double>(values.AsSpan(2 * row, 2));
            unread.Add<double>(values.AsSpan(2 * row, 2));
            _ = row % 70 == 0 ? read.Median(0) : 0;
        }
        read.ToBytes().Should().Equal(unread.ToBytes());

        var clone = read.Clone();
        clone.Add<double>([1e6, 1e6]);
        clone.Maximum.Should().Equal(1e6, 1e6);
        read.ToBytes().Should().Equal(unread.ToBytes());
    }

    [Fact]
    public void Quantiles_merge_with_themselves()
    {
        var quantiles = Of(1, 2, 3);
        quantiles.Merge(quantiles);
        quantiles.Count[0].Should().Be(6);
        quantiles.Quantile(0, 0.2).Should().Be(1);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        FluentActions.Invoking(() => new FeatureQuantiles(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new FeatureQuantiles(1, 127)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("size");
        FluentActions.Invoking(() => new FeatureQuantiles(1, (1 << 24) + 1)).Should().Throw<ArgumentOutOfRangeException>();
        var quantiles = new FeatureQuantiles(2);
        quantiles.Invoking(it => it.Add<double>([1])).Should().Throw<ArgumentException>().WithMessage("Expected 1 row(s) of 2 feature(s)*");
        quantiles.Invoking(it => it.AddRows<double>([1, 2], -1)).Should().Throw<ArgumentOutOfRangeException>();
        quantiles.Invoking(it => it.Add<double>([1, 2], -1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("weight");
        quantiles.Invoking(it => it.Add<double>([1, 2], double.NaN)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*weight of row 0 *");
        quantiles.Invoking(it => it.AddRows<double>([1, 2], 1, [1, 2])).Should().Throw<ArgumentException>().WithParameterName("weights");
        quantiles.Invoking(it => it.AddSparse<double>([1, 2], [1, 1])).Should().Throw<ArgumentException>().WithMessage("*strictly increasing*");
        quantiles.Invoking(it => it.AddSparse<double>([1], [2])).Should().Throw<ArgumentException>();
        quantiles.Invoking(it => it.AddSparse<double>([1], [0], -1)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*weight of row 0 *");
        quantiles.Invoking(it => it.AddSparse<double>([1], [])).Should().Throw<ArgumentException>();
        quantiles.Invoking(it => it.Quantile(0, 25)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*percentage divided by 100*");
        quantiles.Invoking(it => it.AddRows<double>([1, 2, 3], 1)).Should().Throw<ArgumentException>()
            .WithMessage("Expected 1 row(s) of 2 feature(s), 2 values in all, and found 3 values.");
        quantiles.Invoking(it => it.Quantile(-1, 0.5)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("feature");
        quantiles.Invoking(it => it.Quantile(2, 0.5)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("feature");
        quantiles.Invoking(it => it.ShareAtMost(0, double.NaN)).Should().Throw<ArgumentOutOfRangeException>();
        quantiles.Invoking(it => it.Merge(new FeatureQuantiles(3))).Should().Throw<ArgumentException>();
        quantiles.Invoking(it => it.Merge(new FeatureQuantiles(2, 500))).Should().Throw<ArgumentException>().WithMessage("*size 10240, as here, and found 2 and 500.*");
        quantiles.Count.Should().Equal(0, 0);
    }

    // Of size 128 each value stands for others from the second block on.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    public void However_many_features_are_thinned_out_together_their_values_are_counted(int width)
    {
        const int RowCount = 128 * 20;
        double[] rows = RandomData.Normal(width, width * RowCount);
        var quantiles = new FeatureQuantiles(width, FeatureQuantiles.SmallestSize);
        quantiles.AddRows<double>(rows, RowCount);

        quantiles.Count.Should().OnlyContain(count => count == RowCount);
        quantiles.WeightSum.Should().OnlyContain(weight => weight == RowCount);
        for (int feature = 0; feature < width; feature++)
        {
            double[] column = [.. rows.Where((_, i) => i % width == feature)];
            quantiles.IsExact(feature).Should().BeFalse();
            quantiles.Minimum[feature].Should().Be(column.Min());
            quantiles.Maximum[feature].Should().Be(column.Max());
            foreach (double probability in (double[])[0.1, 0.3, 0.5, 0.9])
            {
                double share = column.Count(value => value < quantiles.Quantile(feature, probability)) / (double)RowCount;
                share.Should().BeApproximately(probability, 0.4, "the error of a size of 10,240 is 0.5%");
            }
        }
    }

    [Fact]
    public void A_feature_with_few_values_stays_exact_beside_one_with_many()
    {
        var quantiles = new FeatureQuantiles(2, FeatureQuantiles.SmallestSize);
        for (int i = 0; i < 200; i++)
        {
            quantiles.AddSparse<double>([i], [0]);
        }
        double[] rows = RandomData.Normal(7, 2 * 128, 5);
        quantiles.AddRows<double>(rows, 128);

        quantiles.Count.Should().Equal(328, 328);
        quantiles.WeightSum.Should().Equal(328, 328);
        quantiles.IsExact(0).Should().BeFalse();
        quantiles.IsExact(1).Should().BeTrue();
        double[] second = [.. rows.Where((_, i) => i % 2 == 1), .. new double[200]];
        quantiles.Median(1).Should().Be(0);
        foreach (double value in second)
        {
            quantiles.ShareAtMost(1, value).Should().BeApproximately(second.Count(other => other <= value) / 328.0, 1e-15);
        }
    }

    [Fact]
    public void Sparse_rows_of_both_sides_are_merged()
    {
        var first = new FeatureQuantiles(2);
        first.AddSparse<double>([5], [0], weight: 2);
        first.AddSparse<double>([], []);
        var second = new FeatureQuantiles(2);
        second.AddSparse<double>([-1], [0]);
        second.AddSparse<double>([3], [1], weight: 3);
        second.AddSparse<double>([], []);

        first.Merge(second);

        // -1, five zeros (3 + 1 + 1), and 5 twice; five zeros (2 + 1 + 1 + 1) and three times 3.
        first.Count.Should().Equal(5, 5);
        first.WeightSum.Should().Equal(8, 8);
        first.ShareBelow(0, 0).Should().Be(1 / 8.0);
        first.ShareAtMost(0, 0).Should().Be(6 / 8.0);
        first.ShareAtMost(1, 0).Should().Be(5 / 8.0);
        first.Minimum.Should().Equal(-1, 0);
        first.Maximum.Should().Equal(5, 3);
    }

    [Fact]
    public void A_zero_of_weight_1_is_not_lost_beside_a_weight_of_1e16()
    {
        var quantiles = new FeatureQuantiles(2);
        quantiles.AddSparse<double>([double.NaN, 5], [0, 1], weight: 1e16);
        quantiles.AddSparse<double>([], [], weight: 1);
        FeatureQuantiles merged = quantiles.Clone();
        merged.Merge(quantiles);

        quantiles.Count.Should().Equal(1, 2);
        quantiles.WeightSum.Should().Equal(1, 1e16);
        quantiles.Medians.Should().Equal(0, 5);
        quantiles.Minimum.Should().Equal(0, 0);
        quantiles.MissingCount.Should().Equal(1, 0);
        merged.Count.Should().Equal(2, 4);
        merged.WeightSum.Should().Equal(2, 2e16);
        merged.Medians.Should().Equal(0, 5);
    }

    [Fact]
    public void The_largest_of_negative_values_is_zero_only_where_there_are_zeros()
    {
        var dense = new FeatureQuantiles(1);
        dense.AddRows<double>([-3, -1], 2);
        dense.Maximum.Should().Equal(-1);
        dense.AddSparse<double>([], []);
        dense.Maximum.Should().Equal(0);
        dense.Minimum.Should().Equal(-3);
    }

    [Fact]
    public void Rows_in_arrays_of_their_own_have_their_weights()
    {
        double[][] rows = [[1, 10], [2, 20], [4, 40]];
        var arrays = new FeatureQuantiles(2);
        arrays.AddRows<double>(rows, [1, 0, 3]);

        arrays.WeightSum.Should().Equal(4, 4);
        arrays.ShareAtMost(0, 1).Should().Be(0.25);
        arrays.Medians.Should().Equal(4, 40);
        arrays.Invoking(it => it.AddRows<double>(rows, [1, -1, 1])).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*weight of row 1 *");
        arrays.Invoking(it => it.AddRows<double>(rows, [1, 1])).Should().Throw<ArgumentException>().WithMessage("Expected one weight per row, 3, and found 2.*");
        arrays.Invoking(it => it.AddRows<double>([[1, 2], [3]], [])).Should().Throw<ArgumentException>()
            .WithMessage("Expected 1 row(s) of 2 feature(s), 2 values in all, and found 1 values.");
        arrays.Invoking(it => it.Merge(null!)).Should().Throw<ArgumentNullException>().WithParameterName("other");
    }

    private static FeatureQuantiles Of(params double[] values)
    {
        var quantiles = new FeatureQuantiles(1);
        quantiles.AddRows<double>(values, values.Length);
        return quantiles;
    }
}
