using System.Data;

namespace MLNet.BatchNorm.Sql;

/// <summary>
/// DuckDB: transactions are snapshots, and know no other isolation. It has no limit on result columns, but plans a statement in a time that
/// grows with their square: 10,000 features in one take minutes, in forty of 255 features seconds.
/// </summary>
internal sealed record DuckDbDialect : AnsiDialect
{
    public DuckDbDialect()
        : base("DuckDB")
    {
        DoubleType = "DOUBLE";
        ParameterPrefix = '$';
        Materialized = "MATERIALIZED ";
        MaximumResultColumns = 2300;
        SnapshotIsolation = IsolationLevel.Unspecified;
    }

    public override string Literal(double value) => Number(value);
}
