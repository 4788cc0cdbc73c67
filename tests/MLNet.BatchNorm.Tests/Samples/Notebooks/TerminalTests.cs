namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>What stands in for the notebook in a file-based app.</summary>
public sealed class TerminalTests
{
    [Fact]
    public void Paragraphs_are_wrapped_and_headings_and_formulas_are_not() =>
        Terminal.Wrap("1. A long heading\n-----------------\n\nWhat is\nsaid here.\n\n    x = a + b + c\n    y = 2", width: 10)
            .Should().Be("1. A long heading\n-----------------\n\nWhat is\nsaid here.\n\n    x = a + b + c\n    y = 2");

    [Theory]
    [InlineData("one two\nthree four", 7, "one two\nthree\nfour")]
    [InlineData("one two\nthree four", 80, "one two three four")]
    [InlineData("one incomprehensible two", 5, "one\nincomprehensible\ntwo")]
    public void Lines_are_as_long_as_the_terminal_allows(string text, int width, string wrapped) => Terminal.Wrap(text, width).Should().Be(wrapped);

    [Fact]
    public void A_line_is_drawn_in_blocks_between_the_lowest_and_the_highest_of_all() =>
        Terminal.Describe("""
            {
              "data": [
                {"name": "up", "mode": "lines", "x": [1, 3], "y": [0, 10]},
                {"name": "half", "mode": "lines+markers", "x": [2, 3], "y": [10, 10]}
              ],
              "layout": {"title": "Both", "xaxis": {"title": "step"}, "yaxis": {"title": "loss"}}
            }
            """)
            .Should().Be("""
            Both
                loss over step, 1 to 3
                up    ▁▁▁▂▂▂▂▃▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▆▇▇▇▇███  0 to 10
                half                  ████████████████  10 to 10
            """);

    [Fact]
    public void Logarithmic_axes_are_drawn_as_such() =>
        Terminal.Describe("""
            {
              "data": [{"name": "power", "mode": "lines", "x": [1, 10, 100], "y": [1000, 10, 0.1]}],
              "layout": {"title": "Down", "xaxis": {"title": "n", "type": "log"}, "yaxis": {"title": "loss", "type": "log"}}
            }
            """)
            .Should().Be("""
            Down
                loss, logarithmic, over n, 1 to 100
                power  ███▇▇▇▇▆▆▆▆▆▅▅▅▅▄▄▄▄▃▃▃▃▃▂▂▂▂▁▁▁  1E+03 to 0.1
            """);

    [Fact]
    public void Points_are_told_by_their_ranges() =>
        Terminal.Describe("""
            {
              "data": [
                {"name": "cloud", "mode": "markers", "x": [1, 0.5], "y": [-2, 3]},
                {"name": "by name", "mode": "markers", "x": ["a", "b", "c"], "y": [1, 2, 4]},
                {"name": "none", "mode": "markers", "x": [], "y": []}
              ],
              "layout": {"title": "Points", "xaxis": {"title": "gamma"}, "yaxis": {"title": "beta"}}
            }
            """)
            .Should().Be("""
            Points
                cloud    2 points: gamma 0.5 to 1, beta -2 to 3
                by name  3 points: beta 1 to 4
            """);
}
