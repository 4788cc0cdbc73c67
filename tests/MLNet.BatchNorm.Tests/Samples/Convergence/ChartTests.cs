using System.Text.Json;
using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

public sealed class ChartTests
{
    [Fact]
    public void A_line_keeps_its_finite_points_and_its_name_where_it_has_none()
    {
        var line = Traces.Line("raw", Series.Of("raw"), [(1, 2), (2, double.NaN), (3, 4)]);
        var empty = Traces.Line("raw", Series.Of("raw"), []);

        line.GetPropertyValue("x").Should().BeEquivalentTo(new[] { 1d, 3 });
        line.GetPropertyValue("y").Should().BeEquivalentTo(new[] { 2d, 4 });
        empty.GetPropertyValue("x").Should().BeEquivalentTo(new double?[] { null });
        empty.GetPropertyValue("name").Should().Be("raw");
    }

    [Fact]
    public void A_chart_becomes_a_figure_of_plotly()
    {
        var figure = JsonDocument.Parse(new Chart("title").Add(Traces.Line("one", Series.Of("raw"), [(1, 2)])).X("x", log: true, range: (1, 100)).Y("y").Figure()).RootElement;

        figure.GetProperty("data")[0].GetProperty("type").GetString().Should().Be("scatter");
        figure.GetProperty("layout").GetProperty("xaxis").GetProperty("range").EnumerateArray().Select(end => end.GetDouble()).Should().Equal(0, 2);
        figure.GetProperty("layout").GetProperty("yaxis").GetProperty("title").GetProperty("text").GetString().Should().Be("y");
    }

    [Fact]
    public void Every_kind_has_a_colour_dashes_or_a_marker_of_its_own()
    {
        string[] scalings = ["raw", "min-max", "standardized", "batch-normalized", "whitened"];

        scalings.Select(Series.Of).Select(style => (style.Color, style.Dash)).Should().OnlyHaveUniqueItems();
        scalings.Select(Series.Of).Select(style => style.Symbol).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.66e9, "1.66e9")]
    [InlineData(85.94, "85.9")]
    [InlineData(0.0123456, "0.0123")]
    [InlineData(0.00882123, "0.00882")]
    [InlineData(0.00012345, "1.23e-4")]
    [InlineData(-3.14159, "-3.14")]
    [InlineData(2000, "2000")]
    public void Numbers_are_written_briefly(double value, string text) => Numbers.Brief(value).Should().Be(text);
}
