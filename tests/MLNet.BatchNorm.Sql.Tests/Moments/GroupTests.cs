using MLNet.BatchNorm.Sql.Tests.Support;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Sql.Tests.Moments;

public sealed class GroupTests
{
    private const int Days = 12;
    private const int RowsPerDay = 500;

    public static TheoryData<string> Engines => [.. TestDatabase.Engines];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Each_group_has_the_moments_of_its_rows_in_order(string engine)
    {
        using var database = Days_of_data(engine, out var days);

        var groups = database.Connection.ComputeFeatureMomentsByGroup("rows", ["a", "b"], "day");
        var again = await database.Connection.ComputeFeatureMomentsByGroupAsync("rows", ["a", "b"], "day");

        groups.Select(group => Convert.ToInt32(group.Group, null)).Should().Equal(Enumerable.Range(0, Days));
        for (int day = 0; day < Days; day++)
        {
            MomentsTests.ShouldEqual(groups[day].Moments, days[day]);
            again[day].Moments.Statistics.Should().Equal(groups[day].Moments.Statistics);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Running_moments_are_those_of_the_days_one_after_the_other(string engine)
    {
        using var database = Days_of_data(engine, out var days);
        var expected = new RunningMoments(2, 0.3, VarianceEstimator.Sample, RunningStart.FirstBatch);
        Array.ForEach(days, expected.Update);

        RunningMoments running = database.Connection.ComputeFeatureMomentsByGroup("rows", ["a", "b"], "day")
            .ToRunningMoments(0.3, VarianceEstimator.Sample, RunningStart.FirstBatch);

        running.Mean.ShouldBeClose(expected.Mean, 1e-12);
        running.Variance.ShouldBeClose(expected.Variance, 1e-12);
        running.BatchCount.Should().Be(Days);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Groups_merge_to_the_whole_and_so_do_partitions(string engine)
    {
        using var database = Days_of_data(engine, out var days);
        var expected = new FeatureMoments(2);
        Array.ForEach(days, expected.Merge);

        var merged = new FeatureMoments(2);
        foreach (GroupMoments group in database.Connection.ComputeFeatureMomentsByGroup("rows", ["a", "b"], "day"))
        {
            merged.Merge(group.Moments);
        }

        MomentsTests.ShouldEqual(merged, expected);
        MomentsTests.ShouldEqual(database.Connection.ComputeFeatureMoments("rows", ["a", "b"]), expected);
        MomentsTests.ShouldEqual(
            database.Connection.ComputeFeatureMoments("rows", ["a", "b"], new SqlMomentsOptions { PartitionColumnName = "day" }), expected);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_group_may_lack_values_and_text_makes_groups_as_well(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create(
            "rows",
            [("name", "VARCHAR(20)"), ("x", engine == "DuckDB" ? "DOUBLE" : "DOUBLE PRECISION")],
            [["b", 1.0], ["a'; --", null], ["b", 3.0]]);

        var groups = database.Connection.ComputeFeatureMomentsByGroup("rows", ["x"], "name");

        groups.Select(group => group.Group).Should().Equal("a'; --", "b");
        groups[0].Moments.MissingCount.Should().Equal(1);
        groups[0].Moments.Mean.Should().Equal(double.NaN);
        groups[1].Moments.Mean.Should().Equal(2);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Rows_in_no_group_are_an_error_that_counts_them(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", [("day", "INTEGER"), ("x", "REAL")], [[null, 1f], [1, 2f], [null, 3f]]);

        FluentActions.Invoking(() => database.Connection.ComputeFeatureMomentsByGroup("rows", ["x"], "day")).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'day', which makes the groups, is NULL in 2 row(s).*");
        FluentActions.Invoking(() => database.Connection.ComputeFeatureMoments("rows", ["x"], new SqlMomentsOptions { PartitionColumnName = "day" }))
            .Should().Throw<InvalidOperationException>().WithMessage("Column 'day', which makes the partitions, is NULL in 2 row(s).*");

        var given = new SqlMomentsOptions { Filter = [new SqlCondition("day", SqlComparison.IsNotNull)] };
        database.Connection.ComputeFeatureMomentsByGroup("rows", ["x"], "day", given).Single().Moments.Mean.Should().Equal(2);
    }

    [Fact]
    public void No_groups_have_no_running_moments() =>
        FluentActions.Invoking(() => Array.Empty<GroupMoments>().ToRunningMoments()).Should().Throw<ArgumentException>().WithMessage("*at least one group*");

    [Fact]
    public void Groups_and_partitions_exclude_each_other()
    {
        using var database = TestDatabase.Open("DuckDB");

        FluentActions.Invoking(() => database.Connection.ComputeFeatureMomentsByGroup("t", ["x"], "g", new SqlMomentsOptions { PartitionColumnName = "p" }))
            .Should().Throw<ArgumentException>().WithMessage("*partitions*");
    }

    /// <summary>Days far apart beside their spread: one common center would cost digits.</summary>
    private static TestDatabase Days_of_data(string engine, out FeatureMoments[] days)
    {
        var database = TestDatabase.Open(engine);
        days = new FeatureMoments[Days];
        List<object?[]> rows = [];
        for (int day = 0; day < Days; day++)
        {
            double[] values = RandomData.Normal(day, RowsPerDay * 2, 1e6 * day, 0.5);
            days[day] = MomentsTests.InProcess(values, 2);
            rows.AddRange(values.Chunk(2).Select(row => new object?[] { day, row[0], row[1] }));
        }

        string real = engine == "DuckDB" ? "DOUBLE" : "DOUBLE PRECISION";
        database.Create("rows", [("day", "INTEGER"), ("a", real), ("b", real)], rows.OrderBy(row => row[1]!.GetHashCode()));
        return database;
    }
}
