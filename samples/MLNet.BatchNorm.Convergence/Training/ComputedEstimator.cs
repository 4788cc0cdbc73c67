using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>An estimator for what ML.NET has no trainer or transform for: a function that computes the transformer from the data.</summary>
/// <param name="fit">Computes the transformer.</param>
/// <param name="like">A stock estimator that adds columns of the same names and types.</param>
internal sealed class ComputedEstimator(Func<IDataView, ITransformer> fit, IEstimator<ITransformer> like) : IEstimator<ITransformer>
{
    /// <inheritdoc/>
    public ITransformer Fit(IDataView input) => fit(input);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => like.GetOutputSchema(inputSchema);

    /// <summary>The input column of a mapping from vectors of a known size, under the name that it has in the data.</summary>
    internal static SchemaDefinition InputColumn(string name, int featureCount)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        var column = definition[nameof(Row.Values)];
        column.ColumnName = name;
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, featureCount);
        return definition;
    }

    /// <summary>A row of a mapping.</summary>
    internal sealed class Row
    {
        public float[] Values { get; set; } = [];
    }
}
