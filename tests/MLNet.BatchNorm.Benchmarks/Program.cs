using System.Globalization;
using BenchmarkDotNet.Running;
using MLNet.BatchNorm.Benchmarks;
using MLNet.BatchNorm.Benchmarks.Quality;
using MLNet.BatchNorm.Benchmarks.Report;
using MLNet.BatchNorm.Benchmarks.Sql;

switch (args)
{
    case ["--report", string path, .. string[] sections]:
        File.WriteAllText(path, PerformanceReport.Create(File.Exists(path) ? File.ReadAllText(path) : string.Empty, sections));
        break;
    case ["--compare", string dataPath]:
        ComparisonNumbers.Print(Console.Out, dataPath);
        break;
    case ["--sql-large", string rowCount]:
        LargeTableMeasurement.Run(long.Parse(rowCount, CultureInfo.InvariantCulture));
        break;
    case ["--sql-large", string part, string rowCount]:
        LargeTableMeasurement.RunPart(part, long.Parse(rowCount, CultureInfo.InvariantCulture));
        break;
    case ["--sql-files"]:
        FilesMeasurement.Run();
        break;
    case ["--batch-sizes"]:
        BatchSizeTable.Print(Console.Out);
        break;
    case ["--networks", .. string[] names]:
        QualityTable.Print(names, Console.Out);
        break;
    default:
        // In this process: nothing is built anew for each benchmark.
        BenchmarkSwitcher.FromAssembly(typeof(MatrixDataView).Assembly).Run([.. args, "--inProcess"]);
        break;
}
