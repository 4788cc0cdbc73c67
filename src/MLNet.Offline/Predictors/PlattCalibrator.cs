namespace Microsoft.ML.Calibrators;

/// <summary>Turns a score into a probability.</summary>
public interface ICalibrator
{
    float PredictProbability(float output);
}

/// <summary>1 / (1 + exp(slope * score + offset)); slope -1 and offset 0 for a logistic model.</summary>
public sealed class PlattCalibrator : ICalibrator, ICanSaveModel
{
    internal const string LoaderSignature = "PlattCaliExec";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "PLATTCAL",
        Written = 0x00010001,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
    };

    internal PlattCalibrator(double slope, double offset)
    {
        Slope = slope;
        Offset = offset;
    }

    public double Slope { get; }

    public double Offset { get; }

    public float PredictProbability(float output) => (float)(1 / (1 + Math.Exp(Slope * output + Offset)));

    // Format: slope, offset.
    internal static PlattCalibrator Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var calibrator = new PlattCalibrator(context.Reader.ReadDouble(), context.Reader.ReadDouble());
        ModelHeader.Require(double.IsFinite(calibrator.Slope) && double.IsFinite(calibrator.Offset), "a calibrator's parameter is not finite");
        return calibrator;
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(Slope);
        ctx.Writer.Write(Offset);
    }
}
