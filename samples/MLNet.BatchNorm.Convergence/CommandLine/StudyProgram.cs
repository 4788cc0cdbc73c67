using Microsoft.ML;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Lesson;
using MLNet.BatchNorm.Convergence.Output;
using MLNet.BatchNorm.Convergence.Report;
using MLNet.BatchNorm.Convergence.Study;
using Spectre.Console;

namespace MLNet.BatchNorm.Convergence.CommandLine;

/// <summary>One run of the program, from the data to the files.</summary>
internal static class StudyProgram
{
    private const int Width = 80;

    public static void Run(StudyRequest request, CancellationToken cancellation)
    {
        var dataSets = request.LoadData();
        var networkDataSets = request.LoadNetworkData(dataSets);
        using var output = OutputFolder.Open(request.OutputPath);
        var console = AnsiConsole.Console;
        console.Profile.Width = Console.IsOutputRedirected ? Width : Math.Max(Width, console.Profile.Width);
        console.MarkupLineInterpolated($"[grey]{ConvergenceStudy.MicrosoftML}.[/]");
        foreach (var data in dataSets.Where(data => data.TakenFor.Length > 0))
        {
            console.MarkupLineInterpolated($"{data.Name}: taken for {data.TakenFor}.");
        }

        foreach (var (data, note) in dataSets.SelectMany(data => data.Notes.Select(note => (data, note))))
        {
            console.MarkupLineInterpolated($"[yellow]{data.Name}: {note}[/]");
        }

        console.Write(ConsoleTables.Lesson(LessonTable.Scale(new MLContext(request.Settings.Seed))));
        var outcome = ProgressBars.Show(ConvergenceStudy.PartNames(dataSets, networkDataSets), progress =>
            ConvergenceStudy.Run(dataSets, networkDataSets, request.Settings, request.ThreadCount, progress, request.TimeBudget, cancellation));
        Print(console, dataSets, outcome);
        foreach (var data in dataSets.Where(data => outcome.BestPipelines[data.Name] is not null))
        {
            var fileName = data == dataSets[0] ? "best-pipeline.zip" : $"best-pipeline-{data.Name}.zip";
            SaveBest(console, data, outcome.BestPipelines[data.Name]!, request.Settings, output, fileName);
        }

        File.WriteAllText(output.TemporaryPath("results.json"), StudyJson.Write(outcome.Results));
        File.WriteAllText(output.TemporaryPath("timings.json"), StudyJson.Write(outcome.Timings));
        File.WriteAllText(output.TemporaryPath("curves.csv"), CurvesCsv.Write(outcome.Results));
        File.WriteAllText(output.TemporaryPath("networks.csv"), NetworksCsv.Write(outcome.Results));
        File.WriteAllText(output.TemporaryPath("report.html"), StudyReport.Write(outcome.Results, outcome.Timings));
        cancellation.ThrowIfCancellationRequested();
        var written = output.Complete();
        console.MarkupLineInterpolated($"Took {Numbers.Brief(outcome.Timings.TotalSeconds)} seconds. Written to {request.OutputPath}: {string.Join(", ", written.Select(Path.GetFileName))}.");
        console.WriteLine();
        foreach (var sentence in outcome.Results.Summary)
        {
            console.MarkupLineInterpolated($"{sentence}");
        }
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<TabularData> dataSets, StudyOutcome outcome)
    {
        var settings = outcome.Results.Settings;
        foreach (var (data, note) in outcome.Results.DataSets.Zip(dataSets).SelectMany(pair => pair.First.Notes.Except(pair.Second.Notes).Select(note => (pair.First.Name, note))))
        {
            console.MarkupLineInterpolated($"[yellow]{data}: {note}[/]");
        }

        if (outcome.Results.DataSets.Count > 0)
        {
            console.Write(ConsoleTables.Conditions(outcome.Results));
        }

        foreach (var data in outcome.Results.DataSets)
        {
            foreach (var c in settings.InverseStrengths)
            {
                console.Write(ConsoleTables.Arrivals(data, settings, c));
            }

            console.Write(ConsoleTables.Pipelines(data, outcome.Timings, settings));
        }

        foreach (var network in outcome.Results.Networks)
        {
            console.Write(ConsoleTables.Networks(network, settings.Networks));
        }
    }

    private static void SaveBest(
        IAnsiConsole console, TabularData data, PipelineComparison.Run best, StudySettings settings, OutputFolder output, string fileName)
    {
        var rows = DataViews.Create(new MLContext(settings.Seed), data);
        SavedModel.Save(best.Model!, rows.Schema, output.TemporaryPath(fileName));
        var scores = SavedModel.ReloadAndCheck(best.Model!, output.TemporaryPath(fileName), rows);
        console.MarkupLineInterpolated(
            $"{data.Name}: lowest training loss by [bold]{best.Result.Trainer}, {best.Result.Scaling}[/]. Saved as {fileName} and loaded back: all {scores.Count} rows score the same.");
    }
}
