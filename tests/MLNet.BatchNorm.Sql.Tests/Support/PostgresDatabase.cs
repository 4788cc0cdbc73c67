using Npgsql;

namespace MLNet.BatchNorm.Sql.Tests.Support;

/// <summary>A schema of its own in the cluster that all tests share.</summary>
public sealed class PostgresDatabase() : TestDatabase(PostgresCluster.Shared.Connect(), SqlDialects.PostgreSql)
{
    private readonly string _schema = $"test_{Guid.NewGuid():N}";

    protected override void Prepare() => Execute($"CREATE SCHEMA {_schema}; SET search_path = {_schema}");

    protected override void Finish()
    {
        using var connection = PostgresCluster.Shared.Connect();
        connection.Open();
        using var command = connection.CreateCommand();
        Connection.Close();
        command.CommandText = $"DROP SCHEMA {_schema} CASCADE";
        command.ExecuteNonQuery();
    }

    protected override void Append(string table, IEnumerable<object?[]> rows)
    {
        using var writer = ((NpgsqlConnection)Connection).BeginBinaryImport($"COPY {Quote(table)} FROM STDIN (FORMAT BINARY)");
        foreach (object?[] values in rows)
        {
            writer.StartRow();
            foreach (object? value in values)
            {
                if (value is null)
                {
                    writer.WriteNull();
                }
                else
                {
                    writer.Write(value);
                }
            }
        }

        writer.Complete();
    }
}
