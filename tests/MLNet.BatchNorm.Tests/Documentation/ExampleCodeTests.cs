using System.Xml.Linq;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Documentation;

/// <summary>Compiles and runs every example in the library's XML documentation, and checks the numbers that its comments promise.</summary>
public sealed class ExampleCodeTests
{
    private static readonly Dictionary<string, string> Examples = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "MLNet.BatchNorm.xml"))
        .Descendants("member")
        .Where(member => member.Element("example") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => string.Join('\n', member.Descendants("code").Select(code => code.Value)));

    public static TheoryData<string> Members => [.. Examples.Keys];

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Every_example_runs(string member)
    {
        using var session = new CodeSession();
        await session.Run(Examples[member]);
    }

    [Fact]
    public async Task The_example_of_StandardizationEstimator()
    {
        using var session = new CodeSession();
        await session.Run(Examples["T:MLNet.BatchNorm.StandardizationEstimator"]);

        (await session.Evaluate<string>("transformer.Report.ToString()")).Should().Contain("Age").And.Contain("Salary");
        (await session.Evaluate<float>("""scaled.GetColumn<float>("Age").Average()""")).Should().BeApproximately(0, 1e-7f);
        (await session.Evaluate<IEnumerable<float>>("""original.GetColumn<float>("Salary")""")).Select(value => (double)value)
            .ShouldBeClose([35000, 50000, 42000, 65000], 1.2e-7);
    }

    [Fact]
    public async Task The_example_of_MinMaxScalingEstimator()
    {
        using var session = new CodeSession();
        await session.Run(Examples["T:MLNet.BatchNorm.MinMaxScalingEstimator"]);

        (await session.Evaluate<IEnumerable<float[]>>("""scaled.GetColumn<float[]>("Pixels")""")).SelectMany(row => row).Select(value => (double)value)
            .ShouldBeClose([0, 0.2, 1, 0.4, 0.8, 0.6], 1.2e-7);
    }

    [Fact]
    public async Task The_example_of_BatchNormEstimator()
    {
        using var session = new CodeSession();
        await session.Run(Examples["T:MLNet.BatchNorm.BatchNormEstimator"]);

        float[] values = [.. await session.Evaluate<IEnumerable<float>>("""normalized.GetColumn<float>("Normalized")""")];
        values.Average().Should().BeApproximately(5, 0.5f);
        values.Average(value => (value - values.Average()) * (value - values.Average())).Should().BeApproximately(20, 2);
    }

    [Fact]
    public async Task The_example_of_MultilayerPerceptronTrainer()
    {
        using var session = new CodeSession();
        await session.Run(Examples["T:MLNet.BatchNorm.MultilayerPerceptronTrainer"]);

        (await session.Evaluate<double>("results.Average(result => result.Metrics.MicroAccuracy)")).Should().BeGreaterThan(0.9);
        (await session.Evaluate<IEnumerable<string>>("""results.SelectMany(result => result.ScoredHoldOutSet.GetColumn<string>("PredictedLabel")).Distinct()"""))
            .Should().BeSubsetOf(["0", "1", "2"]);
    }
}
