using MLNet.BatchNorm.Notebooks;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>Formulas as a terminal shows them.</summary>
public sealed class MathTextTests
{
    [Theory]
    [InlineData(@"x' = \frac{x - \min}{\max - \min}", "x' = (x - min) / (max - min)")]
    [InlineData(@"x' = \frac{x - \text{mean}}{\text{standard deviation}}", "x' = (x - mean) / (standard deviation)")]
    [InlineData(@"\mu_j = \frac1m\sum_i z_{ij}", "μ_j = 1/m Σ_i z_ij")]
    [InlineData(@"\sigma_j^2 = \frac1m\sum_i (z_{ij}-\mu_j)^2", "σ_j² = 1/m Σ_i (z_ij - μ_j)²")]
    [InlineData(@"\hat z_{ij} = \frac{z_{ij}-\mu_j}{\sqrt{\sigma_j^2+\varepsilon}}", "ẑ_ij = (z_ij - μ_j) / √(σ_j² + ε)")]
    [InlineData(@"y = \gamma\hat z + \beta", "y = γẑ + β")]
    [InlineData(@"\sigma^2_{run} \leftarrow (1-\alpha)\,\sigma^2_{run} + \alpha\,\sigma^2_B", "σ²_run ← (1 - α) σ²_run + α σ²_B")]
    [InlineData(@"-x^{a+b}", "-x^(a + b)")]
    public void A_formula_is_in_Unicode(string latex, string text) => MathText.Line(latex).Should().Be(text);

    [Fact]
    public void Formulas_side_by_side_stand_one_below_the_other() => MathText.Lines(@"\mu = 1 \qquad \sigma = 2").Should().Equal("μ = 1", "σ = 2");

    [Fact]
    public void A_command_that_is_not_known_is_named() =>
        FluentActions.Invoking(() => MathText.Line(@"\oint x")).Should().Throw<InvalidOperationException>().WithMessage(@"*\oint x*command \oint*");
}
