using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MLNet.BatchNorm.Benchmarks;
using MLNet.BatchNorm.Benchmarks.Report;

switch (args)
{
    case ["--report", string path]:
        File.WriteAllText(path, PerformanceReport.Create());
        break;
    case ["--compare", string dataPath]:
        ComparisonNumbers.Print(Console.Out, dataPath);
        break;
    default:
        // In this process: it was built against the provider that is to be measured.
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(MatrixDataView).Assembly).Run(args, config);
        break;
}
