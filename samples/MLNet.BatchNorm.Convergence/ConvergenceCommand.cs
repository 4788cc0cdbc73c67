using System.CommandLine;
using Microsoft.ML;
using Spectre.Console;

namespace MLNet.BatchNorm.Convergence;

/// <summary>The command line: options, the order of the run, and one clear line with exit code 1 for anything the user can put right.</summary>
public static class ConvergenceCommand
{
    /// <summary>The root command, ready to parse arguments.</summary>
    public static RootCommand Create()
    {
        var dataOption = new Option<FileInfo>("--breast-cancer")
        {
            Description = "The breast cancer data set (CSV with a header; the last column, label, is 0 or 1).",
            DefaultValueFactory = _ => new FileInfo(BreastCancerData.ShippedPath),
        };
        var outputOption = new Option<DirectoryInfo>("--out")
        {
            Description = "The folder for the model zip; created if it does not exist.",
            DefaultValueFactory = _ => new DirectoryInfo("convergence-results"),
        };
        var seedOption = new Option<int>("--seed")
        {
            Description = "Seed of the train/test split and of the trainers: the same seed gives the same figures (times aside).",
            DefaultValueFactory = _ => 1,
        };

        var command = new RootCommand("Shows on real data what scaling the features does to ML.NET's L-BFGS and SDCA.")
        {
            dataOption,
            outputOption,
            seedOption,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Guarded(
            () => Run(parsed.GetValue(dataOption)!, parsed.GetValue(outputOption)!, parsed.GetValue(seedOption), cancellation))));
        return command;
    }

    private static void Run(FileInfo data, DirectoryInfo output, int seed, CancellationToken cancellation)
    {
        AnsiConsole.MarkupLineInterpolated($"[grey]Implementation of Microsoft.ML: {typeof(MLContext).Assembly.GetName().Name}.dll[/]");

        var mlContext = new MLContext(seed);
        AnsiConsole.Write(ConsoleTables.Lesson(LessonTable.Scale(mlContext)));

        var split = BreastCancerData.LoadAndSplit(mlContext, data.FullName, seed);
        var results = ScalingComparison.Run(mlContext, split, seed, ConsoleTables.Progress(), cancellation);
        AnsiConsole.Write(ConsoleTables.Comparison(results));

        var best = results.MinBy(result => result.TrainingLogLoss)!;
        var path = SavedModel.Save(mlContext, best.Model, split.TrainSet.Schema, output, "best-pipeline.zip");
        var check = SavedModel.ReloadAndCheck(mlContext, best.Model, path, mlContext.Data.TakeRows(split.TestSet, 5));
        AnsiConsole.MarkupLineInterpolated(
            $"Lowest training log-loss: [bold]{best.Trainer}, {best.Scaling}[/]. Saved as {path} and loaded back; its first predictions:");
        AnsiConsole.Write(ConsoleTables.Predictions(check));
    }

    private static int Guarded(Action run)
    {
        try
        {
            run();
            return 0;
        }
        catch (OperationCanceledException)
        {
            AnsiConsole.MarkupLine("[yellow]Cancelled; nothing more was written.[/]");
            return 130;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException
            or FormatException or ArgumentException)
        {
            Console.Error.WriteLine($"error: {exception.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }
}
