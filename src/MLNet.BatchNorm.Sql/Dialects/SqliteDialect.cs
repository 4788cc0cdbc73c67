using System.Data;

namespace MLNet.BatchNorm.Sql;

/// <summary>
/// SQLite: any column may hold values of any type, which CAST would silently make 0; and a result has at most 2000 columns. NaN is stored as NULL. It has no quantiles.
/// </summary>
internal sealed record SqliteDialect : AnsiDialect
{
    public SqliteDialect()
        : base("SQLite")
    {
        DoubleType = "REAL";
        Materialized = "MATERIALIZED ";
        MaximumResultColumns = 1900;
        SnapshotIsolation = IsolationLevel.Serializable;
    }

    public override string Literal(double value) => Number(value);

    public override string? Quantile(string expression, double probability) => null;

    public override string? IsNoNumber(string expression) => $"typeof({expression}) NOT IN ('real', 'integer', 'null')";
}
