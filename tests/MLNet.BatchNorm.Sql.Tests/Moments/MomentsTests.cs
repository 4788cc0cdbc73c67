using MLNet.BatchNorm.Sql.Tests.Support;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Sql.Tests.Moments;

/// <summary>The database's moments are those of the same rows in this process.</summary>
public sealed class MomentsTests
{
    private static readonly string[] Columns = ["a", "b", "c"];

    public static TheoryData<string> Engines => [.. TestDatabase.Engines];

    public static TheoryData<string, double, double> EnginesAndScales
    {
        get
        {
            var data = new TheoryData<string, double, double>();
            foreach (string engine in TestDatabase.Engines)
            {
                data.Add(engine, 0, 1);
                data.Add(engine, 1e6, 1);
                data.Add(engine, 1e9, 1e-3);
                data.Add(engine, -1e12, 1e3);
                data.Add(engine, 1e-100, 1e-102);
            }

            return data;
        }
    }

    [PostgresFact]
    public void PostgreSQL_is_among_the_engines() => Engines.Should().HaveCount(3);

    [Theory]
    [MemberData(nameof(EnginesAndScales))]
    public async Task They_equal_the_fit_of_the_same_rows(string engine, double mean, double deviation)
    {
        double[] values = RandomData.Normal(1, 60_000, mean, deviation);
        for (int i = 5; i < values.Length; i += 1000)
        {
            values[i] = double.NaN;
        }

        FeatureMoments expected = InProcess(values, Columns.Length);
        using var database = TestDatabase.Open(engine);
        database.Create("rows", Columns, values);

        FeatureMoments moments = database.Connection.ComputeFeatureMoments("rows", Columns);
        FeatureMoments again = await database.Connection.ComputeFeatureMomentsAsync("rows", Columns);

        ShouldEqual(moments, expected);
        again.Statistics.Should().Equal(moments.Statistics);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void It_takes_one_statement_besides_the_probe_of_the_columns(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", Columns, [1, 2, 3]);
        List<string> statements = [];

        database.Connection.ComputeFeatureMoments("rows", Columns, new SqlMomentsOptions { StatementLog = statements.Add });

        statements.Should().HaveCount(2);
        statements[0].Should().EndWith("WHERE 1 = 0");
        statements[1].Should().NotContainAny("VAR", "STDDEV", "var_pop");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Columns_are_the_features_in_the_order_of_the_call(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", Columns, [1, 20, 300, 3, 40, 500]);

        FeatureMoments moments = database.Connection.ComputeFeatureMoments("rows", ["c", "a"]);

        moments.Mean.Should().Equal(400, 2);
        moments.PopulationVariance.Should().Equal(10_000, 1);
        moments.Minimum.Should().Equal(300, 1);
        moments.Maximum.Should().Equal(500, 3);
        moments.Count.Should().Equal(2, 2);
        moments.RowCount.Should().Be(2);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Weights_count_as_in_process(string engine)
    {
        double[] values = RandomData.Normal(2, 30_000, 1e9, 1e-3);
        double[] weights = [.. RandomData.Normal(3, 10_000).Select((weight, i) => i % 7 == 0 ? 0 : Math.Abs(weight))];
        values[21] = double.PositiveInfinity;  // row 7, of weight 0
        values[30] = double.NaN;
        var expected = new FeatureMoments(3);
        expected.AddRows<double>(values, 10_000, weights);
        using var database = TestDatabase.Open(engine);
        double[] withWeights = [.. values.Chunk(3).Zip(weights, (row, weight) => (double[])[.. row, weight]).SelectMany(row => row)];
        database.Create("rows", [.. Columns, "weight"], withWeights);

        ShouldEqual(database.Connection.ComputeFeatureMoments("rows", Columns, new SqlMomentsOptions { WeightColumnName = "weight" }), expected);
        ShouldEqual(
            database.Connection.ComputeFeatureMoments(
                SqlSource.Query("SELECT q.*, 1 AS part FROM rows q"), Columns, new SqlMomentsOptions { WeightColumnName = "weight", PartitionColumnName = "part" }),
            expected);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Integers_and_decimals_are_numbers(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create(
            "rows",
            [("small", "INTEGER"), ("large", "BIGINT"), ("exact", "DECIMAL(20, 4)"), ("single", "REAL")],
            [
                [1, 9_000_000_000_000_000L, 0.1m, 0.5f],
                [2, 9_000_000_000_000_002L, 12_345_678_901_234.5678m, 1.5f],
                [null, null, null, null],
            ]);

        FeatureMoments moments = database.Connection.ComputeFeatureMoments("rows", ["small", "large", "exact", "single"]);

        moments.Count.Should().Equal(2, 2, 2, 2);
        moments.MissingCount.Should().Equal(1, 1, 1, 1);
        moments.Mean.ShouldBeClose([1.5, 9_000_000_000_000_001, (0.1 + 12_345_678_901_234.5678) / 2, 1], 1e-15);
        moments.PopulationVariance.ShouldBeClose([0.25, 1, Math.Pow((12_345_678_901_234.5678 - 0.1) / 2, 2), 0.25], 1e-14);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Missing_values_are_left_out_and_infinities_follow_the_policy(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create(
            "rows",
            Columns,
            [
                1, double.NaN, double.PositiveInfinity,
                2, double.NaN, double.NegativeInfinity,
                double.NaN, double.NaN, 7,
                double.MaxValue, double.NaN, -7,
            ]);

        FluentActions.Invoking(() => database.Connection.ComputeFeatureMoments("rows", ["b", "c"])).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'c': 2 value(s) are infinite.*");

        var options = new SqlMomentsOptions
        {
            Infinity = InfinityPolicy.LeaveOut,
            Filter = [new SqlCondition("a", SqlComparison.Less, 1e300)],
        };
        FeatureMoments filtered = database.Connection.ComputeFeatureMoments("rows", Columns, options);
        filtered.Count.Should().Equal(2, 0, 0);
        filtered.Mean[0].Should().Be(1.5);

        FeatureMoments rest = database.Connection.ComputeFeatureMoments("rows", ["b", "c"], options with { Filter = [] });
        rest.MissingCount.Should().Equal(4, 0);
        rest.InfiniteCount.Should().Equal(0, 2);
        rest.Mean.Should().Equal(double.NaN, 0);
        rest.PopulationVariance[1].Should().Be(49);
        rest.RowCount.Should().Be(4);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_largest_numbers_are_finite(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", ["x"], [double.MaxValue, double.MaxValue]);

        FluentActions.Invoking(() => database.Connection.ComputeFeatureMoments("rows", ["x"])).Should().Throw<InvalidOperationException>()
            .Which.Message.Should().Contain("overflow").And.NotContain("infinite");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Rows_are_filtered_by_values_that_are_parameters(string engine)
    {
        using var database = TestDatabase.Open(engine);
        string hostile = "x' OR '1' = '1'; DROP TABLE rows; --";
        database.Create(
            "rows",
            [("value", engine == "DuckDB" ? "DOUBLE" : "DOUBLE PRECISION"), ("label", "VARCHAR(100)"), ("year", "INTEGER")],
            [[1.0, hostile, 2024], [2.0, hostile, 2025], [4.0, "plain", 2025], [8.0, null, 2026]]);

        Sum(new SqlCondition("label", SqlComparison.Equal, hostile)).Should().Be(3);
        Sum(new SqlCondition("label", SqlComparison.NotEqual, hostile)).Should().Be(4);
        Sum(new SqlCondition("label", SqlComparison.IsNull)).Should().Be(8);
        Sum(new SqlCondition("label", SqlComparison.IsNotNull)).Should().Be(7);
        Sum(new SqlCondition("year", SqlComparison.Less, 2025)).Should().Be(1);
        Sum(new SqlCondition("year", SqlComparison.LessOrEqual, 2025)).Should().Be(7);
        Sum(new SqlCondition("year", SqlComparison.Greater, 2025)).Should().Be(8);
        Sum(new SqlCondition("year", SqlComparison.GreaterOrEqual, 2025), new SqlCondition("label", SqlComparison.Equal, "plain")).Should().Be(4);
        Sum(new SqlCondition("year", SqlComparison.Greater, 3000)).Should().Be(0);

        double Sum(params SqlCondition[] filter)
        {
            FeatureMoments moments = database.Connection.ComputeFeatureMoments("rows", ["value"], new SqlMomentsOptions { Filter = filter });
            return moments.Count[0] == 0 ? 0 : moments.Mean[0] * moments.Count[0];
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_query_is_a_source_too_with_parameters_and_a_comment_at_its_end(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", Columns, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        string marker = database.Dialect.ParameterMarker("least");
        var source = SqlSource.Query($"SELECT a * 2 AS twice, b FROM rows WHERE a >= {marker}; -- done", new Dictionary<string, object?> { ["least"] = 4 });

        FluentActions.Invoking(() => database.Connection.ComputeFeatureMoments(source, ["twice", "b"])).Should().Throw<InvalidOperationException>("a semicolon in the middle is a second statement");
        source = SqlSource.Query($"SELECT a * 2 AS twice, b FROM rows WHERE a >= {marker} -- done", new Dictionary<string, object?> { ["least"] = 4 });
        FeatureMoments moments = database.Connection.ComputeFeatureMoments(source, ["twice", "b"]);

        moments.Mean.Should().Equal(11, 6.5);
        moments.RowCount.Should().Be(2);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_table_without_rows_gives_moments_of_none(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", Columns, []);

        FeatureMoments moments = database.Connection.ComputeFeatureMoments("rows", Columns);

        moments.RowCount.Should().Be(0);
        moments.Count.Should().Equal(0, 0, 0);
        moments.Mean.Should().Equal(double.NaN, double.NaN, double.NaN);
        database.Connection.ComputeFeatureMomentsByGroup("rows", ["a"], "b").Should().BeEmpty();
        database.Connection.ComputeFeatureMoments("rows", ["a"], new SqlMomentsOptions { PartitionColumnName = "b" }).RowCount.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_constant_far_from_zero_is_one(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", ["x"], [.. Enumerable.Repeat(0.1 + 1e9, 1000)]);

        FeatureMoments moments = database.Connection.ComputeFeatureMoments("rows", ["x"]);

        moments.IsConstant(0).Should().BeTrue();
        moments.Mean[0].Should().Be(0.1 + 1e9);
    }

    internal static FeatureMoments InProcess(double[] values, int width)
    {
        var moments = new FeatureMoments(width);
        moments.AddRows<double>(values, values.Length / width);
        return moments;
    }

    internal static void ShouldEqual(FeatureMoments actual, FeatureMoments expected)
    {
        actual.RowCount.Should().Be(expected.RowCount);
        actual.Count.Should().Equal(expected.Count);
        actual.MissingCount.Should().Equal(expected.MissingCount);
        actual.InfiniteCount.Should().Equal(expected.InfiniteCount);
        actual.Minimum.Should().Equal(expected.Minimum);
        actual.Maximum.Should().Equal(expected.Maximum);
        actual.WeightSum.ShouldBeClose(expected.WeightSum, 1e-12);
        // A mean near 0 is known as well as the deviation allows.
        double spread = expected.PopulationStandardDeviation.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        actual.Mean.ShouldBeClose(expected.Mean, 1e-12, spread);
        actual.PopulationVariance.ShouldBeClose(expected.PopulationVariance, 1e-12);
        actual.SampleVariance.ShouldBeClose(expected.SampleVariance, 1e-12);
    }
}
