namespace MLNet.BatchNorm.Persistence;

/// <summary>What tells ML.NET which component reads a stream, and in which version it is written.</summary>
/// <param name="Signature">Up to eight ASCII characters that name the format of the model block.</param>
/// <param name="VersionWritten">The version of the format.</param>
/// <param name="VersionReadable">The oldest reader that can read it.</param>
/// <param name="Loader">The name that the component is registered under; up to 24 ASCII characters.</param>
/// <param name="AssemblyName">The full name of the assembly that holds the component.</param>
internal sealed record StockComponent(string Signature, uint VersionWritten, uint VersionReadable, string Loader, string AssemblyName)
{
    // The names are constants of the format: every version of ML.NET since 1.0 writes exactly these.
    private const string NameSuffix = ", Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";
    private const string DataAssembly = "Microsoft.ML.Data" + NameSuffix;
    private const string TrainersAssembly = "Microsoft.ML.StandardTrainers" + NameSuffix;

    public static readonly StockComponent Chain = new("XF CHAIN", 0x00010001, 0x00010001, "TransformerChain", DataAssembly);
    public static readonly StockComponent Normalizer = new("NORMALZR", 0x00010002, 0x00010001, "Normalizer", DataAssembly);
    public static readonly StockComponent AffineFunction = new("AFF NORM", 0x00010003, 0x00010003, "AffineNormExec", DataAssembly);
    public static readonly StockComponent Expression =
        new("EXPRTRNF", 0x00010001, 0x00010001, "ExprTransform", "Microsoft.ML.Transforms" + NameSuffix);

    // The parts of a network.
    public static readonly StockComponent Projection = new("PCA FUNC", 0x00010002, 0x00010002, "PcaTransform", "Microsoft.ML.PCA" + NameSuffix);
    public static readonly StockComponent RowNorm =
        new("GCNORMAF", 0x00010003, 0x00010003, "GcnTransform", "Microsoft.ML.Transforms" + NameSuffix);
    public static readonly StockComponent Concatenation = new("CONCAT F", 0x00010003, 0x00010003, "ConcatTransform", DataAssembly);
    public static readonly StockComponent Selection = new("SELCOLST", 0x00010001, 0x00010001, "SelectColumnsTransform", DataAssembly);
    public static readonly StockComponent BinaryPrediction = new("BIN PRED", 0x00010001, 0x00010001, "BinaryPredXfer", DataAssembly);
    public static readonly StockComponent MulticlassPrediction = new("MC  PRED", 0x00010002, 0x00010001, "MulticlassPredXfer", DataAssembly);
    public static readonly StockComponent RegressionPrediction = new("REG PRED", 0x00010001, 0x00010001, "RegressionPredXfer", DataAssembly);
    public static readonly StockComponent CalibratedModel = new("PMIXCALP", 0x00010001, 0x00010001, "PMixCaliPredExec", DataAssembly);
    public static readonly StockComponent PlattCalibrator = new("PLATTCAL", 0x00010001, 0x00010001, "PlattCaliExec", DataAssembly);
    public static readonly StockComponent BinaryModel = new("LINEAR2C", 0x00020002, 0x00020001, "Linear2CExec", TrainersAssembly);
    public static readonly StockComponent RegressionModel = new("LIN RGRS", 0x00020001, 0x00020001, "LinearRegressionExec", TrainersAssembly);
    public static readonly StockComponent MulticlassModel = new("MULTI LR", 0x00010003, 0x00010001, "MultiClassLRExec", TrainersAssembly);
}
