using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Lesson;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MLNet.BatchNorm.Convergence.Output;

/// <summary>The tables that the program prints.</summary>
public static class ConsoleTables
{
    /// <summary>The lesson's table: raw, min-max and z-score side by side.</summary>
    public static IRenderable Lesson(IReadOnlyList<LessonTable.Row> rows)
    {
        var table = Titled("The lesson's table: raw, min-max, z-score");
        foreach (var name in LessonTable.FeatureNames)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var row in rows)
        {
            table.AddRow([.. Enumerable.Range(0, LessonTable.FeatureNames.Count)
                .Select(i => FormattableString.Invariant($"{row.Raw[i]:0} {row.MinMax[i]:0.00} {row.Standardized[i]:0.00}"))]);
        }

        return table;
    }

    /// <summary>Iterations to each tolerance, per optimizer and scaling, at one strength of the penalty.</summary>
    public static IRenderable Arrivals(DataSetResult data, StudySettings settings, double c)
    {
        var unit = data.Task == LearningTask.Regression ? "of the target's variance" : "nats";
        var table = Titled($"{data.Name}, C = {Numbers.Brief(c)}: iterations to a gap ({unit}) of").AddColumns("Optimizer", "Features");
        foreach (var tolerance in settings.Tolerances)
        {
            table.AddColumn(new TableColumn(Numbers.Brief(tolerance)).RightAligned());
        }

        table.AddColumn(new TableColumn("Last gap").RightAligned());
        foreach (var curve in data.Curves.Where(curve => curve.C == c))
        {
            table.AddRow([
                curve.Optimizer,
                curve.Scaling,
                .. curve.Arrivals.Select(arrival => arrival.Iterations is { } iterations ? Numbers.Whole(iterations) : $"> {Numbers.Whole(arrival.TriedUpTo)}"),
                Loss(curve.LastGap)]);
        }

        return table;
    }

    /// <summary>Condition numbers.</summary>
    public static IRenderable Conditions(StudyResults results)
    {
        var table = Titled("Condition number of the Hessian, at w = 0 and at the optimum").AddColumns("Data set", "Features");
        table.AddColumn(new TableColumn("at w = 0").RightAligned());
        foreach (var c in results.Settings.InverseStrengths)
        {
            table.AddColumn(new TableColumn($"C = {Numbers.Brief(c)}").RightAligned());
        }

        foreach (var data in results.DataSets)
        {
            foreach (var scaling in data.Scalings)
            {
                var hessians = new[] { scaling.AtZero }.Concat(scaling.AtOptimum);
                var cells = hessians.Select(hessian => hessian.ConditionNumber is { } condition ? Numbers.Brief(condition) : "infinite");
                table.AddRow([Markup.Escape(data.Name), scaling.Name, .. cells]);
            }
        }

        return table;
    }

    /// <summary>The pipelines with the largest budget: issue by issue what a user would see.</summary>
    public static IRenderable Pipelines(DataSetResult data, TimingResults timings, StudySettings settings)
    {
        var budget = settings.TestBudgets[^1];
        var table = Titled($"{data.Name}: pipelines of at most {Numbers.Whole(budget)} iterations, on test rows")
            .AddColumns("Trainer", "Features")
            .AddColumn(new TableColumn("Training loss").RightAligned());
        var tests = data.Tests.Where(test => test.Budget == budget).ToArray();
        var metrics = tests.First(test => test.Metrics.Count > 0 || test == tests[^1]).Metrics;
        foreach (var metric in metrics)
        {
            table.AddColumn(new TableColumn(metric.Name).RightAligned());
        }

        table.AddColumn(new TableColumn("Seconds").RightAligned());
        foreach (var test in tests)
        {
            var seconds = timings.Pipelines.First(timing =>
                timing.DataSet == data.Name && timing.Trainer == test.Trainer && timing.Scaling == test.Scaling).Seconds;
            table.AddRow([test.Trainer, test.Scaling, Loss(test.TrainingLoss), .. metrics.Select((_, i) => test.Metrics.Count > i ? Numbers.Brief(test.Metrics[i].Value) : string.Empty), Numbers.Brief(seconds)]);
        }

        return table;
    }

    /// <summary>Epochs to the target by learning rate, with and without batch normalization.</summary>
    public static IRenderable Networks(NetworkResult network, NetworkSettings settings)
    {
        var table = Titled($"{network.Name}: epochs until {network.TargetInWords}, by learning rate").AddColumn("Batch normalization");
        foreach (var rate in settings.LearningRates)
        {
            table.AddColumn(new TableColumn(Numbers.Brief(rate)).RightAligned());
        }

        foreach (var row in network.LearningRates.GroupBy(entry => (entry.Cell.Activation, entry.Cell.Normalization)))
        {
            table.AddRow([
                $"{row.Key.Activation}, {(row.Key.Normalization == NetworkNormalization.None ? "without" : "with")}",
                .. row.Select(entry => entry.MedianEpochsToTarget is { } epochs
                    ? Numbers.Brief(epochs)
                    : entry.MedianScore is null ? "inf" : $"> {Numbers.Whole(entry.Cell.Epochs)}")]);
        }

        return table.Caption("inf: diverged");
    }

    private static string Loss(double value) => double.IsFinite(value) ? Numbers.Brief(value) : "diverged";

    private static Table Titled(string title) => new Table().Title(Markup.Escape(title)).SimpleBorder();
}
