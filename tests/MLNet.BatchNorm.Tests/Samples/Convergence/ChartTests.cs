using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

public sealed class ChartTests
{
    [Fact]
    public void A_logarithmic_scale_puts_equal_factors_at_equal_distances()
    {
        var scale = new Scale(1, 1000, 0, 300, ScaleKind.Logarithmic);

        scale.At(10).Should().BeApproximately(100, 1e-9);
        scale.At(0.001).Should().Be(0);
        scale.Ticks(7).Select(tick => tick.Text).Should().Equal("1", "10", "100", "1000");
        new Scale(1e-9, 1, 0, 1, ScaleKind.Logarithmic).Ticks(5).Select(tick => tick.Text).Should().Equal("1e-9", "1e-7", "1e-5", "1e-3", "0.1");
    }

    [Fact]
    public void A_linear_scale_has_round_ticks() =>
        new Scale(-0.33, 1.1, 0, 1, ScaleKind.Linear).Ticks(6).Select(tick => tick.Text).Should().Equal("0", "0.5", "1");

    [Fact]
    public void The_contour_of_a_bowl_is_a_circle()
    {
        double[] axis = [.. Enumerable.Range(-20, 41).Select(i => i / 10d)];
        double[] values = [.. from y in axis from x in axis select Math.Sqrt((x * x) + (y * y))];

        var segments = Contours.At(1, axis, axis, values).ToArray();

        // Between neighbours 0.1 apart a straight cut is off by less than h^2 / 8 over the radius.
        segments.Should().HaveCountGreaterThan(40).And.AllSatisfy(segment =>
            Math.Sqrt((segment.From.X * segment.From.X) + (segment.From.Y * segment.From.Y)).Should().BeApproximately(1, 2e-3));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.66e9, "1.66e9")]
    [InlineData(85.94, "85.9")]
    [InlineData(0.0123456, "0.01235")]
    [InlineData(0.00012345, "1.23e-4")]
    [InlineData(-3.14159, "-3.14")]
    [InlineData(2000, "2000")]
    public void Numbers_are_written_briefly(double value, string text) => Numbers.Brief(value).Should().Be(text);
}
