using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>A least-squares fit with its coefficients of determination and, where they could be estimated, the significance of each parameter, the bias first.</summary>
public sealed class OlsModelParameters : RegressionModelParameters
{
    internal const string LoaderSignature = "OlsLinearRegressionExec";

    public readonly double RSquared;

    public readonly double RSquaredAdjusted;

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "OLS RGRS",
        Written = 0x00010001,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
        LoaderAssembly = ComponentVersion.MklComponentsAssembly,
    };

    private readonly OlsSignificance? _significance;

    internal OlsModelParameters(
        in VBuffer<float> weights, float bias, double rSquared = 1, double rSquaredAdjusted = double.NaN, OlsSignificance? significance = null)
        : base(weights, bias)
    {
        RSquared = rSquared;
        RSquaredAdjusted = rSquaredAdjusted;
        _significance = significance;
    }

    // Format: R squared, adjusted R squared or NaN, whether there is significance, and if so three arrays of a double per parameter.
    private OlsModelParameters(ModelLoadContext context)
        : base(context)
    {
        var reader = context.Reader;
        RSquared = reader.ReadDouble();
        RSquaredAdjusted = reader.ReadDouble();
        ModelHeader.Require(RSquared is >= 0 and <= 1 && RSquaredAdjusted is double.NaN or (>= 0 and <= 1), "R squared is out of range");
        if (reader.ReadByte() == 0)
        {
            return;
        }
        var count = FeatureCount + 1;
        _significance = new OlsSignificance(reader.ReadItems<double>(count), reader.ReadItems<double>(count), reader.ReadItems<double>(count));
    }

    public bool HasStatistics => _significance is not null;

    public IReadOnlyList<double>? StandardErrors => _significance?.StandardErrors;

    public IReadOnlyList<double>? TValues => _significance?.TValues;

    public IReadOnlyList<double>? PValues => _significance?.PValues;

    internal static OlsModelParameters Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        return new OlsModelParameters(context);
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(RSquared);
        ctx.Writer.Write(RSquaredAdjusted);
        ctx.Writer.Write(HasStatistics);
        if (_significance is { } significance)
        {
            ctx.Writer.WriteItems<double>(significance.StandardErrors);
            ctx.Writer.WriteItems<double>(significance.TValues);
            ctx.Writer.WriteItems<double>(significance.PValues);
        }
    }
}

/// <summary>Standard error, t statistic and two-sided p value of each parameter, the bias first.</summary>
internal sealed record OlsSignificance(double[] StandardErrors, double[] TValues, double[] PValues);
