using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.QuickStart;

/// <summary>Standardizes all columns of a CSV file but the last, which is taken for the label and kept.</summary>
internal static class StandardizeCsv
{
    public static void Run(string inputPath, string outputPath)
    {
        string header = File.ReadLines(inputPath).First();
        string[] names = header.Split(',');
        string label = names[^1];

        var mlContext = new MLContext();
        IDataView table = mlContext.Data.LoadFromTextFile(
            inputPath,
            [.. names.Select((name, column) => new TextLoader.Column(name, DataKind.Single, column))],
            separatorChar: ',',
            hasHeader: true);
        IDataView data = mlContext.Transforms.Concatenate("Features", names[..^1]).Fit(table).Transform(table);

        StandardizationTransformer standardization = mlContext.Transforms.Standardize("Features").Fit(data);
        ScalingReport report = standardization.Report;
        Console.WriteLine(report);

        IDataView scaled = standardization.Transform(data);
        IEnumerable<string> lines = scaled.GetColumn<float[]>("Features").Zip(
            scaled.GetColumn<float>(label),
            (features, target) => string.Join(',', features.Append(target).Select(value => value.ToString(CultureInfo.InvariantCulture))));
        File.WriteAllLines(outputPath, lines.Prepend(header));
        Console.WriteLine($"Written: {outputPath}, with every feature of mean 0 and standard deviation 1. Train on that file.");
    }
}
