namespace MLNet.BatchNorm.Sql.Tests.Support;

/// <summary>A test that needs a PostgreSQL server; where there is none it is skipped, with the reason.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresCluster.Missing;
}
