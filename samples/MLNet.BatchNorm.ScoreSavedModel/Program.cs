// Scores a model zip that the convergence study, or any pipeline over a column Features, has saved, in a program that knows nothing of
// MLNet.BatchNorm.
// Usage: dotnet run --project samples/MLNet.BatchNorm.ScoreSavedModel -- best-pipeline.zip samples/data/breast_cancer.csv [rows]
using System.Globalization;
using Microsoft.ML;
using MLNet.BatchNorm.ScoreSavedModel;

if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("Usage: ScoreSavedModel MODEL.zip DATA.csv [ROWS]");
    return 1;
}

try
{
    var count = args.Length == 3 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;
    var mlContext = new MLContext();
    var model = mlContext.Model.Load(args[0], out var schema);
    foreach (var score in SavedModelScores.Of(mlContext, model, FeatureFile.Read(args[1], schema, count)))
    {
        Console.WriteLine(score);
    }

    return 0;
}
catch (Exception exception) when (exception is InvalidDataException or IOException or FormatException or OverflowException)
{
    Console.Error.WriteLine($"error: {exception.Message.ReplaceLineEndings(" ")}");
    return 1;
}
