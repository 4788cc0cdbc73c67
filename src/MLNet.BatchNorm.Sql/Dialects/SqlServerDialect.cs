using System.Data;

namespace MLNet.BatchNorm.Sql;

/// <summary>Microsoft SQL Server: names in brackets, at most 4096 columns in a SELECT. Its float holds neither NaN nor infinity; its
/// PERCENTILE_CONT is no aggregate.</summary>
internal sealed record SqlServerDialect : AnsiDialect
{
    public SqlServerDialect()
        : base("SQL Server")
    {
        DoubleType = "FLOAT(53)";
        CountFunction = "COUNT_BIG";
        MaximumResultColumns = 4000;
        SnapshotIsolation = IsolationLevel.Snapshot;
    }

    public override string QuoteIdentifier(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return $"[{name.Replace("]", "]]", StringComparison.Ordinal)}]";
    }

    public override string Literal(double value) => Number(value);

    public override string? Quantile(string expression, double probability) => null;
}
