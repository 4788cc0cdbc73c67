namespace Microsoft.ML.Trainers;

/// <summary>Base of the trained parameters that map features to a <typeparamref name="TOutput"/>.</summary>
public abstract class ModelParametersBase<TOutput> : ICanSaveModel
{
    private protected ModelParametersBase()
    {
    }

    // Format: size of a float, then what the derived class writes.
    private protected ModelParametersBase(ModelLoadContext context)
        => ModelHeader.Require(context.Reader.ReadInt32() == sizeof(float), "the parameters are not of 4 bytes each");

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.Writer.Write(sizeof(float));
        SaveCore(ctx);
    }

    private protected abstract void SaveCore(ModelSaveContext ctx);
}
