using System.Data;

namespace MLNet.BatchNorm.Sql;

/// <summary>PostgreSQL: a target list has at most 1664 entries.</summary>
internal sealed record PostgreSqlDialect : AnsiDialect
{
    public PostgreSqlDialect()
        : base("PostgreSQL")
    {
        Materialized = "MATERIALIZED ";
        MaximumResultColumns = 1600;
        SnapshotIsolation = IsolationLevel.RepeatableRead;
    }
}
