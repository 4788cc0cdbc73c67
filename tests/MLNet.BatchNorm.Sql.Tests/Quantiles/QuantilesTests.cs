using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Sql.Tests.Support;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Sql.Tests.Quantiles;

/// <summary>The database's quantiles are those of the same rows in this process, and scale as a fit on them does.</summary>
public sealed class QuantilesTests
{
    private static readonly string[] Columns = ["a", "b", "c"];
    private static readonly double[] Probabilities = [0, 0.1, 0.25, 0.5, 0.75, 1];

    public static TheoryData<string> Engines => [.. TestDatabase.Engines.Where(HasQuantiles)];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task They_are_those_of_the_same_rows(string engine)
    {
        double[] values = RandomData.Normal(1, 3 * 2000, 50, 3);
        for (int i = 5; i < values.Length; i += 100)
        {
            values[i] = double.NaN;
        }
        var expected = new FeatureQuantiles(3);
        expected.AddRows<double>(values, 2000);
        using var database = TestDatabase.Open(engine);
        database.Create("rows", Columns, values);

        var found = database.Connection.ComputeQuantiles("rows", Columns, Probabilities);
        var again = await database.Connection.ComputeQuantilesAsync("rows", Columns, Probabilities);

        for (int column = 0; column < 3; column++)
        {
            found[column].ShouldBeClose(Probabilities.Select(probability => expected.Quantile(column, probability)), 1e-14);
            again[column].Should().Equal(found[column]);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Given_to_robust_scaling_they_scale_as_a_fit_does_and_back_in_SQL(string engine)
    {
        double[] values = RandomData.Normal(2, 3 * 500, 5, 2);
        using var database = TestDatabase.Open(engine);
        database.Create("rows", Columns, values);
        var quartiles = database.Connection.ComputeQuantiles("rows", Columns, [0.25, 0.5, 0.75]);

        var context = new MLContext();
        var data = context.Data.LoadFromEnumerable(values.Chunk(3).Select(row => new Row { Features = row }));
        var fitted = context.Transforms.RobustScale("Features").Fit(data);
        var given = context.Transforms.RobustScale("Features", options: new RobustScalingOptions
        {
            Median = quartiles.Select(column => column[1]).ToArray(),
            QuantileRange = quartiles.Select(column => column[2] - column[0]).ToArray(),
        }).Fit(data);

        given.Columns[0].Offset.ShouldBeClose(fitted.Columns[0].Offset, 1e-14);
        given.Columns[0].Scale.ShouldBeClose(fitted.Columns[0].Scale, 1e-13);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_column_without_a_value_has_none_and_filters_hold(string engine)
    {
        using var database = TestDatabase.Open(engine);
        database.Create("rows", Columns, [1, double.NaN, 7, 2, double.NaN, 8, 3, double.NaN, 9]);
        var options = new SqlMomentsOptions { Filter = [new SqlCondition("a", SqlComparison.Less, 3)] };
        database.Connection.ComputeQuantiles("rows", Columns, [0.5], options).Select(column => column[0]).Should().Equal(1.5, double.NaN, 7.5);
    }

    [Fact]
    public void What_cannot_be_asked_is_refused()
    {
        using var sqlite = TestDatabase.Open(TestDatabase.Engines.First(engine => !HasQuantiles(engine)));
        sqlite.Connection.Invoking(it => it.ComputeQuantiles("rows", Columns, [0.5])).Should().Throw<NotSupportedException>().WithMessage("SQLite has no quantiles*");
        using var duck = TestDatabase.Open(TestDatabase.Engines.First(HasQuantiles));
        duck.Connection.Invoking(it => it.ComputeQuantiles("rows", Columns, [50])).Should().Throw<ArgumentException>().WithMessage("*shares from 0 to 1*found 50*");
        duck.Connection.Invoking(it => it.ComputeQuantiles("rows", Columns, [])).Should().Throw<ArgumentException>().WithMessage("*found none*");
        duck.Connection.Invoking(it => it.ComputeQuantiles("rows", Columns, [0.5], new() { WeightColumnName = "w" })).Should().Throw<ArgumentException>().WithMessage("*neither weights nor partitions*");
    }

    private static bool HasQuantiles(string engine) => !engine.Contains("SQLite", StringComparison.OrdinalIgnoreCase);

    private sealed class Row
    {
        [VectorType(3)]
        public double[] Features { get; set; } = [];
    }
}
