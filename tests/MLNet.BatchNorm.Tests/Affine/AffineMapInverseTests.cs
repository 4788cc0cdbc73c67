namespace MLNet.BatchNorm.Tests.Affine;

public class AffineMapInverseTests
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
}
