using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using MLNet.BatchNorm.Benchmarks.Report;
using MLNet.BatchNorm.Sql;

namespace MLNet.BatchNorm.Benchmarks.Sql;

/// <summary>
/// Time and peak memory of the moments of a table that is far larger than DuckDB may take of memory. The table is made, and the moments are
/// computed, by processes of their own, so that the one's memory is not the other's.
/// </summary>
internal static class LargeTableMeasurement
{
    private const string Folder = "artifacts/sql";
    private const string MemoryLimit = "512MB";
    private const int ColumnCount = 8;

    public static void Run(long rowCount)
    {
        Directory.CreateDirectory(Folder);
        Console.WriteLine(Machine.Describe());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{rowCount:N0} rows x {ColumnCount} DOUBLE columns ({rowCount * ColumnCount * sizeof(double) / 1e9:F1} GB), memory_limit {MemoryLimit}"));
        foreach (string part in new[] { "make", "table", "parquet" })
        {
            using var process = Process.Start(new ProcessStartInfo(
                Environment.ProcessPath!, ["--sql-large", part, rowCount.ToString(CultureInfo.InvariantCulture)]))!;
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"The process for '{part}' ended with code {process.ExitCode}.");
            }
        }

        Directory.Delete(Folder, recursive: true);
    }

    public static void RunPart(string part, long rowCount)
    {
        using var connection = new DuckDBConnection($"Data Source={Folder}/large.db");
        connection.Open();
        Execute(connection, $"SET memory_limit = '{MemoryLimit}'");
        Execute(connection, "SET preserve_insertion_order = false");
        var clock = Stopwatch.StartNew();
        if (part == "make")
        {
            Make(connection, rowCount);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"made in {clock.Elapsed.TotalSeconds:F0} s: table {FileSize("*.db"):F1} GB, Parquet {FileSize("*.parquet"):F1} GB"));
            return;
        }

        SqlSource source = part == "table" ? "numbers" : SqlSource.Query($"SELECT * FROM read_parquet('{Folder}/*.parquet')");
        FeatureMoments moments = connection.ComputeFeatureMoments(source, [.. Enumerable.Range(0, ColumnCount).Select(i => $"x{i}")]);
        double seconds = clock.Elapsed.TotalSeconds;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{part}: {seconds:F1} s, peak working set {process.PeakWorkingSet64 / 1e6:F0} MB, {moments.RowCount} rows, x0 has mean {moments.Mean[0]:R}, deviation {moments.PopulationStandardDeviation[0]:R}"));
    }

    private static void Make(DuckDBConnection connection, long rowCount)
    {
        // Box and Muller's normal numbers, of mean 1e6 and deviation 1.
        string columns = string.Join(", ", Enumerable.Range(0, ColumnCount).Select(i => $"1e6 + sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS x{i}"));
        Execute(connection, $"CREATE TABLE numbers AS SELECT {columns} FROM range({rowCount})");
        long half = rowCount / 2;
        Execute(connection, $"COPY (SELECT * FROM numbers WHERE rowid < {half}) TO '{Folder}/part1.parquet' (FORMAT parquet)");
        Execute(connection, $"COPY (SELECT * FROM numbers WHERE rowid >= {half}) TO '{Folder}/part2.parquet' (FORMAT parquet)");
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static double FileSize(string pattern) => Directory.GetFiles(Folder, pattern).Sum(path => new FileInfo(path).Length) / 1e9;
}
