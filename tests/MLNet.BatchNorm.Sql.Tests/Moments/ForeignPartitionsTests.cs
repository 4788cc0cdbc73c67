using MLNet.BatchNorm.Sql.Tests.Support;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Sql.Tests.Moments;

/// <summary>A table whose partitions lie on two other servers: they do the sums, and no rows travel.</summary>
public sealed class ForeignPartitionsTests
{
    private static readonly string[] Columns = ["a", "b"];

    [PostgresFact]
    public void Sums_are_pushed_down_to_the_servers_of_the_partitions()
    {
        double[] north = RandomData.Normal(1, 20_000, 1e9, 1e-3);
        double[] south = RandomData.Normal(2, 10_000, 1e9, 1e-3);
        using var first = new PostgresCluster();
        using var second = new PostgresCluster();
        Fill(first, "north", north);
        Fill(second, "south", south);
        using var database = TestDatabase.Open("PostgreSQL");
        database.Execute("CREATE EXTENSION IF NOT EXISTS postgres_fdw WITH SCHEMA public");
        database.Execute("SET enable_partitionwise_aggregate = on");
        database.Execute("CREATE TABLE rows (region TEXT, a DOUBLE PRECISION, b DOUBLE PRECISION) PARTITION BY LIST (region)");
        AddPartition(database, first, "north");
        AddPartition(database, second, "south");
        List<string> statements = [];
        var options = new SqlMomentsOptions { PartitionColumnName = "region", StatementLog = statements.Add };

        FeatureMoments moments = database.Connection.ComputeFeatureMoments("rows", Columns, options);

        MomentsTests.ShouldEqual(moments, MomentsTests.InProcess([.. north, .. south], 2));
        string[] plan = [.. database.Rows("EXPLAIN (VERBOSE, COSTS OFF) " + statements[1]).Select(row => (string)row[0])];
        string[] remote = [.. plan.Where(line => line.Contains("Remote SQL", StringComparison.Ordinal))];
        remote.Should().HaveCount(4, string.Join('\n', plan)).And.OnlyContain(line => line.Contains("GROUP BY", StringComparison.Ordinal) && line.Contains("sum(", StringComparison.Ordinal));
        remote.Count(line => line.Contains("min(", StringComparison.Ordinal)).Should().Be(2);
    }

    private static void Fill(PostgresCluster cluster, string region, double[] values)
    {
        using var connection = cluster.Connect();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE rows (region TEXT, a DOUBLE PRECISION, b DOUBLE PRECISION)";
        command.ExecuteNonQuery();
        using var writer = connection.BeginBinaryImport("COPY rows FROM STDIN (FORMAT BINARY)");
        foreach (double[] row in values.Chunk(2))
        {
            writer.WriteRow(region, row[0], row[1]);
        }

        writer.Complete();
    }

    private static void AddPartition(TestDatabase database, PostgresCluster cluster, string region) => database.Execute(
        $"""
        CREATE SERVER {region}_server FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{cluster.Port}', dbname 'postgres');
        CREATE USER MAPPING FOR CURRENT_USER SERVER {region}_server OPTIONS (user '{PostgresCluster.User}', password '{cluster.Password}');
        CREATE FOREIGN TABLE {region} PARTITION OF rows FOR VALUES IN ('{region}') SERVER {region}_server OPTIONS (schema_name 'public', table_name 'rows');
        """);
}
