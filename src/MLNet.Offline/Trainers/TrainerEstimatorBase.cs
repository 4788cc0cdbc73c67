using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>Base of the trainers: which columns they read, what their model adds, and how a fit proceeds.</summary>
public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    public readonly SchemaShape.Column FeatureColumn;

    public readonly SchemaShape.Column LabelColumn;

    /// <summary>Default where examples have no weights.</summary>
    public readonly SchemaShape.Column WeightColumn;

    private protected readonly IHost Host;

    private protected TrainerEstimatorBase(IHost host, TrainerInputBaseWithWeight options, DataViewType labelType)
    {
        Contracts.CheckNonEmpty(options.FeatureColumnName, nameof(options.FeatureColumnName));
        Contracts.CheckNonEmpty(options.LabelColumnName, nameof(options.LabelColumnName));
        Host = host;
        FeatureColumn = new SchemaShape.Column(
            options.FeatureColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);
        LabelColumn = new SchemaShape.Column(
            options.LabelColumnName, SchemaShape.Column.VectorKind.Scalar, labelType, isKey: labelType.Equals(NumberDataViewType.UInt32));
        WeightColumn = options.ExampleWeightColumnName is { } weight
            ? new SchemaShape.Column(weight, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, isKey: false)
            : default;
    }

    public abstract TrainerInfo Info { get; }

    public TTransformer Fit(IDataView input) => Fit(input, start: null);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        CheckInputSchema(inputSchema);
        var columns = inputSchema.ToDictionary(column => column.Name);
        foreach (var column in GetOutputColumns(inputSchema))
        {
            columns[column.Name] = column;
        }
        return new SchemaShape(columns.Values);
    }

    /// <summary>Trains from scratch, or from a model that was trained before.</summary>
    private protected TTransformer Fit(IDataView input, object? start)
    {
        Contracts.CheckValue(input, nameof(input));
        CheckInputSchema(SchemaShape.Create(input.Schema));
        using var channel = Host.Start("Training");
        var model = Train(new TrainingData(input, LabelColumn.Name, FeatureColumn.Name, WeightColumn.Name), start, channel);
        return MakeTransformer(model, input.Schema);
    }

    private protected abstract TModel Train(TrainingData data, object? start, IChannel channel);

    private protected abstract TTransformer MakeTransformer(TModel model, DataViewSchema trainSchema);

    private protected abstract IEnumerable<SchemaShape.Column> GetOutputColumns(SchemaShape inputSchema);

    private protected static void WarnOfSkipped(IChannel channel, long count)
    {
        if (count > 0)
        {
            channel.Warning(MessageSensitivity.None, "Skipped {0} instances with missing features/label/weight during training", count);
        }
    }

    private void CheckInputSchema(SchemaShape schema)
    {
        CheckColumn(schema, FeatureColumn, "feature");
        if (WeightColumn.IsValid)
        {
            CheckColumn(schema, WeightColumn, "weight");
        }
        CheckColumn(schema, LabelColumn, "label");
    }

    private static void CheckColumn(SchemaShape schema, SchemaShape.Column expected, string role)
    {
        if (!schema.TryFindColumn(expected.Name, out var found))
        {
            throw Contracts.ExceptSchemaMismatch("inputSchema", role, expected.Name);
        }
        if (!expected.IsCompatibleWith(found))
        {
            throw Contracts.ExceptSchemaMismatch("inputSchema", role, expected.Name, expected.GetTypeString(), found.GetTypeString());
        }
    }
}
