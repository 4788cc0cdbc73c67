using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Convergence;

/// <summary>Breast Cancer Wisconsin (Diagnostic): 569 rows, 30 features whose scales differ by a factor of a million.</summary>
public static class BreastCancerData
{
    /// <summary>The number of features.</summary>
    public const int FeatureCount = 30;

    /// <summary>The copy that is built into the program's folder.</summary>
    public static string ShippedPath => Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer.csv");

    /// <summary>Reads the file lazily, into the columns Features and Label.</summary>
    /// <exception cref="FileNotFoundException">There is no file at <paramref name="path"/>.</exception>
    public static IDataView Load(MLContext mlContext, string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'. Give the path of a copy of breast_cancer.csv with --breast-cancer.", path);
        }

        return mlContext.Data.LoadFromTextFile(
            path,
            [
                new TextLoader.Column("Features", DataKind.Single, 0, FeatureCount - 1),
                new TextLoader.Column("Label", DataKind.Boolean, FeatureCount),
            ],
            separatorChar: ',',
            hasHeader: true);
    }

    /// <summary>Loads the file into memory and puts a fifth of the rows aside for testing.</summary>
    /// <exception cref="FileNotFoundException">There is no file at <paramref name="path"/>.</exception>
    public static DataOperationsCatalog.TrainTestData LoadAndSplit(MLContext mlContext, string path, int seed) =>
        mlContext.Data.TrainTestSplit(mlContext.Data.Cache(Load(mlContext, path)), testFraction: 0.2, seed: seed);
}
