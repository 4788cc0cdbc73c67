using MLNet.BatchNorm.Notebooks;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>The text between the cells as a terminal shows it.</summary>
public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("# From the beginning", "From the beginning\n==================")]
    [InlineData("## 1. Why\n\nOne line\nand another.", "1. Why\n------\n\nOne line\nand another.")]
    [InlineData("That is the *condition number* of `a * b * c`.", "That is the condition number of `a * b * c`.")]
    [InlineData("8 x 8, or 2 * 3 * 4.", "8 x 8, or 2 * 3 * 4.")]
    [InlineData(@"Each of $m$ rows: $\mu$.", "Each of m rows: μ.")]
    [InlineData("Here:\n\n$$\\mu \\qquad \\sigma$$\n\nand so on", "Here:\n\n    μ\n    σ\n\nand so on")]
    [InlineData("[lesson.ipynb](lesson.ipynb) or [the lesson](lesson.ipynb)", "lesson.ipynb or the lesson (lesson.ipynb)")]
    public void Marks_become_text(string markdown, string text) => MarkdownText.Plain(markdown).Should().Be(text);
}
