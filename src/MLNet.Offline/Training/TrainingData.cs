using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Training;

/// <summary>A view seen as examples: features, label, and weight where there is one.</summary>
internal sealed class TrainingData(IDataView view, string labelColumnName, string featureColumnName, string? weightColumnName)
{
    private const int ShufflePoolSize = 1000;

    public DataViewSchema.Column Label { get; } = view.Schema[labelColumnName];

    public DataViewSchema.Column Features { get; } = view.Schema[featureColumnName];

    public DataViewSchema.Column? Weight { get; } = weightColumnName is null ? null : view.Schema[weightColumnName];

    public IDataView View => view;

    public int FeatureCount => ((VectorDataViewType)Features.Type).Size;

    /// <summary>The number of classes of a key label.</summary>
    public int CountClasses()
    {
        var count = Label.Type.GetKeyCount();
        var limit = (ulong)(Array.MaxLength / (FeatureCount + 1));
        return count <= limit ? (int)count : throw new ArgumentOutOfRangeException(
            nameof(view),
            $"Label column '{Label.Name}' has {count} classes; with {FeatureCount} features a multiclass model can have at most {limit}.");
    }

    /// <summary>The same examples in a view that can be read in random order.</summary>
    public TrainingData Shuffled(IHostEnvironment environment) => view.CanShuffle
        ? this
        : new TrainingData(
            new ShuffleView(view, environment.Register("RowShuffle").Rand.Next(), ShufflePoolSize, shuffleSource: true),
            Label.Name,
            Features.Name,
            Weight?.Name);

    public TrainingCursor Open(Random? random = null)
    {
        DataViewSchema.Column[] columns = Weight is { } weight ? [Label, Features, weight] : [Label, Features];
        return new TrainingCursor(view.GetRowCursor(columns, random), Label, Features, Weight);
    }
}
