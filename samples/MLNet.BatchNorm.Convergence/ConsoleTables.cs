using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MLNet.BatchNorm.Convergence;

/// <summary>The console's tables and its progress line.</summary>
public static class ConsoleTables
{
    /// <summary>The lesson's table: raw, min-max and z-score side by side.</summary>
    public static IRenderable Lesson(IReadOnlyList<LessonTable.Row> rows)
    {
        var table = new Table().Title("The lesson's table: raw, min-max, z-score").RoundedBorder();
        foreach (var name in LessonTable.FeatureNames)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var row in rows)
        {
            table.AddRow([.. Enumerable.Range(0, LessonTable.FeatureNames.Count)
                .Select(i => $"{Text(row.Raw[i], "0")} {Text(row.MinMax[i], "0.00")} {Text(row.Standardized[i], "0.00"),5}")]);
        }

        return table;
    }

    /// <summary>The trainers on each scaling.</summary>
    public static IRenderable Comparison(IReadOnlyList<ComparisonResult> results)
    {
        var table = new Table().Title("Breast cancer, logistic regression, the same L2 (C = 1) for all").RoundedBorder()
            .AddColumns("Trainer", "Features")
            .AddColumn(new TableColumn("Training log-loss").RightAligned())
            .AddColumn(new TableColumn("Test accuracy").RightAligned())
            .AddColumn(new TableColumn("Test AUC").RightAligned())
            .AddColumn(new TableColumn("Seconds").RightAligned());
        foreach (var result in results)
        {
            table.AddRow(
                result.Trainer,
                result.Scaling,
                Text(result.TrainingLogLoss, "0.0000"),
                Text(result.TestAccuracy, "0.000"),
                Text(result.TestAreaUnderRocCurve, "0.0000"),
                Text(result.Seconds, "0.00"));
        }

        return table;
    }

    /// <summary>The first predictions of the saved model.</summary>
    public static IRenderable Predictions(IReadOnlyList<SavedModel.Prediction> predictions)
    {
        var table = new Table().RoundedBorder().AddColumns("Label", "Predicted", "Probability", "Load", "LoadWithStatistics");
        foreach (var prediction in predictions)
        {
            table.AddRow(
                Label(prediction.Label),
                Label(prediction.Predicted),
                Text(prediction.Probability, "0.000000"),
                Text(prediction.PlainProbability, "0.000000"),
                Text(prediction.StatisticsProbability, "0.000000"));
        }

        return table;
    }

    /// <summary>Prints a line for each step on the error stream, so that the standard output holds the tables alone.</summary>
    public static IProgress<(string Step, double Share)> Progress() => new ProgressLine();

    private static string Label(bool label) => label ? "1 benign" : "0 malignant";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class ProgressLine : IProgress<(string Step, double Share)>
    {
        public void Report((string Step, double Share) value) =>
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {value.Share,4:0%}  {value.Step}"));
    }
}
