using MLNet.BatchNorm.Sql.Tests.Support;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Sql.Tests.Moments;

/// <summary>More columns than an engine gives in one result.</summary>
public sealed class WideTableTests
{
    [Theory]
    [InlineData("DuckDB", 10_000, 40)]
    [InlineData("SQLite", 1_900, 10)]
    public void They_are_read_whole(string engine, int width, int statementCount) => Read(engine, width, statementCount);

    [PostgresFact]
    public void PostgreSQL_too() => Read("PostgreSQL", 1_500, 9);

    [Theory]
    [InlineData("DuckDB")]
    [InlineData("SQLite")]
    public void Groups_of_wide_rows_are_put_together(string engine)
    {
        using var database = TestDatabase.Open(engine);
        string[] names = [.. Enumerable.Range(0, 500).Select(i => $"x{i}")];
        database.Create("rows", names, [.. Enumerable.Range(0, 3).SelectMany(row => names.Select((_, i) => (double)((row * 1000) + i)))]);
        var options = new SqlMomentsOptions { Dialect = new Narrow(database.Dialect) };

        var groups = database.Connection.ComputeFeatureMomentsByGroup("rows", names, "x0", options);

        groups.Should().HaveCount(3);
        groups[2].Moments.Mean.Should().Equal(names.Select((_, i) => 2000.0 + i));
    }

    [Fact]
    public void A_given_transaction_holds_all_parts()
    {
        using var database = TestDatabase.Open("SQLite");
        string[] names = [.. Enumerable.Range(0, 500).Select(i => $"x{i}")];
        database.Create("rows", names, [.. names.Select((_, i) => (double)i)]);
        using var transaction = database.Connection.BeginTransaction();

        FeatureMoments moments = database.Connection.ComputeFeatureMoments("rows", names, new SqlMomentsOptions { Transaction = transaction });

        moments.Mean.Should().Equal(names.Select((_, i) => (double)i));
        transaction.Commit();
    }

    private static void Read(string engine, int width, int statementCount)
    {
        using var database = TestDatabase.Open(engine);
        string[] names = [.. Enumerable.Range(0, width).Select(i => $"x{i}")];
        float[] values = RandomData.Normal(1, width * 20, 1e3, 1).ToSingle();
        database.Create("rows", [.. names.Select(name => (name, "REAL"))], values.Chunk(width).Select(row => Array.ConvertAll(row, value => (object?)value)));
        var expected = new FeatureMoments(width);
        expected.AddRows<float>(values, 20);
        List<string> statements = [];

        FeatureMoments moments = database.Connection.ComputeFeatureMoments("rows", names, new SqlMomentsOptions { StatementLog = statements.Add });

        MomentsTests.ShouldEqual(moments, expected);
        statements.Should().HaveCount(1 + statementCount);
    }

    /// <summary>An engine that gives but few columns in one result.</summary>
    private sealed record Narrow(ISqlDialect Inner) : ISqlDialect
    {
        public string Name => Inner.Name;

        public string Materialized => Inner.Materialized;

        public string CountFunction => Inner.CountFunction;

        public int MaximumResultColumns => 100;

        public System.Data.IsolationLevel SnapshotIsolation => Inner.SnapshotIsolation;

        public string QuoteIdentifier(string name) => Inner.QuoteIdentifier(name);

        public string ParameterMarker(string name) => Inner.ParameterMarker(name);

        public string ToDouble(string expression) => Inner.ToDouble(expression);

        public string Literal(double value) => Inner.Literal(value);

        public string? Quantile(string expression, double probability) => Inner.Quantile(expression, probability);

        public string? IsNoNumber(string expression) => Inner.IsNoNumber(expression);
    }
}
