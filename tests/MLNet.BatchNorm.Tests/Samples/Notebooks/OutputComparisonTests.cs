namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>What counts as the same output.</summary>
public sealed class OutputComparisonTests
{
    [Theory]
    [InlineData("loss 0.123", "loss 0.124", true)]
    [InlineData("loss 0.123", "loss 0.125", false)]
    [InlineData("loss 1234.5", "loss 1235.6", true)]
    [InlineData("loss 1234.5", "loss 1236.5", false)]
    [InlineData("loss 2.4E9", "loss 2.5E9", true)]
    [InlineData("loss 2.4E9", "loss 2.4E8", false)]
    [InlineData("loss 0.123", "loss diverged", false)]
    [InlineData("loss 0.123", "loss -0.123", false)]
    [InlineData("loss 5 of L2", "loss 5 of L1", false)]
    [InlineData("a   1", "a 1", true)]
    public void Outputs_are_compared_up_to_rounding(string saved, string actual, bool alike) =>
        OutputComparison.TextDifferences(saved, actual, tolerance: 0).Any().Should().Be(!alike);
}
