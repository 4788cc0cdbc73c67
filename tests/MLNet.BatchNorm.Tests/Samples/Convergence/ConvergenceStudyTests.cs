using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Output;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

public sealed class ConvergenceStudyTests
{
    private static readonly StudySettings LongEnough = ShortStudy.Settings with { MaximumIterations = 144 };

    [Fact]
    public void Lbfgs_needs_ten_times_fewer_iterations_standardized_than_raw()
    {
        var standardized = Arrival("L-BFGS", "standardized", 1e-4);
        var raw = Arrival("L-BFGS", "raw", 1e-4);

        // Not arriving counts as the whole budget: it is at least that.
        (raw.Iterations ?? raw.TriedUpTo).Should().BeGreaterThanOrEqualTo(10 * standardized.Iterations!.Value);
    }

    [Theory]
    [InlineData("min-max")]
    [InlineData("standardized")]
    public void Sdca_comes_within_1e_2_in_ten_passes_where_raw_features_do_not_in_34(string scaling)
    {
        ShortStudy.Curve("wine", "SDCA", scaling, 1).Arrivals[0].Should().Match<Arrival>(arrival => arrival.Tolerance == 1e-2 && arrival.Iterations <= 10);
        ShortStudy.Curve("wine", "SDCA", "raw", 1).Arrivals[0].Should().Be(new Arrival(1e-2, Iterations: null, TriedUpTo: 34));
    }

    [Fact]
    public void Standardized_features_take_steps_ten_thousand_times_larger()
    {
        var raw = MLNet.BatchNorm.Convergence.Study.LearningRates.Measure(Prepare("raw"), ShortStudy.Settings, CancellationToken.None);
        var standardized = MLNet.BatchNorm.Convergence.Study.LearningRates.Measure(Prepare("standardized"), ShortStudy.Settings, CancellationToken.None);

        standardized.LargestStable.Should().BeGreaterThanOrEqualTo(1e4 * raw.LargestStable!.Value);
        standardized.BestGap.Should().BeLessThan(0.1 * raw.BestGap!.Value);
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(34, "1 2 3 5 8 13 21 34")]
    [InlineData(100, "1 2 3 5 8 13 21 34 55 100")]
    public void Budgets_grow_like_Fibonacci_numbers_up_to_the_last(int last, string budgets) =>
        string.Join(' ', MLNet.BatchNorm.Convergence.Optimizers.BudgetLadder.UpTo(last)).Should().Be(budgets);

    [Fact]
    public void Every_curve_descends()
    {
        foreach (var (data, curve) in ShortStudy.Outcome.Results.DataSets.SelectMany(data => data.Curves.Select(curve => (data, curve))))
        {
            // The trainers compute in float: a descent of theirs may be a rise of 1e-6 of the loss in double.
            var slack = 1e-6 * Math.Max(1, curve.Points[0].Gap);
            foreach (var (before, after) in curve.Points.Zip(curve.Points.Skip(1)))
            {
                after.Gap.Should().BeLessThanOrEqualTo(before.Gap + slack, $"{data.Name}, {curve.Optimizer}, {curve.Scaling}, C = {curve.C}");
            }
        }
    }

    [Fact]
    public void No_training_gets_below_the_optimum_that_Newton_found() =>
        ShortStudy.Outcome.Results.DataSets.SelectMany(data => data.Curves).SelectMany(curve => curve.Points)
            .Should().AllSatisfy(point => point.Gap.Should().BeGreaterThan(-1e-12));

    [Theory]
    [InlineData("wine", "L-BFGS", "standardized", 1e-7)]
    [InlineData("wine", "SDCA", "min-max", 1e-5)]
    [InlineData("diabetes", "SDCA", "min-max", 1e-3)]
    [InlineData("diabetes", "least squares", "standardized", 1e-9)]
    public void Each_trainer_minimizes_the_objective_it_is_said_to(string dataSet, string trainer, string scaling, double gap) =>
        ShortStudy.Curve(dataSet, trainer, scaling, 1).Points[^1].Gap.Should().BeLessThan(gap);

    [Fact]
    public void Least_squares_is_solved_exactly_even_on_raw_features() =>
        ShortStudy.Curve("diabetes", "least squares", "raw", 1).Points.Should().ContainSingle().Which.Gap.Should().BeInRange(-1e-12, 1e-9);

