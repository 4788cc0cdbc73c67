namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>What counts as the same chart.</summary>
public sealed class ChartComparisonTests
{
    [Theory]
    [InlineData("[0, 50.9, 100]", "linear", 0, true)]
    [InlineData("[0, 51.1, 100]", "linear", 0, false)]
    [InlineData("[0, 51.1, 100]", "linear", 2, true)]
    [InlineData("[0, 50]", "linear", 2, false)]
    [InlineData("[0, 50, null]", "linear", 0, false)]
    [InlineData("[1, 50, 102]", "log", 0, true)]
    [InlineData("[1, 50, 110]", "log", 0, false)]
    public void Points_lie_in_the_same_places_as_far_as_can_be_seen(string y, string type, double tolerance, bool alike) =>
        ChartComparison.Differences(Chart(type == "log" ? "[1, 50, 100]" : "[0, 50, 100]", type), Chart(y, type), tolerance).Any().Should().Be(!alike);

    [Theory]
    [InlineData("\"a\"", "\"b\"")]
    [InlineData("\"mode\":\"lines\"", "\"mode\":\"markers\"")]
    [InlineData("\"title\":\"T\"", "\"title\":\"U\"")]
    [InlineData("id=\"7\"", "id=\"8\"")]
    [InlineData("\"x\":[1,2,3]", "\"x\":[\"1\",2,3]")]
    public void Everything_else_is_the_same(string what, string other)
    {
        string chart = Chart("[0, 50, 100]", "linear");

        ChartComparison.IsChart(new CellOutputText("text/html", chart)).Should().BeTrue();
        ChartComparison.Differences(chart, chart, tolerance: 0).Should().BeEmpty();
        ChartComparison.Differences(chart, chart.Replace(what, other, StringComparison.Ordinal), tolerance: 0).Should().ContainSingle();
    }

    private static string Chart(string y, string type) => $$$"""
        <div id="7"></div><script>
            var data = [{"name":"a","mode":"lines","x":[1,2,3],"y":{{{y}}}}];
            var layout = {"title":"T","yaxis":{"type":"{{{type}}}"}};
            var config = {};
        </script>
        """;
}
