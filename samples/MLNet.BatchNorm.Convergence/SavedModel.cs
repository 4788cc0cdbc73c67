using Microsoft.ML;

namespace MLNet.BatchNorm.Convergence;

/// <summary>Saves a pipeline as a zip, loads it back in two ways, and checks that the predictions are the same.</summary>
public static class SavedModel
{
    /// <summary>One row's prediction by the pipeline in memory and by the two reloaded ones.</summary>
    /// <param name="Label">The true label.</param>
    /// <param name="Predicted">The predicted label.</param>
    /// <param name="Probability">The pipeline in memory: probability of label 1.</param>
    /// <param name="PlainProbability">The zip loaded with <c>Model.Load</c>, as any ML.NET program would.</param>
    /// <param name="StatisticsProbability">The zip loaded with <c>Model.LoadWithStatistics</c>.</param>
    public sealed record Prediction(bool Label, bool Predicted, float Probability, float PlainProbability, float StatisticsProbability);

    /// <summary>Writes the zip beside its final place, then moves it there.</summary>
    /// <returns>The path of the zip.</returns>
    public static string Save(MLContext mlContext, ITransformer model, DataViewSchema inputSchema, DirectoryInfo folder, string fileName)
    {
        folder.Create();
        var path = Path.Combine(folder.FullName, fileName);
        var temporary = path + ".partial";
        mlContext.Model.Save(model, inputSchema, temporary);
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    /// <summary>Predicts <paramref name="rows"/> with the model in memory and with both ways of loading the zip.</summary>
    /// <exception cref="InvalidOperationException">A reloaded model does not predict what was saved.</exception>
    public static IReadOnlyList<Prediction> ReloadAndCheck(MLContext mlContext, ITransformer model, string path, IDataView rows)
    {
        var original = Score(mlContext, model, rows);
        var plain = Score(mlContext, mlContext.Model.Load(path, out _), rows);
        var withStatistics = Score(mlContext, mlContext.Model.LoadWithStatistics(path, out _), rows);

        var predictions = new List<Prediction>();
        for (var row = 0; row < original.Length; row++)
        {
            var prediction = new Prediction(
                original[row].Label,
                original[row].PredictedLabel,
                original[row].Probability,
                plain[row].Probability,
                withStatistics[row].Probability);
            if (Math.Abs(prediction.PlainProbability - prediction.Probability) > 1e-6
                || Math.Abs(prediction.StatisticsProbability - prediction.Probability) > 1e-6)
            {
                throw new InvalidOperationException($"The model in '{path}' does not predict what the saved one did: {prediction}.");
            }

            predictions.Add(prediction);
        }

        return predictions;
    }

    private static ScoredRow[] Score(MLContext mlContext, ITransformer model, IDataView rows) =>
        [.. mlContext.Data.CreateEnumerable<ScoredRow>(model.Transform(rows), reuseRowObject: false)];

    private sealed class ScoredRow
    {
        public bool Label { get; set; }

        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }
    }
}
