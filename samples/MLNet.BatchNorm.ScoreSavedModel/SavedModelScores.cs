using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.ScoreSavedModel;

/// <summary>Scores rows: the probability of the second class for two classes, one probability per class for more, the number for regression.</summary>
internal static class SavedModelScores
{
    public static IEnumerable<string> Of(MLContext mlContext, ITransformer model, (float[][] Rows, int FeatureCount) data)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, data.FeatureCount);
        var scored = model.Transform(mlContext.Data.LoadFromEnumerable(data.Rows.Select(features => new Row { Features = features }), definition));
        var column = scored.Schema.GetColumnOrNull("Probability") ?? scored.Schema.GetColumnOrNull("Score")
            ?? throw new InvalidDataException("The model gives no column 'Probability' or 'Score'.");
        return column.Type is VectorDataViewType
            ? scored.GetColumn<float[]>(column).Select(scores => string.Join(' ', scores.Select(Text)))
            : scored.GetColumn<float>(column).Select(Text);
    }

    private static string Text(float score) => score.ToString("R", CultureInfo.InvariantCulture);

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}
