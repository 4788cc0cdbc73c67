using System.Data;

namespace MLNet.BatchNorm.Sql;

/// <summary>DuckDB: transactions are snapshots, and know no other isolation.</summary>
internal sealed record DuckDbDialect : AnsiDialect
{
    public DuckDbDialect()
        : base("DuckDB")
    {
        DoubleType = "DOUBLE";
        ParameterPrefix = '$';
        Materialized = "MATERIALIZED ";
        MaximumResultColumns = 100_000;
        SnapshotIsolation = IsolationLevel.Unspecified;
    }

    public override string Literal(double value) => Number(value);
}
