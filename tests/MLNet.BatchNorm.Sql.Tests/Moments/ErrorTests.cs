using System.Data;
using System.Diagnostics;
using DuckDB.NET.Data;
using MLNet.BatchNorm.Sql.Tests.Support;

namespace MLNet.BatchNorm.Sql.Tests.Moments;

public sealed class ErrorTests
{
    /// <summary>Takes minutes, wherever it runs.</summary>
    private const string Endless = "SELECT sin(a.i) AS x FROM (SELECT i FROM numbers) a CROSS JOIN numbers b CROSS JOIN numbers c";

    // By then the server has begun, on a busy machine too: what it has not begun it cannot be asked to stop.
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(2);

    public static TheoryData<string> Engines => [.. TestDatabase.Engines];

    /// <summary>Those whose provider can stop a statement: Microsoft.Data.Sqlite's Cancel does nothing.</summary>
    public static TheoryData<string, bool> EnginesThatStop
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string engine in TestDatabase.Engines.Except(["SQLite"]))
            {
                data.Add(engine, true);
                data.Add(engine, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_missing_column_is_named_with_those_that_are_there(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", ["age", "Salary"], [1, 2]);

        Computing(database, ["age", "salary"]).Should().Throw<ArgumentException>()
            .WithMessage("Could not find feature column 'salary' in table 'rows'. Columns found: 'age', 'Salary'.*");
        Computing(database, ["age"], new SqlMomentsOptions { WeightColumnName = "w" }).Should().Throw<ArgumentException>().WithMessage("Could not find weight column 'w'*");
        Computing(database, ["age"], new SqlMomentsOptions { PartitionColumnName = "p" }).Should().Throw<ArgumentException>().WithMessage("Could not find partition column 'p'*");
        Computing(database, ["age"], new SqlMomentsOptions { Filter = [new SqlCondition("f", SqlComparison.IsNull)] }).Should().Throw<ArgumentException>()
            .WithMessage("Could not find filter column 'f'*");
        FluentActions.Invoking(() => database.Connection.ComputeFeatureMomentsByGroup("rows", ["age"], "day")).Should().Throw<ArgumentException>()
            .WithMessage("Could not find group column 'day'*");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_column_of_text_is_named(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", [("name", "VARCHAR(20)"), ("x", "REAL")], [["12", 1f], ["ann", 2f]]);

        var error = Computing(database, ["x", "name"]);
        if (engine == "SQLite")
        {
            error.Should().Throw<InvalidOperationException>().WithMessage("Column 'name': 2 value(s) are text or blobs, not numbers.*");
            Computing(database, ["x"], new SqlMomentsOptions { WeightColumnName = "name" }).Should().Throw<InvalidOperationException>()
                .WithMessage("Weight column 'name': 2 row(s)*");
        }
        else
        {
            error.Should().Throw<ArgumentException>().WithMessage("Column 'name' of table 'rows': expected numbers, and found *");
            Computing(database, ["x"], new SqlMomentsOptions { WeightColumnName = "name" }).Should().Throw<ArgumentException>()
                .WithMessage("Weight column 'name' of table 'rows': expected numbers, and found *");
        }
    }

    [Fact]
    public void A_text_among_numbers_is_found_where_columns_hold_anything()
    {
        using var database = TestDatabase.Open("SQLite");
        database.Create("rows", [("x", "REAL")], [[1.0], ["abc"], [3.0]]);

        Computing(database, ["x"]).Should().Throw<InvalidOperationException>().WithMessage("Column 'x': 1 value(s) are text or blobs*");
        database.Connection.ComputeFeatureMomentsByGroup(
            SqlSource.Query("SELECT * FROM rows WHERE typeof(x) = 'real'"), ["x"], "x").Should().HaveCount(2);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Weights_that_are_none_are_counted(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", ["x", "w"], [1, 1, 2, -1, 3, double.NaN, 4, double.PositiveInfinity, 5, 0]);

        Computing(database, ["x"], new SqlMomentsOptions { WeightColumnName = "w" }).Should().Throw<InvalidOperationException>()
            .WithMessage("Weight column 'w': 3 row(s) have a weight that is negative, NULL, NaN or infinite.*");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void What_the_database_says_is_passed_on_with_the_source(string engine)
    {
        using var database = TestDatabase.Open(engine);

        Computing(database, ["x"]).Should().Throw<InvalidOperationException>().WithMessage($"{engine} refused to read the moments of table 'rows': *rows*")
            .Which.InnerException.Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(EnginesThatStop))]
    public async Task After_the_timeout_the_statement_is_stopped(string engine, bool isAsync)
    {
        using var database = Numbers(engine);
        var options = new SqlMomentsOptions { Timeout = UnderWay };
        var clock = Stopwatch.StartNew();

        (await FluentActions.Awaiting(() => Compute(database, options, isAsync)).Should().ThrowAsync<TimeoutException>())
            .WithMessage("Reading the moments of query 'SELECT sin*was not done after * s, and was stopped; there is no result.*");

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
        database.Connection.ComputeFeatureMoments("numbers", ["i"]).RowCount.Should().Be(3000, "the connection is as good as before");
    }

    [Theory]
    [MemberData(nameof(EnginesThatStop))]
    public async Task A_canceled_token_stops_the_statement(string engine, bool isAsync)
    {
        using var database = Numbers(engine);
        using var source = new CancellationTokenSource(UnderWay);
        var clock = Stopwatch.StartNew();

        (await FluentActions.Awaiting(() => Compute(database, new SqlMomentsOptions(), isAsync, source.Token)).Should().ThrowAsync<OperationCanceledException>())
            .WithMessage("*was canceled; there is no result.").Which.CancellationToken.Should().Be(source.Token);

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
        database.Connection.ComputeFeatureMoments("numbers", ["i"]).RowCount.Should().Be(3000, "the connection is as good as before");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_token_that_was_canceled_before_asks_nothing(string engine)
    {
        using var database = TestDatabase.Open(engine);
        List<string> statements = [];
        var options = new SqlMomentsOptions { StatementLog = statements.Add };

        FluentActions.Invoking(() => database.Connection.ComputeFeatureMoments("rows", ["x"], options, new CancellationToken(canceled: true)))
            .Should().Throw<OperationCanceledException>();
    }

    [PostgresFact]
    public async Task A_lost_connection_is_said_to_be_lost()
    {
        using var database = Numbers("PostgreSQL");
        object process = database.Scalar("SELECT pg_backend_pid()")!;
        var computing = Task.Run(() => Compute(database, new SqlMomentsOptions(), isAsync: false));
        using var other = PostgresCluster.Shared.Connect();
        await other.OpenAsync();
        using var command = other.CreateCommand();
        command.CommandText = $"SELECT pg_terminate_backend({process}) FROM pg_stat_activity WHERE pid = {process} AND query LIKE 'WITH center%'";
        while (await command.ExecuteScalarAsync() is not true)
        {
            await Task.Delay(50);
        }

        (await FluentActions.Awaiting(() => computing).Should().ThrowAsync<InvalidOperationException>())
            .WithMessage("The connection to PostgreSQL*was lost while the moments of query*there is no result. Open it again and repeat.*");
        database.Connection.State.Should().NotBe(ConnectionState.Open);
    }

    [PostgresFact]
    public void A_connection_that_cannot_be_opened_says_so()
    {
        using var connection = PostgresCluster.Shared.Connect();
        connection.ConnectionString = connection.ConnectionString.Replace($"Port={PostgresCluster.Shared.Port}", "Port=1", StringComparison.Ordinal);

        FluentActions.Invoking(() => connection.ComputeFeatureMoments("rows", ["x"])).Should().Throw<InvalidOperationException>().WithMessage("The connection to PostgreSQL could not be opened*");
    }

    [Fact]
    public void A_closed_connection_is_opened_and_closed_again()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.db");
        try
        {
            using var connection = new DuckDBConnection($"Data Source={path}");
            connection.Open();
            using (var command = connection.CreateCommand())
            {
                command.CommandText = "CREATE TABLE rows AS SELECT 5.0 AS x";
                command.ExecuteNonQuery();
            }

            connection.Close();

            connection.ComputeFeatureMoments("rows", ["x"]).Mean.Should().Equal(5);
            connection.State.Should().Be(ConnectionState.Closed);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Arguments_are_checked_before_the_database_is_asked()
    {
        using var database = TestDatabase.Open("SQLite");

        Computing(database, []).Should().Throw<ArgumentException>().WithMessage("*at least one column*");
        Computing(database, ["x", "x"]).Should().Throw<ArgumentException>().WithMessage("*'x' is named twice*");
        Computing(database, [""]).Should().Throw<ArgumentException>();
        Computing(database, ["x"], new SqlMomentsOptions { Timeout = TimeSpan.Zero }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*positive time*");
        Computing(database, ["x"], new SqlMomentsOptions { Infinity = (InfinityPolicy)9 }).Should().Throw<ArgumentOutOfRangeException>();
        Computing(database, ["x"], new SqlMomentsOptions { Filter = [new SqlCondition("x", SqlComparison.Equal)] }).Should().Throw<ArgumentException>()
            .WithMessage("*needs a value*IsNull*");
        Computing(database, ["x"], new SqlMomentsOptions { Filter = [new SqlCondition("x", SqlComparison.IsNull, 1)] }).Should().Throw<ArgumentException>()
            .WithMessage("*takes no value*");
        Computing(database, ["x"], new SqlMomentsOptions { Filter = [new SqlCondition("x", (SqlComparison)77, 1)] }).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => SqlSource.Query("  ")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => SqlSource.Table()).Should().Throw<ArgumentException>();
    }

    [PostgresFact]
    public void A_query_with_a_column_twice_is_told_so()
    {
        using var database = TestDatabase.Open("PostgreSQL");

        FluentActions.Invoking(() => database.Connection.ComputeFeatureMoments(SqlSource.Query("SELECT 1 AS x, 2 AS x"), ["x"])).Should().Throw<ArgumentException>()
            .WithMessage("*has 2 columns 'x'*");
    }

    private static Task<FeatureMoments> Compute(TestDatabase database, SqlMomentsOptions options, bool isAsync, CancellationToken token = default) => isAsync
        ? database.Connection.ComputeFeatureMomentsAsync(SqlSource.Query(Endless), ["x"], options, token)
        : Task.FromResult(database.Connection.ComputeFeatureMoments(SqlSource.Query(Endless), ["x"], options, token));

    private static Action Computing(TestDatabase database, string[] columns, SqlMomentsOptions? options = null) =>
        () => database.Connection.ComputeFeatureMoments("rows", columns, options);

    private static TestDatabase Numbers(string engine)
    {
        var database = TestDatabase.Open(engine);
        database.Create("numbers", ["i"], [.. Enumerable.Range(0, 3000).Select(i => (double)i)]);
        return database;
    }
}
