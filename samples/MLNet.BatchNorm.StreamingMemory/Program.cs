using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MLNet.BatchNorm.StreamingMemory;

// Fits Standardize and BatchNormalize over rows that exist only while they are read, each in a process of its own, and prints the peak
// working set of each beside that of a process that does nothing:
//     dotnet run -c Release --project samples/MLNet.BatchNorm.StreamingMemory -- [rows] [features]
const string Nothing = "nothing";
const string MeasureArgument = "--measure";

if (args is [MeasureArgument, var what, var rowsText, var featuresText])
{
    Measure(what, long.Parse(rowsText, CultureInfo.InvariantCulture), int.Parse(featuresText, CultureInfo.InvariantCulture));
    return 0;
}
if (!TryRead(args, 0, 10_000_000, out long rows) || !TryRead(args, 1, 8, out long features) || args.Length > 2)
{
    Console.Error.WriteLine("Usage: MLNet.BatchNorm.StreamingMemory [rows, default 10000000] [features, default 8]");
    return 1;
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows x {features} features, Single ({rows * features * sizeof(float) / 1e6:N0} MB if they were held)"));
long nothing = Report(Nothing, 0);
foreach (string fit in new[] { "Standardize", "BatchNormalize" })
{
    Report(fit, nothing);
}
return 0;

long Report(string what, long baseline)
{
    string[] answer = Run(what).Split(' ');
    long peak = long.Parse(answer[0], CultureInfo.InvariantCulture);
    double seconds = double.Parse(answer[1], CultureInfo.InvariantCulture);
    string comparison = what == Nothing ? string.Empty : string.Create(
        CultureInfo.InvariantCulture, $", {(peak - baseline) / 1e6:+0.0;-0.0} MB, in {seconds:F1} s");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-16} peak working set {peak / 1e6,6:F1} MB{comparison}"));
    return peak;
}

string Run(string what)
{
    string program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path to start itself again by.");
    var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
    if (Path.GetFileNameWithoutExtension(program) == "dotnet")
    {
        start.ArgumentList.Add(typeof(GeneratedRows).Assembly.Location);
    }
    foreach (string argument in new[] { MeasureArgument, what, rows.ToString(CultureInfo.InvariantCulture), features.ToString(CultureInfo.InvariantCulture) })
    {
        start.ArgumentList.Add(argument);
    }
    using var process = Process.Start(start) ?? throw new InvalidOperationException($"Could not start {program}.");
    string output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"The run of {what} ended with code {process.ExitCode}.");
}

static void Measure(string what, long rows, int features)
{
    var clock = Stopwatch.StartNew();
    if (what != Nothing)
    {
        var transforms = new MLContext().Transforms;
        var data = new GeneratedRows(rows, features);
        _ = what == "Standardize"
            ? (ITransformer)transforms.Standardize(GeneratedRows.ColumnName).Fit(data)
            : transforms.BatchNormalize(GeneratedRows.ColumnName).Fit(data);
    }
    using var process = Process.GetCurrentProcess();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{process.PeakWorkingSet64} {clock.Elapsed.TotalSeconds:F2}"));
}

static bool TryRead(string[] args, int index, long standard, out long value)
{
    value = standard;
    return args.Length <= index || (long.TryParse(args[index], NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out value) && value > 1);
}
