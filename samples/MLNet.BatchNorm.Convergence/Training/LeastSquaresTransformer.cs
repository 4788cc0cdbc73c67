using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>A linear model that adds a column Score, with its parameters in double. It cannot be saved.</summary>
/// <param name="parameters">The weights, then the intercept.</param>
/// <param name="scoring">Adds the column.</param>
internal sealed class LeastSquaresTransformer(IReadOnlyList<double> parameters, ITransformer scoring) : ITransformer
{
    /// <summary>The weights, then the intercept.</summary>
    public IReadOnlyList<double> Parameters { get; } = parameters;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => scoring.IsRowToRowMapper;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => scoring.GetOutputSchema(inputSchema);

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => scoring.GetRowToRowMapper(inputSchema);

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => scoring.Transform(input);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)scoring).Save(ctx);
}
