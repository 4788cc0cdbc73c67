using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Catalog;

/// <summary>Takes note of the schema shape that a pipeline tells it: ML.NET gives shapes to estimators only.</summary>
internal sealed class ShapeSpy(MLContext context, string anyColumn) : IEstimator<ITransformer>
{
    public SchemaShape? Seen { get; private set; }

    /// <summary>The shape of the data.</summary>
    public static SchemaShape ShapeOf(MLContext context, IDataView data)
    {
        var spy = new ShapeSpy(context, data.Schema[0].Name);
        new EstimatorChain<ITransformer>().Append(spy).Fit(data);
        return spy.Seen!;
    }

    public ITransformer Fit(IDataView input) => context.Transforms.CopyColumns(anyColumn, anyColumn).Fit(input);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;
}
