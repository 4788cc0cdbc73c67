using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.QuickStart;

/// <summary>
/// What outliers do to a scaling, and to the model behind it. Spambase holds shares of words in e-mails: 0 in most of them, and in a few a hundred times
/// as much as usual. The same logistic regression behind each scaling, by the mean of five folds of data that it was not trained on.
/// </summary>
internal static class Outliers
{
    private const int FeatureCount = 57;
    private const int Folds = 5;

    public static void Run()
    {
        var mlContext = new MLContext(seed: 1);
        Email[] emails = [.. File.ReadLines(ShippedData.PathOf("spam.csv")).Skip(1).Select(Parse)];
        IDataView data = mlContext.Data.LoadFromEnumerable(emails, Schema());

        // The quartiles of most features are 0 and 0. From the first to the last tenth there is something to see.
        var wide = new RobustScalingOptions { LowerQuantile = 0.1, UpperQuantile = 0.9 };
        var scalings = new Dictionary<string, IEstimator<ITransformer>>
        {
            ["ScaleMinMax"] = mlContext.Transforms.ScaleMinMax("Features"),
            ["Standardize"] = mlContext.Transforms.Standardize("Features"),
            ["RobustScale"] = mlContext.Transforms.RobustScale("Features", options: wide),
        };
        Console.WriteLine("scaling      accuracy, strongly regularized   weakly  area under the curve   weakly  largest scaled value");
        foreach (var (name, scaling) in scalings)
        {
            // The weights are held small in the units of the scaled features: a range that one outlier has stretched leaves little of all others.
            var strongly = Measure(mlContext, data, scaling, l2Regularization: 100);
            var weakly = Measure(mlContext, data, scaling, l2Regularization: 1);
            float largest = scaling.Fit(data).Transform(data).GetColumn<float[]>("Features").Max(row => row.Max());
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}  {strongly.Accuracy,30:F4}  {weakly.Accuracy,7:F4}  {strongly.AreaUnderCurve,20:F4}  {weakly.AreaUnderCurve,7:F4}  {largest,20:F1}"));
        }

        // One typing error: a share of a word of 5 million percent. Which scales move?
        Email[] wrong = [.. emails];
        wrong[0] = new Email { Features = [5e6f, .. emails[0].Features[1..]], Label = emails[0].Label };
        IDataView damaged = mlContext.Data.LoadFromEnumerable(wrong, Schema());
        Console.WriteLine("one wrong value in 4601, and the first feature's scale is, of what it was:");
        Print("ScaleMinMax", mlContext.Transforms.ScaleMinMax("Features").Fit(damaged).Columns[0].Scale[0] / mlContext.Transforms.ScaleMinMax("Features").Fit(data).Columns[0].Scale[0]);
        Print("Standardize", mlContext.Transforms.Standardize("Features").Fit(damaged).Columns[0].Scale[0] / mlContext.Transforms.Standardize("Features").Fit(data).Columns[0].Scale[0]);
        Print(
            "RobustScale",
            mlContext.Transforms.RobustScale("Features", options: wide).Fit(damaged).Columns[0].Scale[0] / mlContext.Transforms.RobustScale("Features", options: wide).Fit(data).Columns[0].Scale[0]);
    }

    private static (double Accuracy, double AreaUnderCurve) Measure(MLContext mlContext, IDataView data, IEstimator<ITransformer> scaling, float l2Regularization)
    {
        var pipeline = scaling.Append(mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(l1Regularization: 0, l2Regularization: l2Regularization));
        var folds = mlContext.BinaryClassification.CrossValidate(data, pipeline, Folds);
        return (folds.Average(fold => fold.Metrics.Accuracy), folds.Average(fold => fold.Metrics.AreaUnderRocCurve));
    }

    private static void Print(string name, double ratio) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}  {ratio:G3}"));

    private static Email Parse(string line)
    {
        string[] cells = line.Split(',');
        return new Email { Features = [.. cells[..^1].Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))], Label = cells[^1] == "spam" };
    }

    private static SchemaDefinition Schema()
    {
        var schema = SchemaDefinition.Create(typeof(Email));
        schema[nameof(Email.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, FeatureCount);
        return schema;
    }

    private sealed class Email
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
