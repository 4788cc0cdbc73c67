using System.Data;
using System.Data.Common;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Sql.Tests.Support;

namespace MLNet.BatchNorm.Sql.Tests.Dialects;

/// <summary>What is written for engines that no test runs on: SQL Server, and those that follow the standard.</summary>
public sealed class DialectTests
{
    private readonly AffineTransformer _clipped = new MLContext().Transforms
        .ScaleMinMax([new("y", "x]\"`")], new MinMaxScalingOptions { DataMinimum = -1, DataMaximum = 3, Clip = true })
        .Fit(new MLContext().Data.LoadFromEnumerable([new Value { X = 1 }, new Value { X = 2 }], Named("x]\"`")));

    [Fact]
    public void SQL_Server_has_brackets_and_its_own_float() => _clipped.ToSql(SqlDialects.SqlServer, SqlSource.Table("dbo", "ro]ws")).ReplaceLineEndings("\n").Should().Be(
        """
        SELECT CASE WHEN mapped.y0 < 0.0000000000000000E+000 THEN 0.0000000000000000E+000 WHEN -mapped.y0 < (-1.0000000000000000E+000) THEN 1.0000000000000000E+000 ELSE mapped.y0 END AS [y]
        FROM (
        SELECT (CAST(source.[x]]"`] AS FLOAT(53)) - (-1.0000000000000000E+000)) * 2.5000000000000000E-001 AS y0
        FROM [dbo].[ro]]ws] AS source
        ) AS mapped
        """.ReplaceLineEndings("\n"));

    [Fact]
    public void Standard_SQL_has_double_quotes_and_DOUBLE_PRECISION() => _clipped.ToSql(SqlDialects.Ansi, "rows").Should()
        .Contain("(CAST(source.\"x]\"\"`\" AS DOUBLE PRECISION) - CAST((-1.0000000000000000E+000) AS DOUBLE PRECISION)) * CAST(2.5000000000000000E-001 AS DOUBLE PRECISION)");

    [Fact]
    public void BigQuery_and_Spark_have_backticks() => _clipped.ToSql(new AnsiDialect("BigQuery") { Quote = '`', DoubleType = "FLOAT64" }, SqlSource.Table("project", "data", "rows"))
        .Should().Contain("CAST(source.`x]\"``` AS FLOAT64)").And.Contain("FROM `project`.`data`.`rows` AS source");

    [Fact]
    public void SQL_Server_counts_beyond_31_bits()
    {
        var request = new MomentsRequest("rows", ["x"], null, new SqlMomentsOptions { Filter = [new SqlCondition("d", SqlComparison.Equal, 1)] }, SqlDialects.SqlServer);

        MomentsStatement.Build(request, ["x"]).ReplaceLineEndings("\n").Should().Be(
            """
            WITH center AS (
            SELECT COUNT_BIG(*) AS n,
            COUNT_BIG(x0) AS n0, COUNT_BIG(i0) AS ni0, MIN(x0) AS min0, MAX(x0) AS max0,
            AVG(x0) AS c0
            FROM (
            SELECT CASE WHEN ABS(x0) <= 1.7976931348623157E+308 THEN x0 END AS x0,
            CASE WHEN (x0 < (-1.7976931348623157E+308) OR -x0 < (-1.7976931348623157E+308)) THEN 1 END AS i0
            FROM (
            SELECT CAST(source.[x] AS FLOAT(53)) AS x0
            FROM [rows] AS source
            WHERE source.[d] = @filter0
            ) AS read_rows
            ) AS vals
            ), sums AS (
            SELECT SUM((x0 - c0)) AS s0, SUM((x0 - c0) * (x0 - c0)) AS q0
            FROM (
            SELECT CASE WHEN ABS(x0) <= 1.7976931348623157E+308 THEN x0 END AS x0,
            CASE WHEN (x0 < (-1.7976931348623157E+308) OR -x0 < (-1.7976931348623157E+308)) THEN 1 END AS i0
            FROM (
            SELECT CAST(source.[x] AS FLOAT(53)) AS x0
            FROM [rows] AS source
            WHERE source.[d] = @filter0
            ) AS read_rows
            ) AS vals CROSS JOIN center
            )
            SELECT 0 AS k,
            n,
            n AS np, 0 AS nb,
            n0, ni0, 0 AS nb0, min0, max0, c0, n0 AS nw0, s0, q0
            FROM center CROSS JOIN sums
            """.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Numbers_that_SQL_has_no_literal_for_are_refused(double value)
    {
        foreach (ISqlDialect dialect in new[] { SqlDialects.Ansi, SqlDialects.DuckDb, SqlDialects.PostgreSql, SqlDialects.Sqlite, SqlDialects.SqlServer })
        {
            FluentActions.Invoking(() => dialect.Literal(value)).Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    [Theory]
    [InlineData("DuckDB")]
    [InlineData("SQLite")]
    public void The_dialect_is_told_from_the_connection(string engine)
    {
        using var database = TestDatabase.Open(engine);

        SqlDialects.For(database.Connection).Name.Should().Be(engine);
    }

    [Fact]
    public void Of_other_connections_the_dialect_must_be_given()
    {
        using var other = new OtherConnection();

        FluentActions.Invoking(() => other.ComputeFeatureMoments("rows", ["x"])).Should().Throw<NotSupportedException>().WithMessage("*OtherConnection*Dialect*Ansi*");
    }

    [Fact]
    public void Standard_SQL_computes_moments_where_it_is_spoken()
    {
        using var database = TestDatabase.Open("DuckDB");
        database.Create("rows", ["x", "g"], [1, 1, 3, 1, 5, 2]);
        var options = new SqlMomentsOptions { Dialect = SqlDialects.Ansi };

        database.Connection.ComputeFeatureMoments("rows", ["x"], options).Mean.Should().Equal(3);
        database.Connection.ComputeFeatureMomentsByGroup("rows", ["x"], "g", options).Select(group => group.Moments.Mean[0]).Should().Equal(2, 5);
        database.Connection.ComputeFeatureMoments("rows", ["x"], options with { PartitionColumnName = "g", WeightColumnName = "g" }).Mean.Should().Equal(3.5);
    }

    private static SchemaDefinition Named(string name)
    {
        var definition = SchemaDefinition.Create(typeof(Value));
        definition[0].ColumnName = name;
        return definition;
    }

    private sealed class Value
    {
        public double X { get; set; }
    }

    private sealed class OtherConnection : DbConnection
    {
#pragma warning disable CS8765 // The base allows null, and ignores it.
        public override string ConnectionString { get; set; } = string.Empty;
#pragma warning restore CS8765

        public override string Database => string.Empty;

        public override string DataSource => string.Empty;

        public override string ServerVersion => string.Empty;

        public override ConnectionState State => ConnectionState.Closed;

        public override void ChangeDatabase(string databaseName)
        {
        }

        public override void Close()
        {
        }

        public override void Open()
        {
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

        protected override DbCommand CreateDbCommand() => throw new NotSupportedException();
    }
}
