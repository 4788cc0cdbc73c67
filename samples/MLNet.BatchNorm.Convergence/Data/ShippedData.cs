namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>The data sets that come with the program; SOURCES.md beside them names their origin.</summary>
public static class ShippedData
{
    /// <summary>Images of handwritten digits.</summary>
    public const string Digits = "digits";

    /// <summary>Every data set that linear models are trained on by default, in the order of the report.</summary>
    public static IReadOnlyList<string> Names { get; } = ["breast_cancer", "wine", "diabetes_above_median", "diabetes"];

    /// <summary>Every data set that networks are trained on by default.</summary>
    public static IReadOnlyList<string> NetworkNames { get; } = [Digits, "breast_cancer"];

    /// <summary>Data sets that are studied only where they are asked for: of ten thousands of rows.</summary>
    public static IReadOnlyList<string> LargeNames { get; } = ["letter", "diamonds"];

    /// <summary>All names.</summary>
    public static IEnumerable<string> AllNames => Names.Union(NetworkNames).Concat(LargeNames);

    /// <summary>Loads one by its name.</summary>
    /// <exception cref="StudyInputException">There is none of that name, or its file is missing.</exception>
    public static TabularData Load(string name) => name switch
    {
        "breast_cancer" => Read("breast_cancer", "label", LearningTask.Binary) with
        {
            Description = "Breast Cancer Wisconsin: benign or malignant, from features whose scales differ by a factor of a million",
        },
        "wine" => Read("wine", "label", LearningTask.Multiclass) with { Description = "Wine: which of three cultivars, from chemical analyses" },
        "diabetes" => Read("diabetes", "target", LearningTask.Regression) with
        {
            Description = "Diabetes: disease progression after a year, in original units",
        },
        "diabetes_above_median" => AboveMedian(Read("diabetes", "target", LearningTask.Regression)) with
        {
            Name = "diabetes_above_median",
            Description = "Diabetes: whether disease progression is above its median",
        },
        Digits => Read("digits", "label", LearningTask.Multiclass, allFeatures: true) with { Description = "Digits: handwritten digits, images of 8 x 8 pixels" },
        "letter" => Read("letter", "letter", LearningTask.Multiclass, ".csv.gz") with { Description = "Letter: which of 26 capital letters, from 16 numbers that describe its shape" },
        "diamonds" => Read("diamonds", "price", LearningTask.Regression, ".csv.gz") with { Description = "Diamonds: the price, from measures in millimetres and three grades in words" },
        _ => throw new StudyInputException($"There is no data set '{name}'. Shipped are: {string.Join(", ", AllNames)}."),
    };

    private static TabularData Read(string file, string label, LearningTask task, string extension = ".csv", bool allFeatures = false) =>
        TabularDataReader.Read(Path.Combine(AppContext.BaseDirectory, "data", file + extension), label, task, allFeatures: allFeatures) with { TakenFor = string.Empty };

    private static TabularData AboveMedian(TabularData data)
    {
        var sorted = data.Labels.Order().ToArray();
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return data with
        {
            Task = LearningTask.Binary,
            Labels = [.. data.Labels.Select(target => target > median ? 1d : 0d)],
            ClassNames = ["at or below the median", "above the median"],
        };
    }
}
