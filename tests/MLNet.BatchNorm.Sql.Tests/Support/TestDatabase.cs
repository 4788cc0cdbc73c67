using System.Data.Common;

namespace MLNet.BatchNorm.Sql.Tests.Support;

/// <summary>An empty database of one engine, with an open connection to it.</summary>
public abstract class TestDatabase(DbConnection connection, ISqlDialect dialect) : IDisposable
{
    /// <summary>The engines that are here to be tested: PostgreSQL needs the system's server.</summary>
    public static IEnumerable<string> Engines => PostgresCluster.Missing is null ? ["DuckDB", "SQLite", "PostgreSQL"] : ["DuckDB", "SQLite"];

    public DbConnection Connection { get; } = connection;

    public ISqlDialect Dialect { get; } = dialect;

    /// <summary>Whether columns can hold NaN.</summary>
    public virtual bool HasNaN => true;

    public static TestDatabase Open(string engine)
    {
        TestDatabase database = engine switch
        {
            "DuckDB" => new DuckDbDatabase(),
            "SQLite" => new SqliteDatabase(),
            "PostgreSQL" => new PostgresDatabase(),
            _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "Unknown engine."),
        };
        database.Connection.Open();
        database.Prepare();
        return database;
    }

    public string Quote(string name) => Dialect.QuoteIdentifier(name);

    public void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public object? Scalar(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public List<object[]> Rows(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<object[]> rows = [];
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Makes a table of the given columns and types and fills it.</summary>
    public void Create(string table, IReadOnlyList<(string Name, string Type)> columns, IEnumerable<object?[]> rows)
    {
        Execute($"CREATE TABLE {Quote(table)} ({string.Join(", ", columns.Select(column => $"{Quote(column.Name)} {column.Type}"))})");
        Append(table, rows);
    }

    /// <summary>Makes a table of double columns from a row-major matrix; where the engine has no NaN, it is NULL.</summary>
    public void Create(string table, IReadOnlyList<string> columns, IReadOnlyList<double> values) => Create(
        table,
        [.. columns.Select(name => (name, Dialect.Name == "DuckDB" ? "DOUBLE" : "DOUBLE PRECISION"))],
        values.Chunk(columns.Count).Select(row => Array.ConvertAll(row, value => double.IsNaN(value) && !HasNaN ? null : (object?)value)));

    public void Dispose()
    {
        Finish();
        Connection.Dispose();
        GC.SuppressFinalize(this);
    }

    protected virtual void Prepare()
    {
    }

    protected virtual void Finish()
    {
    }

    protected abstract void Append(string table, IEnumerable<object?[]> rows);
}
