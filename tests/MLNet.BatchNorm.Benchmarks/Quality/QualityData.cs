using System.Globalization;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Benchmarks.Quality;

/// <summary>A set of data to compare trainers on.</summary>
/// <param name="Name">Of its file.</param>
/// <param name="IsRegression">Whether a number is predicted, and not a class.</param>
/// <param name="IsChosenOn">Whether the network's defaults were chosen by it; the other sets judge them.</param>
internal sealed record QualityData(string Name, bool IsRegression, bool IsChosenOn)
{
    private const int LargeRowCount = 10_000;

    public static IReadOnlyList<QualityData> All { get; } =
    [
        new("letter", IsRegression: false, IsChosenOn: true),
        new("diamonds", IsRegression: true, IsChosenOn: true),
        new("breast_cancer", IsRegression: false, IsChosenOn: false),
        new("spam", IsRegression: false, IsChosenOn: true),
        new("digits", IsRegression: false, IsChosenOn: false),
        new("wine", IsRegression: false, IsChosenOn: false),
        new("diabetes", IsRegression: true, IsChosenOn: true),
    ];

    /// <summary>How many splits a result is the mean of: small test sets are chance.</summary>
    public int SplitCount(IDataView data) => data.GetRowCount() > LargeRowCount ? 1 : 5;

    /// <summary>The rows, with numbers in Numbers and texts in Texts, and the target in Target or Class.</summary>
    public IDataView Load(MLContext mlContext)
    {
        string[][] lines = [.. Lines().Skip(1).Select(line => line.Split(',', StringSplitOptions.TrimEntries).Select(cell => cell.Trim('"')).ToArray())];
        int[] columns = [.. Enumerable.Range(0, lines[0].Length - 1)];
        int[] numbers = [.. columns.Where(column => float.TryParse(lines[0][column], NumberStyles.Float, CultureInfo.InvariantCulture, out _))];
        int[] texts = [.. columns.Except(numbers)];
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Numbers)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, numbers.Length);
        schema[nameof(Row.Texts)].ColumnType = new VectorDataViewType(TextDataViewType.Instance, Math.Max(1, texts.Length));
        return mlContext.Data.LoadFromEnumerable(
            lines.Select(line => new Row
            {
                Numbers = [.. numbers.Select(column => float.Parse(line[column], CultureInfo.InvariantCulture))],
                Texts = texts.Length == 0 ? [""] : [.. texts.Select(column => line[column])],
                Target = IsRegression ? float.Parse(line[^1], CultureInfo.InvariantCulture) : 0,
                Class = line[^1],
            }).ToArray(),
            schema);
    }

    /// <summary>Numbers standardized, texts one-hot, and the class as a key.</summary>
    public IEstimator<ITransformer> Features(MLContext mlContext)
    {
        IEstimator<ITransformer> scaled = mlContext.Transforms.Standardize("Numbers");
        IEstimator<ITransformer> features = Name == "diamonds"
            ? scaled.Append(mlContext.Transforms.Categorical.OneHotEncoding("Texts")).Append(mlContext.Transforms.Concatenate("Features", "Numbers", "Texts"))
            : scaled.Append(mlContext.Transforms.CopyColumns("Features", "Numbers"));
        return IsRegression ? features.Append(mlContext.Transforms.CopyColumns("Label", "Target")) : features.Append(mlContext.Transforms.Conversion.MapValueToKey("Label", "Class"));
    }

    private List<string> Lines()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "data", $"{Name}.csv");
        using var file = File.OpenRead(File.Exists(path) ? path : $"{path}.gz");
        using Stream stream = file.Name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }
        return lines;
    }

    private sealed class Row
    {
        public float[] Numbers { get; set; } = [];

        public string[] Texts { get; set; } = [];

        public float Target { get; set; }

        public string Class { get; set; } = "";
    }
}
