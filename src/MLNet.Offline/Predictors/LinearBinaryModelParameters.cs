using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>A linear score whose sign separates two classes.</summary>
public sealed class LinearBinaryModelParameters : LinearModelParameters
{
    internal const string LoaderSignature = "Linear2CExec";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "LINEAR2C",
        Written = 0x00020002,
        Readable = 0x00020001,
        OldestReadable = 0x00020001,
        LoaderSignature = LoaderSignature,
        LoaderAssembly = ComponentVersion.StandardTrainersAssembly,
    };

    internal LinearBinaryModelParameters(in VBuffer<float> weights, float bias)
        : base(weights, bias)
    {
    }

    private LinearBinaryModelParameters(ModelLoadContext context)
        : base(context)
    {
    }

    internal static LinearBinaryModelParameters Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        return new LinearBinaryModelParameters(context);
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(Version);
    }
}
