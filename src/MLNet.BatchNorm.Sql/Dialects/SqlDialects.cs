using System.Data.Common;

namespace MLNet.BatchNorm.Sql;

/// <summary>The dialects that are known.</summary>
public static class SqlDialects
{
    /// <summary>Standard SQL.</summary>
    public static ISqlDialect Ansi { get; } = new AnsiDialect();

    /// <summary>DuckDB, from version 1.</summary>
    public static ISqlDialect DuckDb { get; } = new DuckDbDialect();

    /// <summary>PostgreSQL, from version 12.</summary>
    public static ISqlDialect PostgreSql { get; } = new PostgreSqlDialect();

    /// <summary>SQLite, from version 3.35.</summary>
    public static ISqlDialect Sqlite { get; } = new SqliteDialect();

    /// <summary>Microsoft SQL Server, from version 2016, and Azure SQL.</summary>
    public static ISqlDialect SqlServer { get; } = new SqlServerDialect();

    /// <summary>The dialect of a connection, told by its type: that of DuckDB.NET, Npgsql, Microsoft.Data.Sqlite, or (Microsoft or System).Data.SqlClient.</summary>
    /// <param name="connection">The connection; it need not be open.</param>
    /// <exception cref="NotSupportedException">The connection is of another type.</exception>
    public static ISqlDialect For(DbConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        for (Type? type = connection.GetType(); type is not null; type = type.BaseType)
        {
            switch (type.Name)
            {
                case "DuckDBConnection":
                    return DuckDb;
                case "NpgsqlConnection":
                    return PostgreSql;
                case "SqliteConnection":
                    return Sqlite;
                case "SqlConnection":
                    return SqlServer;
            }
        }

        throw new NotSupportedException(
            $"Which SQL a {connection.GetType().FullName} speaks is not known: set {nameof(SqlMomentsOptions)}.{nameof(SqlMomentsOptions.Dialect)}, " +
            $"to {nameof(SqlDialects)}.{nameof(Ansi)} or to an {nameof(AnsiDialect)} with the engine's own spelling.");
    }
}
