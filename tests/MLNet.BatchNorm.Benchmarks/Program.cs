using BenchmarkDotNet.Running;
using MLNet.BatchNorm.Benchmarks;
using MLNet.BatchNorm.Benchmarks.Report;

switch (args)
{
    case ["--report", string path, .. string[] sections]:
        File.WriteAllText(path, PerformanceReport.Create(File.Exists(path) ? File.ReadAllText(path) : string.Empty, sections));
        break;
    case ["--compare", string dataPath]:
        ComparisonNumbers.Print(Console.Out, dataPath);
        break;
    default:
        // In this process: nothing is built anew for each benchmark.
        BenchmarkSwitcher.FromAssembly(typeof(MatrixDataView).Assembly).Run([.. args, "--inProcess"]);
        break;
}
