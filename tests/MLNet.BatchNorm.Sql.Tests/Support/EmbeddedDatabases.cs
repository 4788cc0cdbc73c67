using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;

namespace MLNet.BatchNorm.Sql.Tests.Support;

public sealed class DuckDbDatabase() : TestDatabase(new DuckDBConnection("Data Source=:memory:"), SqlDialects.DuckDb)
{
    protected override void Append(string table, IEnumerable<object?[]> rows)
    {
        using var appender = ((DuckDBConnection)Connection).CreateAppender(table);
        foreach (object?[] values in rows)
        {
            var row = appender.CreateRow();
            foreach (object? value in values)
            {
                _ = value switch
                {
                    null => row.AppendNullValue(),
                    double number => row.AppendValue(number),
                    float number => row.AppendValue(number),
                    int number => row.AppendValue(number),
                    long number => row.AppendValue(number),
                    decimal number => row.AppendValue(number),
                    string text => row.AppendValue(text),
                    DateTime time => row.AppendValue(time),
                    _ => throw new NotSupportedException($"{value.GetType()}"),
                };
            }

            row.EndRow();
        }
    }
}

public sealed class SqliteDatabase() : TestDatabase(new SqliteConnection("Data Source=:memory:"), SqlDialects.Sqlite)
{
    public override bool HasNaN => false;

    protected override void Append(string table, IEnumerable<object?[]> rows)
    {
        using var transaction = Connection.BeginTransaction();
        using var command = Connection.CreateCommand();
        command.Transaction = transaction;
        foreach (object?[] values in rows)
        {
            if (command.Parameters.Count == 0)
            {
                command.CommandText = $"INSERT INTO {Quote(table)} VALUES ({string.Join(", ", values.Select((_, i) => $"@p{i}"))})";
                for (int i = 0; i < values.Length; i++)
                {
                    command.Parameters.Add(new SqliteParameter($"@p{i}", null));
                }
            }

            for (int i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
            }

            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