    [Fact]
    public void With_a_weak_penalty_the_scalings_share_the_optimum_of_least_squares()
    {
        var optima = ShortStudy.DataSet("diabetes").Curves.Where(curve => curve.C == 1e4 && curve.Optimizer == "least squares").ToArray();

        optima.Max(curve => curve.Optimum).Should().BeApproximately(optima.Min(curve => curve.Optimum), 1e-5 * optima[0].GapUnit);
    }

    [Fact]
    public void Arrivals_are_points_of_the_curve_and_the_first_within_their_tolerance()
    {
        foreach (var curve in ShortStudy.Outcome.Results.DataSets.SelectMany(data => data.Curves))
        {
            foreach (var arrival in curve.Arrivals)
            {
                curve.Points.Where(point => point.Gap <= arrival.Tolerance).Select(point => (int?)point.Iterations).FirstOrDefault()
                    .Should().Be(arrival.Iterations);
            }
        }
    }

    [Fact]
    public void Standardized_pipelines_beat_raw_ones_on_test_rows_at_an_equal_budget()
    {
        double Auc(string scaling) => PipelineComparison.Measure(
                ShippedData.Load("breast_cancer"), Scalings.All.Single(entry => entry.Name == scaling), ShortStudy.Settings)
            .Single(run => (run.Result.Trainer, run.Result.Budget) == ("L-BFGS", 20)).Result.Metrics.Single(metric => metric.Name == "AUC").Value;

        Auc("standardized").Should().BeGreaterThan(Auc("raw")).And.BeGreaterThan(0.98);
    }

    [Fact]
    public void Every_scaling_is_measured()
    {
        var scalings = ShortStudy.DataSet("wine").Scalings;

        scalings.Select(scaling => scaling.Name).Should().Equal("raw", "min-max", "standardized", "batch-normalized", "whitened");
        scalings.Should().AllSatisfy(scaling => scaling.Features.Should().HaveCount(13));
    }

    [Fact]
    public void The_same_seed_gives_the_same_files_twice()
    {
        var (once, again) = (Run(threadCount: 1), Run(threadCount: 3));

        StudyJson.Write(again).Should().Be(StudyJson.Write(once));
        CurvesCsv.Write(again).Should().Be(CurvesCsv.Write(once));
        NetworksCsv.Write(again).Should().Be(NetworksCsv.Write(once));

        static StudyResults Run(int threadCount) => ConvergenceStudy.Run(
            [ShippedData.Load("wine")], [ShippedData.Load("breast_cancer")], ShortStudy.Settings with { MaximumIterations = 13 }, threadCount).Results;
    }

    [Fact]
    public void Gradient_descent_crosses_the_canyon_and_stays_and_goes_straight_down_the_bowl()
    {
        var panels = LossSurface.Measure(
            ShippedData.Load("breast_cancer"), Prepare("raw"), Prepare("standardized"), ShortStudy.Settings).Panels;

        panels.Select(panel => panel.Scaling).Should().Equal("raw", "standardized");
        panels[0].ConditionNumber.Should().BeGreaterThan(10 * panels[1].ConditionNumber);
        panels[0].FinalGap.Should().BeGreaterThan(10 * panels[1].FinalGap);
    }

    [Fact]
    public void A_study_stops_when_it_is_cancelled()
    {
        var run = () => ConvergenceStudy.Run(
            [ShippedData.Load("wine")], [], ShortStudy.Settings, threadCount: 2, cancellation: new CancellationToken(canceled: true));

        run.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void The_best_pipeline_scores_the_same_after_loading_it_back()
    {
        var data = ShippedData.Load("wine");
        var best = ShortStudy.Outcome.BestPipelines["wine"]!;
        var rows = DataViews.Create(new Microsoft.ML.MLContext(1), data);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            SavedModel.Save(best.Model!, rows.Schema, path);

            SavedModel.ReloadAndCheck(best.Model!, path, rows).Should().HaveCount(178);
            best.Result.Scaling.Should().NotBe(Scalings.Raw);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static PreparedData Prepare(string scaling) =>
        PreparedData.Create(ShippedData.Load("breast_cancer"), Scalings.All.Single(entry => entry.Name == scaling), seed: 1);

    private static Arrival Arrival(string optimizer, string scaling, double tolerance)
    {
        var trainer = MLTrainers.For(LearningTask.Binary).Single(entry => entry.Name == optimizer);
        return new TrainerCurve(trainer, Prepare(scaling), c: 1, LongEnough, StudyClock.None).Measure()
            .Arrivals.Single(arrival => arrival.Tolerance == tolerance);
    }
}
