// Scores a model zip that a pipeline with Standardize, ScaleMinMax or a MultilayerPerceptron has saved, in a program that knows nothing of
// MLNet.BatchNorm.
// Usage: dotnet run --project samples/MLNet.BatchNorm.ScoreSavedModel -- best-pipeline.zip samples/data/breast_cancer.csv [rows]
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("Usage: ScoreSavedModel MODEL.zip BREAST_CANCER.csv [ROWS]");
    return 1;
}

var mlContext = new MLContext();
var model = mlContext.Model.Load(args[0], out _);
var rows = mlContext.Data.LoadFromTextFile(
    args[1],
    [new TextLoader.Column("Features", DataKind.Single, 0, 29), new TextLoader.Column("Label", DataKind.Boolean, 30)],
    separatorChar: ',',
    hasHeader: true);
var count = args.Length == 3 ? long.Parse(args[2], CultureInfo.InvariantCulture) : 5;

foreach (var probability in model.Transform(mlContext.Data.TakeRows(rows, count)).GetColumn<float>("Probability"))
{
    Console.WriteLine(probability.ToString("R", CultureInfo.InvariantCulture));
}

return 0;
