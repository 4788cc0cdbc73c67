using System.Text.Json;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Output;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Training;
using Spectre.Console;

namespace MLNet.BatchNorm.Tests.Samples.Convergence.Files;

/// <summary>Data on which trainers diverge, and data that would take too long: both end in a result.</summary>
public sealed class DivergingDataTests
{
    private static readonly StudySettings Short = ShortStudy.Settings with
    {
        MaximumIterations = 200,
        Networks = new NetworkSettings { LearningRates = [0.03], LearningRate = 0.03, Seeds = [1], Epochs = 20, BatchSizes = [64], BatchSizeEpochs = 1 },
    };

    [Fact]
    public void Sdca_diverges_on_a_target_near_50000_with_a_weak_penalty_and_that_is_a_result()
    {
        var outcome = ConvergenceStudy.Run([Prices()], [Prices()], Short, threadCount: 2);

        var result = outcome.Results.DataSets.Single();
        var diverged = result.Curves.Where(curve => curve.DivergedAt is not null).ToArray();
        diverged.Should().NotBeEmpty().And.AllSatisfy(curve =>
        {
            (curve.Optimizer, curve.C).Should().Be(("SDCA", 10_000));
            curve.LastGap.Should().Be(double.PositiveInfinity);
            curve.Arrivals.Should().AllSatisfy(arrival => arrival.Iterations.Should().BeNull());
        });
        result.Conclusions.Should().Contain(sentence => sentence.Contains(" diverged within ", StringComparison.Ordinal));
        outcome.BestPipelines["prices"].Should().NotBeNull();
        outcome.Results.Networks.Single().Score.Should().Be("R squared");
        outcome.Results.Networks.Single().LearningRates.Should().Contain(entry => entry.MedianScore > 0.9);
    }

    [Fact]
    public void Losses_that_are_infinite_are_null_in_the_file()
    {
        var written = StudyJson.Write(new CurvePoint(3, double.PositiveInfinity, double.NaN));

        JsonDocument.Parse(written).RootElement.GetProperty("objective").ValueKind.Should().Be(JsonValueKind.Null);
        JsonDocument.Parse(written).RootElement.GetProperty("gap").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public void A_larger_file_gets_smaller_budgets_and_the_study_says_so()
    {
        var data = Prices(20_000);
        var plan = StudyPlan.For([data], [data], new StudySettings(), TimeSpan.FromMinutes(2))(data);

        (plan.Curves.Rows.Length < 20_000 || plan.Settings.MaximumIterations < 2000).Should().BeTrue();
        plan.Notes.Should().ContainSingle().Which.Should().StartWith("To end in 120 seconds: ").And.EndWith("More with --time-budget.");
        StudyPlan.For([data], [data], new StudySettings(), budget: null)(data).Notes.Should().BeEmpty();

        // What is shipped is studied in full.
        TabularData[] shipped = [.. ShippedData.Names.Select(ShippedData.Load)];
        TabularData[] networks = [.. ShippedData.NetworkNames.Select(ShippedData.Load)];
        var full = StudyPlan.For(shipped, networks, new StudySettings(), TimeSpan.FromMinutes(2));
        shipped.Concat(networks).Should().AllSatisfy(one => full(one).Notes.Should().BeEmpty());
    }

    [Fact]
    public void Many_classes_leave_enough_rows_and_iterations_for_a_curve()
    {
        // 26 classes of 20,000 rows: whole pipelines would take more than half of the time, and are cut before the curves are.
        var letter = ShippedData.Load("letter");
        var plan = StudyPlan.For([letter], [letter], new StudySettings(), TimeSpan.FromMinutes(2))(letter);

        plan.Curves.Rows.Length.Should().BeGreaterThanOrEqualTo(1000);
        plan.Settings.MaximumIterations.Should().BeGreaterThanOrEqualTo(100);
        plan.Pipelines.Rows.Length.Should().Be(20_000);
        plan.Settings.TestBudgets.Should().Equal(1, 5, 20);
        plan.Notes.Single().Should().Contain("pipelines of up to 20 iterations instead of 100");
    }

    [Fact]
    public void Of_a_very_large_file_pipelines_are_fitted_on_a_sample()
    {
        var data = Prices(2_000_000);
        var plan = StudyPlan.For([data], [data], new StudySettings(), TimeSpan.FromMinutes(2))(data);

        plan.Pipelines.Rows.Length.Should().Be(50_000);
        plan.Notes.Single().Should().Contain("pipelines on 50000 of 2000000 rows");
    }

    [Fact]
    public void The_results_hold_the_settings_that_fit_the_time_and_the_tables_go_by_them()
    {
        var outcome = ConvergenceStudy.Run([ShippedData.Load("wine")], [], Short with { TestBudgets = [5, 20, 100] }, threadCount: 2, timeBudget: TimeSpan.FromSeconds(0.01));

        outcome.Results.Settings.TestBudgets.Should().Equal(5, 20);
        var table = ConsoleTables.Pipelines(outcome.Results.DataSets[0], outcome.Timings, outcome.Results.Settings).Should().BeOfType<Table>().Subject;
        table.Title!.Text.Should().Be("wine: pipelines of at most 20 iterations, on test rows");
        table.Rows.Count.Should().Be(2 * Scalings.All.Count, "L-BFGS and SDCA");
    }

    // y = 1.05 x + noise with x near 50000, as prices and turnovers are.
    private static TabularData Prices(int rowCount = 300)
    {
        var random = new Random(1);
        float[][] rows = [.. Enumerable.Range(0, rowCount).Select(_ => new[] { (float)(50_000 + (8000 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))), (float)random.NextDouble() })];
        return new TabularData(
            "prices", "y from x", LearningTask.Regression, ["x", "z"], rows, [.. rows.Select(row => (1.05 * row[0]) + (1000 * random.NextDouble()))], [], []);
    }
}
