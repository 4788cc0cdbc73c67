using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Calibrators;

/// <summary>A model and the calibrator of its scores, whatever their types.</summary>
public abstract class CalibratedModelParametersBase
{
    private protected CalibratedModelParametersBase(object subModel, ICalibrator calibrator)
    {
        SubModel = subModel;
        Calibrator = calibrator;
    }

    public object SubModel { get; }

    public ICalibrator Calibrator { get; }
}

/// <summary>A model and the calibrator of its scores.</summary>
public abstract class CalibratedModelParametersBase<TSubModel, TCalibrator> : CalibratedModelParametersBase
    where TSubModel : class
    where TCalibrator : class, ICalibrator
{
    private protected CalibratedModelParametersBase(TSubModel subModel, TCalibrator calibrator)
        : base(subModel, calibrator)
    {
        SubModel = subModel;
        Calibrator = calibrator;
    }

    public new TSubModel SubModel { get; }

    public new TCalibrator Calibrator { get; }
}

/// <summary>A linear model whose calibrated score is a probability.</summary>
internal sealed class CalibratedLinearModel :
    CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>, IProbabilityModel, ICanSaveModel
{
    internal const string LoaderSignature = "PMixCaliPredExec";

    private const string SubModelFolder = "Predictor";
    private const string CalibratorFolder = "Calibrator";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "PMIXCALP",
        Written = 0x00010001,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
    };

    public CalibratedLinearModel(LinearBinaryModelParameters subModel, PlattCalibrator calibrator)
        : base(subModel, calibrator)
    {
    }

    /// <summary>A logistic model: its score is already the logarithm of the odds.</summary>
    public static CalibratedLinearModel Logistic(in VBuffer<float> weights, float bias) =>
        new(new LinearBinaryModelParameters(weights, bias), new PlattCalibrator(-1, 0));

    float IProbabilityModel.Score(in VBuffer<float> features) => SubModel.Score(features);

    float IProbabilityModel.Probability(float score) => Calibrator.PredictProbability(score);

    internal static CalibratedLinearModel Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        return new CalibratedLinearModel(
            context.LoadModel<LinearBinaryModelParameters>(SubModelFolder), context.LoadModel<PlattCalibrator>(CalibratorFolder));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.SaveModel(SubModel, SubModelFolder);
        ctx.SaveModel(Calibrator, CalibratorFolder);
    }
}
