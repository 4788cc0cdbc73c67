namespace MLNet.BatchNorm.Tests.Affine;

public class AffineMapConversionTests
{
    [Theory]
    [InlineData(-3.0)]
    [InlineData(0.0)]
    [InlineData(1234.5)]
    public void The_inverse_undoes_the_map(double x)
    {
        var map = new AffineMap([10], [0.25], [3]);

        map.Inverse().ApplyOne(0, map.ApplyOne(0, x)).Should().BeApproximately(x, 1e-13);
    }

    [Fact]
    public void A_scale_of_zero_has_no_inverse_and_the_feature_is_named()
    {
        new AffineMap([1, 2], [1, 0]).Invoking(map => map.Inverse()).Should().Throw<InvalidOperationException>()
            .WithMessage("Feature 1 has scale 0*");
    }

    [Fact]
    public void Scale_and_offset_is_the_same_map()
    {
        var map = new AffineMap([10, 0], [0.25, 4], [3, -2]);

        ScaleAndOffset stock = map.ToScaleAndOffset(singlePrecision: false);

        // 10 - 3 / 0.25 and 0 + 2 / 4.
        stock.Scale.Should().Equal(0.25, 4);
        stock.OffsetHigh.Should().Equal(-2, 0.5);
        stock.OffsetLow.Should().Equal(0, 0);
        stock.IsSingleStage.Should().BeTrue();
    }

    [Fact]
    public void An_offset_that_float_cannot_hold_is_split()
    {
        var map = new AffineMap([1e6 + 0.03, 2], [1, 1]);

        ScaleAndOffset stock = map.ToScaleAndOffset(singlePrecision: true);

        stock.IsSingleStage.Should().BeFalse();
        stock.OffsetHigh.Should().Equal(1000000, 2);
        stock.OffsetLow[0].Should().BeApproximately(0.03, 1e-9);
        stock.OffsetLow[1].Should().Be(0);
        ApplySingle(stock, 0, 1000001.0625f).Should().Be(map.ApplyOne(0, 1000001.0625f));
    }

    [Theory]
    [InlineData(5f)]
    [InlineData(-0.1f)]
    [InlineData(-1e30f)]
    public void A_zero_scale_with_a_shift_becomes_a_constant_to_the_last_bit(float shift)
    {
        ScaleAndOffset stock = new AffineMap([7], [0], [shift]).ToScaleAndOffset(singlePrecision: true);

        foreach (float x in new[] { 0, 1, -1e6f, 1e20f })
        {
            ApplySingle(stock, 0, x).Should().Be(shift);
        }
    }

    [Theory]
    [InlineData(5.0)]
    [InlineData(-0.1)]
    [InlineData(1e-200)]
    public void The_same_holds_in_double(double shift)
    {
        ScaleAndOffset stock = new AffineMap([7], [0], [shift]).ToScaleAndOffset(singlePrecision: false);

        foreach (double x in new[] { 0, 1, -1e6, 1e30 })
        {
            ((x - stock.OffsetHigh[0]) * stock.Scale[0]).Should().Be(shift);
        }
    }

    // Here the scale is the smallest normal float, 2^-126, and what x still contributes is x times that.
    [Fact]
    public void A_zero_scale_with_a_tiny_shift_becomes_as_good_as_constant()
    {
        ScaleAndOffset stock = new AffineMap([7], [0], [1e-30]).ToScaleAndOffset(singlePrecision: true);

        ApplySingle(stock, 0, 0).Should().Be(1e-30f);
        ApplySingle(stock, 0, 1e6f).Should().BeApproximately(0, 1e-29f);
    }

    [Fact]
    public void A_zero_scale_without_a_shift_stays_zero()
    {
        ScaleAndOffset stock = new AffineMap([7], [0]).ToScaleAndOffset(singlePrecision: true);

        stock.Scale.Should().Equal(0);
        stock.OffsetHigh.Should().Equal(0);
        stock.OffsetLow.Should().Equal(0);
    }

    [Fact]
    public void A_scale_beyond_float_is_refused()
    {
        new AffineMap([0], [1e60]).Invoking(map => map.ToScaleAndOffset(singlePrecision: true)).Should()
            .Throw<InvalidOperationException>().WithMessage("Feature 0 *1E+60*Single*");
    }

    private static float ApplySingle(ScaleAndOffset stock, int feature, float x) =>
        (x - (float)stock.OffsetHigh[feature] - (float)stock.OffsetLow[feature]) * (float)stock.Scale[feature];
}
