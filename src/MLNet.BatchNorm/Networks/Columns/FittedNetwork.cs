using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>All that a training has found, and what it was found on.</summary>
/// <param name="Task">What is predicted.</param>
/// <param name="FeatureColumnName">The column that the network reads.</param>
/// <param name="FeatureType">Its type in the training data.</param>
/// <param name="LabelSchema">The label column of the training data, with the key values that name the classes, and nothing else.</param>
/// <param name="Options">The options of the training.</param>
/// <param name="Network">The weights.</param>
/// <param name="History">What was reported of each epoch.</param>
internal sealed record FittedNetwork(
    NetworkTask Task,
    string FeatureColumnName,
    VectorDataViewType FeatureType,
    DataViewSchema LabelSchema,
    MultilayerPerceptronOptions Options,
    TrainedNetwork Network,
    ImmutableArray<EpochProgress> History)
{
    /// <summary>The epochs that the network has come through; early stopping may have returned an earlier one than the last of the history.</summary>
    public required int EpochCount { get; init; }

    /// <summary>What is needed to go on as if the training had never stopped; null unless the options asked for it.</summary>
    public TrainingState? State { get; init; }

    public DataViewSchema.Column Label => LabelSchema[0];

    /// <summary>A schema of the label column alone, under its own name or another.</summary>
    public static DataViewSchema SchemaOf(DataViewSchema.Column label, string? name = null)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(label.Annotations, kind => kind == AnnotationKinds.KeyValues);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(name ?? label.Name, label.Type, annotations.ToAnnotations());
        return builder.ToSchema();
    }
}
