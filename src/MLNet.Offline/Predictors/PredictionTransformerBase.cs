using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Base of the transformers that add a trained model's predictions to a view.</summary>
public abstract class PredictionTransformerBase<TModel> : IPredictionTransformer<TModel>
    where TModel : class
{
    internal readonly DataViewSchema TrainSchema;

    private protected PredictionTransformerBase(TModel model, DataViewSchema trainSchema)
    {
        Model = model;
        TrainSchema = trainSchema;
    }

    public TModel Model { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    public IDataView Transform(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new MappedDataView(input, CreateMapping(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return new RowMapper(CreateMapping(inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        SaveModel(ctx);
    }

    private protected abstract RowMapping CreateMapping(DataViewSchema inputSchema);

    private protected abstract void SaveModel(ModelSaveContext ctx);
}
