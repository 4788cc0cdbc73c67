namespace MLNet.BatchNorm.Tests.Documentation;

/// <summary>
/// Compiles and runs every C# block of every Markdown page: the blocks of a page in order, after the prelude for it in Preludes, if there
/// is one, which declares the reader's own data.
/// </summary>
public sealed class MarkdownCodeTests
{
    public static TheoryData<string> Pages => [.. Repository.MarkdownFiles.Where(path => new MarkdownPage(path).Code("csharp").Count > 0)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_block_of_the_page_runs(string page)
    {
        using var session = await Run(page);
    }

    [Fact]
    public void Every_prelude_has_its_page() =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Documentation", "Preludes")).Select(Path.GetFileNameWithoutExtension)
            .Should().BeSubsetOf(Repository.MarkdownFiles.Select(Path.GetFileNameWithoutExtension));

    [Fact]
    public async Task The_README_does_what_it_says()
    {
        using var session = await Run("README.md");

        (await session.Evaluate<long>("standardization.Columns[0].Statistics[0].Count")).Should().Be(500);
        (await session.Evaluate<long>("updated.Columns[0].Statistics[0].Count")).Should().Be(1000);
        double worst = await session.Evaluate<double>(
            """
            undo.Transform(standardization.Transform(features)).GetColumn<float[]>("Features").SelectMany(row => row)
                .Zip(features.GetColumn<float[]>("Features").SelectMany(row => row), (back, original) => Math.Abs(back - original) / (double)original).Max()
            """);
        worst.Should().BeLessThan(1e-6);
        (await session.Evaluate<DriftVerdict>("batchNorm.MeasureDrift(newFeatures).Verdict")).Should().Be(DriftVerdict.Drifted);
        float probability = await session.Evaluate<float>(
            """
            network.Transform(mlContext.Data.LoadFromEnumerable(new[] { new Person { Age = 41, Salary = 52_000, Height = 172, Weight = 70 } }))
                .GetColumn<float>("Probability").Single()
            """);
        (await session.Evaluate<float>("probability")).Should().BeApproximately(probability, 1e-5f);
        (await session.Evaluate<float>("normalized.Average()")).Should().BeApproximately(0, 1e-6f);
        (await session.Evaluate<float>("gradient.Sum()")).Should().BeApproximately(0, 1e-4f, "the output does not depend on the batch's mean");
    }

    [Fact]
    public async Task The_page_on_networks_does_what_it_says()
    {
        using var session = await Run("docs/networks.md");

        (await session.Evaluate<int>("twentyEpochs.TrainedEpochs")).Should().Be(20);
        (await session.Evaluate<bool>(
            """
            mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(options with { Epochs = 20 }).Fit(data).Model.Layers
                .Zip(twentyEpochs.Layers).All(layers => layers.First.Weights.SequenceEqual(layers.Second.Weights))
            """)).Should().BeTrue();
    }

    private static async Task<CodeSession> Run(string page)
    {
        var session = new CodeSession();
        string prelude = Path.Combine(AppContext.BaseDirectory, "Documentation", "Preludes", Path.GetFileNameWithoutExtension(page) + ".csx");
        if (File.Exists(prelude))
        {
            await session.Run(await File.ReadAllTextAsync(prelude));
        }
        foreach (string block in new MarkdownPage(page).Code("csharp"))
        {
            await session.Run(block);
        }
        return session;
    }
}
