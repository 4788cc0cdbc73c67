using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Affine;

public class AffineMapTests
{
    [Fact]
    public void Values_are_centered_scaled_and_shifted()
    {
        var map = new AffineMap([10, 0, -1], [2, 0.5, 0], [1, 0, 7]);
        var result = new double[6];
        map.Apply<double>([11, 4, 100, 10, -4, double.MaxValue], result, 2);

        result.Should().Equal(3, 2, 7, 1, -2, 7);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_width_agrees_with_the_formula_value_by_value(int width)
    {
        const int RowCount = 5;
        double[] center = RandomData.Normal(width, width, 1e6, 1e3);
        double[] scale = RandomData.Normal(width + 1, width);
        double[] shift = RandomData.Normal(width + 2, width);
        double[] values = [.. Enumerable.Range(0, RowCount * width).Select(i => center[i % width] + (i % 7) - 3)];
        var map = new AffineMap(center, scale, shift);
        double[] inDouble = [.. values];
        float[] inSingle = values.ToSingle();
        float[] original = [.. inSingle];

        map.Apply<double>(inDouble, inDouble, RowCount);
        map.Apply<float>(inSingle, inSingle, RowCount);

        for (int i = 0; i < values.Length; i++)
        {
            int feature = i % width;
            inDouble[i].Should().Be(Math.FusedMultiplyAdd(values[i] - center[feature], scale[feature], shift[feature]));
            inDouble[i].Should().Be(map.ApplyOne(feature, values[i]), "one value goes through the same operations as a vector");
            double exact = ((original[i] - center[feature]) * scale[feature]) + shift[feature];
            // The split center leaves the roundings of float arithmetic on numbers of size 4 and less: 4 * 2^-24 each.
            ((double)inSingle[i]).Should().BeApproximately(exact, 1e-6 * (1 + Math.Abs(scale[feature])));
            inSingle[i].Should().Be(map.ApplyOne(feature, original[i]));
        }
    }

    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 33), 255, 256, 257, 4096];

    [Fact]
    public void Float_keeps_its_digits_at_a_large_offset()
    {
        // The center 1e6 + 0.03 is not a float: rounded to one, every result would be off by 0.03.
        var map = new AffineMap([1e6 + 0.03], [1]);

        map.ApplyOne(0, 1000001.0625f).Should().BeApproximately(1.0325f, 1e-7f);
    }

    [Fact]
    public void Results_are_clipped_and_NaN_stays_NaN()
    {
        var map = new AffineMap([0], [1], [0], -1, 2);
        float[] values = [-5, -1, 0.5f, 2, 9, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3, -3];
        map.Apply<float>(values, values, values.Length);

        values.Should().Equal(-1, -1, 0.5f, 2, 2, float.NaN, 2, -1, 2, -1);
        map.ApplyOne(0, double.NaN).Should().Be(double.NaN);
    }

    [Fact]
    public void Without_a_clip_range_NaN_and_infinity_pass_through()
    {
        var map = new AffineMap([1], [-2]);
        var result = new double[4];
        map.Apply<double>([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1], result, 4);

        result.Should().Equal(double.NaN, double.NegativeInfinity, double.PositiveInfinity, 0);
    }

    [Fact]
    public void Maps_without_center_and_shift_keep_zero_and_take_sparse_rows()
    {
        var map = new AffineMap([0, 0, 0], [2, 3, 4]);
        var result = new float[2];
        map.ApplySparse<float>([5, 7], [0, 2], result);

        map.PreservesZero.Should().BeTrue();
        result.Should().Equal(10, 28);
    }

    [Fact]
    public void Maps_that_move_zero_refuse_sparse_rows()
    {
        new AffineMap([0, 1], [1, 1]).PreservesZero.Should().BeFalse();
        new AffineMap([0, 0], [1, 1], [0, 1]).PreservesZero.Should().BeFalse();
        new AffineMap([0], [1], [0], 1, 2).PreservesZero.Should().BeFalse("zero is clipped to one");
        new AffineMap([0], [1], [0], 0, 2).PreservesZero.Should().BeTrue();
        FluentActions.Invoking(() => new AffineMap([1], [1]).ApplySparse<float>([1], [0], new float[1])).Should()
            .Throw<InvalidOperationException>().WithMessage("*moves zero*");
    }

    [Fact]
    public void Wrong_parameters_are_refused_and_the_feature_is_named()
    {
        FluentActions.Invoking(() => new AffineMap([], [])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new AffineMap([1, 2], [1])).Should().Throw<ArgumentException>().WithMessage("*found 2, 1 and 0*");
        FluentActions.Invoking(() => new AffineMap([1, double.NaN], [1, 1])).Should().Throw<ArgumentException>()
            .WithMessage("Expected a finite center for each feature, and found NaN for feature 1.*");
        FluentActions.Invoking(() => new AffineMap([1], [double.PositiveInfinity])).Should().Throw<ArgumentException>().WithMessage("*finite scale*");
        FluentActions.Invoking(() => new AffineMap([1], [1], [double.NaN])).Should().Throw<ArgumentException>().WithMessage("*finite shift*");
        FluentActions.Invoking(() => new AffineMap([1], [1], [1], 2, 1)).Should().Throw<ArgumentException>().WithMessage("*[2, 1]*");
    }

    [Fact]
    public void Parameters_beyond_float_are_refused_for_floats_only()
    {
        var map = new AffineMap([0, 0], [1, 1e80]);

        map.ApplyOne(1, 1e-80).Should().BeApproximately(1, 1e-15);
        FluentActions.Invoking(() => map.ApplyOne(0, 1f)).Should().Throw<InvalidOperationException>()
            .WithMessage("The map of feature 1, center 0, scale 1E+80 and shift 0, exceeds the range of Single.*");
        FluentActions.Invoking(() => new AffineMap([1e39], [1]).ApplyOne(0, 1f)).Should().Throw<InvalidOperationException>().WithMessage("*center 1E+39*");
        FluentActions.Invoking(() => new AffineMap([0], [1], [1e39]).ApplyOne(0, 1f)).Should().Throw<InvalidOperationException>().WithMessage("*shift 1E+39*");
    }

    [Fact]
    public void A_scale_beyond_float_is_taken_where_there_are_floats_that_it_maps_to_floats() =>
        new AffineMap([0], [1e60]).ApplyOne(0, 1e-40f).Should().BeApproximately(1e20f, 1e15f, "1e-40 has five digits as a float");

    [Fact]
    public void Wrong_lengths_and_partial_overlap_are_refused()
    {
        var map = new AffineMap([0, 0], [1, 1]);
        var values = new float[6];

        FluentActions.Invoking(() => map.Apply<float>(values, values, 2)).Should().Throw<ArgumentException>().WithMessage("*found 6 and 6 values.");
        FluentActions.Invoking(() => map.Apply<float>(values.AsSpan(0, 4), values.AsSpan(2, 4), 2)).Should().Throw<ArgumentException>()
            .WithMessage("*overlap in part*");
        FluentActions.Invoking(() => map.ApplyOne(2, 1f)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
