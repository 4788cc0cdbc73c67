using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Sql;

namespace MLNet.BatchNorm.QuickStart;

/// <summary>
/// A standardization fitted over a folder of Parquet files that is larger than the memory that reading it may take. DuckDB, in this process,
/// computes the moments; no server, and no row in ML.NET until there is something to score.
/// </summary>
internal static class ParquetFolder
{
    private const string MemoryLimit = "64MB";
    private const int FileCount = 4;
    private const int RowsPerFile = 500_000;

    private static readonly string[] Sensors = ["temperature", "pressure", "humidity", "wind", "dew", "light", "noise", "dust"];

    public static void Run(string sqlPath)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            using var connection = new DuckDBConnection("Data Source=:memory:");
            connection.Open();
            Execute(connection, $"SET memory_limit = '{MemoryLimit}'");
            Execute(connection, $"SET temp_directory = '{Path.Combine(folder.FullName, "spill")}'");
            Make(connection, folder);
            FileInfo[] files = folder.GetFiles("*.parquet");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files.Length} Parquet files of {files.Sum(file => file.Length) / 1e6:F0} MB; DuckDB may take {MemoryLimit}"));
            Fit(connection, SqlSource.Query($"SELECT * FROM read_parquet('{folder.FullName}/*.parquet')"), sqlPath);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Fit(DuckDBConnection connection, SqlSource readings, string sqlPath)
    {
        FeatureMoments moments = connection.ComputeFeatureMoments(readings, Sensors);

        // A transformer like any other: it can be updated, merged, saved, inverted.
        var mlContext = new MLContext();
        IDataView rows = mlContext.Data.LoadFromEnumerable(Read(connection, $"{readings.Text} LIMIT 1000"), Definition());
        StandardizationTransformer standardization = mlContext.Transforms.Standardize("Readings")
            .Fit(rows.Schema, new Dictionary<string, FeatureMoments> { ["Readings"] = moments });
        Console.WriteLine(standardization.Report);

        // Scored by ML.NET, and by the database with the statement that is written.
        double[] scored = [.. standardization.Transform(rows).GetColumn<double[]>("Readings").SelectMany(row => row)];
        string sql = standardization.ToSql(SqlDialects.DuckDb, readings, new SqlScoringOptions { InputColumns = Sensors });
        File.WriteAllText(sqlPath, sql);
        double[] inDatabase = [.. Read(connection, $"{sql} LIMIT 1000").SelectMany(row => row.Readings)];
        double difference = scored.Zip(inDatabase, (one, other) => Math.Abs(one - other)).Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference between ML.NET and {sqlPath} on {scored.Length} values: {difference:E1}"));
    }

    private static void Make(DuckDBConnection connection, DirectoryInfo folder)
    {
        // Noise, each sensor at its own level. Yours were written by something else.
        string columns = string.Join(", ", Sensors.Select((sensor, i) => $"{(i + 1) * 100} + sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS {sensor}"));
        for (int file = 0; file < FileCount; file++)
        {
            Execute(connection, $"COPY (SELECT {columns} FROM range({RowsPerFile})) TO '{folder.FullName}/part{file}.parquet' (FORMAT parquet, ROW_GROUP_SIZE 20000)");
        }
    }

    private static List<Reading> Read(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<Reading> rows = [];
        while (reader.Read())
        {
            rows.Add(new Reading { Readings = [.. Sensors.Select((_, i) => reader.GetDouble(i))] });
        }

        return rows;
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SchemaDefinition Definition()
    {
        var definition = SchemaDefinition.Create(typeof(Reading));
        definition[nameof(Reading.Readings)].ColumnType = new VectorDataViewType(NumberDataViewType.Double, Sensors.Length);
        return definition;
    }

    private sealed class Reading
    {
        public double[] Readings { get; set; } = [];
    }
}
