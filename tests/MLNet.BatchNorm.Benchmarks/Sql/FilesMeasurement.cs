using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Benchmarks.Report;
using MLNet.BatchNorm.Sql;

namespace MLNet.BatchNorm.Benchmarks.Sql;

/// <summary>From a CSV file of 2,000,000 x 8 to a fitted normalizer: stock ML.NET, this library, and DuckDB's moments, in turn; and the last from Parquet.</summary>
internal static class FilesMeasurement
{
    private const int RowCount = 2_000_000;
    private const int ColumnCount = 8;
    private const int Rounds = 3;
    private const string Folder = "artifacts/sql";

    private static readonly string[] Columns = [.. Enumerable.Range(0, ColumnCount).Select(i => $"x{i}")];

    public static void Run()
    {
        Directory.CreateDirectory(Folder);
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Make(connection);
        double[] seconds = Stopwatches.Best(
            Rounds,
            () => Stock(Load(new MLContext())),
            () => Ours(Load(new MLContext()), 1),
            () => Ours(Load(new MLContext()), 2),
            () => FromDatabase($"SELECT * FROM read_csv('{Folder}/numbers.csv', header = true)"),
            () => FromDatabase($"SELECT * FROM read_parquet('{Folder}/numbers.parquet')"));
        string[] names =
        [
            "LoadFromTextFile, NormalizeMeanVariance", "LoadFromTextFile, Standardize", "LoadFromTextFile, Standardize on 2 threads",
            "DuckDB from CSV, ComputeFeatureMoments", "DuckDB from Parquet, ComputeFeatureMoments",
        ];
        Console.WriteLine(Machine.Describe());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{RowCount:N0} rows x {ColumnCount}, from file to fitted, best of {Rounds}:"));
        for (int i = 0; i < names.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {names[i]} | {seconds[i]:F2} s | {seconds[0] / seconds[i]:F1} |"));
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static IDataView Load(MLContext mlContext) => mlContext.Data.LoadFromTextFile(
        $"{Folder}/numbers.csv", [new TextLoader.Column("Features", DataKind.Single, 0, ColumnCount - 1)], separatorChar: ',', hasHeader: true);

    private static void Stock(IDataView data) => new MLContext().Transforms.NormalizeMeanVariance("Features", fixZero: false).Fit(data);

    private static void Ours(IDataView data, int threads) =>
        new MLContext().Transforms.Standardize("Features", options: new StandardizationOptions { MaxDegreeOfParallelism = threads }).Fit(data);

    private static void FromDatabase(string query)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.ComputeFeatureMoments(SqlSource.Query(query), Columns);
    }

    private static void Make(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        string columns = string.Join(", ", Columns.Select(name => $"CAST(1000 + sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS REAL) AS {name}"));
        command.CommandText =
            $"""
            CREATE TABLE numbers AS SELECT {columns} FROM range({RowCount});
            COPY numbers TO '{Folder}/numbers.csv' (HEADER true);
            COPY numbers TO '{Folder}/numbers.parquet' (FORMAT parquet);
            DROP TABLE numbers;
            """;
        command.ExecuteNonQuery();
    }
}
