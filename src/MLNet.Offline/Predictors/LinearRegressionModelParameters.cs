using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>A linear score that predicts a number.</summary>
public abstract class RegressionModelParameters : LinearModelParameters
{
    private protected RegressionModelParameters(in VBuffer<float> weights, float bias)
        : base(weights, bias)
    {
    }

    private protected RegressionModelParameters(ModelLoadContext context)
        : base(context)
    {
    }
}

/// <summary>What a linear regression trainer learns.</summary>
public sealed class LinearRegressionModelParameters : RegressionModelParameters
{
    internal const string LoaderSignature = "LinearRegressionExec";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "LIN RGRS",
        Written = 0x00020001,
        Readable = 0x00020001,
        OldestReadable = 0x00020001,
        LoaderSignature = LoaderSignature,
        LoaderAssembly = ComponentVersion.StandardTrainersAssembly,
    };

    internal LinearRegressionModelParameters(in VBuffer<float> weights, float bias)
        : base(weights, bias)
    {
    }

    private LinearRegressionModelParameters(ModelLoadContext context)
        : base(context)
    {
    }

    internal static LinearRegressionModelParameters Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        return new LinearRegressionModelParameters(context);
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(Version);
    }
}
