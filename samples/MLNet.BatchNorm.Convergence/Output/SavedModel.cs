using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Convergence.Output;

/// <summary>Saves a pipeline as a zip, loads it back in two ways, and checks that the scores are the same.</summary>
public static class SavedModel
{
    private const double Tolerance = 1e-6;

    /// <summary>One row's score by the pipeline in memory and by the two reloaded ones.</summary>
    /// <param name="Original">The pipeline in memory; for several classes, their probabilities.</param>
    /// <param name="Plain">The zip loaded with <c>Model.Load</c>, as any ML.NET program would.</param>
    /// <param name="WithStatistics">The zip loaded with <c>Model.LoadWithStatistics</c>.</param>
    public sealed record Scores(float[] Original, float[] Plain, float[] WithStatistics);

    /// <summary>Writes the zip.</summary>
    public static void Save(ITransformer model, DataViewSchema inputSchema, string path) => new MLContext(1).Model.SaveWithStatistics(model, inputSchema, path);

    /// <summary>Scores <paramref name="rows"/> with the model in memory and with both ways of loading the zip.</summary>
    /// <exception cref="InvalidOperationException">A reloaded model does not give the scores of the saved one.</exception>
    public static IReadOnlyList<Scores> ReloadAndCheck(ITransformer model, string path, IDataView rows)
    {
        var mlContext = new MLContext(1);
        var original = Score(model, rows);
        var plain = Score(mlContext.Model.Load(path, out _), rows);
        var withStatistics = Score(mlContext.Model.LoadWithStatistics(path, out _), rows);
        var scores = original.Select((score, row) => new Scores(score, plain[row], withStatistics[row])).ToArray();
        return Array.Find(scores, score => !Same(score.Original, score.Plain) || !Same(score.Original, score.WithStatistics)) is { } other
            ? throw new InvalidOperationException(
                $"The model reloaded from '{path}' scores {Text(other.Plain)} (Load) and {Text(other.WithStatistics)} (LoadWithStatistics) where the saved one scores {Text(other.Original)}.")
            : scores;
    }

    private static float[][] Score(ITransformer model, IDataView rows)
    {
        var scored = model.Transform(rows);
        var column = scored.Schema.GetColumnOrNull("Probability") ?? scored.Schema["Score"];
        return column.Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>(column)]
            : [.. scored.GetColumn<float>(column).Select(score => new[] { score })];
    }

    private static bool Same(float[] one, float[] other) =>
        one.Zip(other).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance * Math.Max(1, Math.Abs(pair.First)));

    private static string Text(float[] values) => string.Join(" ", values);
}
