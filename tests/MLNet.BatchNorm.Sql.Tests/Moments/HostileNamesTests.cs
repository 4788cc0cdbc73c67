using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Sql.Tests.Support;

namespace MLNet.BatchNorm.Sql.Tests.Moments;

/// <summary>Names that would do harm, were they pasted into SQL.</summary>
public sealed class HostileNamesTests
{
    private static readonly string[] Names =
    [
        "\"; DROP TABLE canary; --", "x' OR '1'='1", "a\"b", "a\"\"b", "a]b", "a]]; DROP TABLE canary; --", "a`b", "/* c", "c */", "-- d", "select", "FROM", "source",
        "x0", "c0", "k", "n", "w", "two words", " leading", "trailing ", "tab\there", "new\nline", "back\\slash", "100%s", "{0}", "$p0", "@filter0", ":x", "?",
        "ключ", "列名", "naïve", "e\u0301", "🙂", "\u202Eright to left", "1st", ".", "a.b", "*",
    ];

    public static TheoryData<string> Engines => [.. TestDatabase.Engines];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Columns_of_any_name_come_back_right(string engine)
    {
        using var database = Open(engine, "rows");

        FeatureMoments moments = database.Connection.ComputeFeatureMoments("rows", Names);

        moments.Mean.Should().Equal(Names.Select((_, i) => (double)i));
        IsThere(database);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Tables_weights_groups_and_filters_of_any_name_do_no_harm(string engine)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            string hostile = Names[i];
            using var database = Open(engine, hostile);
            var options = new SqlMomentsOptions
            {
                WeightColumnName = Names[(i + 1) % Names.Length],
                Filter = [new SqlCondition(hostile, SqlComparison.Equal, (double)i), new SqlCondition(hostile, SqlComparison.IsNotNull)],
            };

            var groups = database.Connection.ComputeFeatureMomentsByGroup(hostile, [hostile], Names[(i + 2) % Names.Length], options);
            FeatureMoments partitioned = database.Connection.ComputeFeatureMoments(hostile, [hostile], options with { PartitionColumnName = hostile });

            double weight = (i + 1) % Names.Length;
            groups.Single().Moments.Mean.Should().Equal(weight == 0 ? double.NaN : i);
            groups[0].Group.Should().Be((double)((i + 2) % Names.Length));
            partitioned.RowCount.Should().Be(1);
            IsThere(database);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Scoring_statements_of_any_name_do_no_harm(string engine)
    {
        using var database = Open(engine, Names[0]);
        var mlContext = new MLContext();
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Double, Names.Length);
        var rows = mlContext.Data.LoadFromEnumerable([new Row { Values = new double[Names.Length] }, new Row { Values = [.. Names.Select(_ => 2.0)] }], definition);
        var transformer = mlContext.Transforms.Standardize("Values").Fit(rows);

        var scored = database.Rows(transformer.ToSql(database.Dialect, Names[0], new SqlScoringOptions
        {
            InputColumns = Names,
            OutputColumns = [.. Names.Select(name => name + "!")],
            KeptColumns = Names,
        })).Single();

        scored.Should().Equal(Names.Select((_, i) => (object)(double)i).Concat(Names.Select((_, i) => (object)(double)(i - 1))));
        IsThere(database);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_hostile_name_that_is_no_column_is_missing_and_nothing_else(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", ["x"], [1]);
        database.Execute("CREATE TABLE canary (x INTEGER)");

        foreach (string name in Names.Except(["x"]))
        {
            FluentActions.Invoking(() => database.Connection.ComputeFeatureMoments("rows", [name])).Should().Throw<ArgumentException>()
                .WithMessage("Could not find feature column *Columns found: 'x'.*");
            FluentActions.Invoking(() => database.Connection.ComputeFeatureMoments(name, ["x"])).Should().Throw<InvalidOperationException>();
        }

        IsThere(database);
    }

    [Fact]
    public void A_name_with_a_NUL_is_refused_before_an_engine_cuts_it_off()
    {
        using var database = TestDatabase.Open("SQLite");

        FluentActions.Invoking(() => database.Connection.ComputeFeatureMoments("rows\0", ["x"])).Should().Throw<ArgumentException>().WithMessage("*without NUL*");
        FluentActions.Invoking(() => database.Connection.ComputeFeatureMoments("rows", ["x\0y"])).Should().Throw<ArgumentException>().WithMessage("*without NUL*");
    }

    private static TestDatabase Open(string engine, string table)
    {
        var database = TestDatabase.Open(engine);
        database.Create(table, Names, [.. Names.Select((_, i) => (double)i)]);
        database.Execute("CREATE TABLE canary (x INTEGER)");
        return database;
    }

    private static void IsThere(TestDatabase database) => Convert.ToInt32(database.Scalar("SELECT COUNT(*) FROM canary"), null).Should().Be(0);

    private sealed class Row
    {
        public double[] Values { get; set; } = [];
    }
}
