using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Sql.Tests.Support;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Sql.Tests.Scoring;

/// <summary>What the database computes from the statements is what the transformers give.</summary>
public sealed class ScoringTests
{
    private const int RowCount = 500;
    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string> Engines => [.. TestDatabase.Engines];

    public static TheoryData<string, string> EnginesAndScalings
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string engine in TestDatabase.Engines)
            {
                foreach (string scaling in Scalings.Keys)
                {
                    data.Add(engine, scaling);
                }
            }

            return data;
        }
    }

    private static readonly Dictionary<string, Func<TransformsCatalog, IDataView, AffineTransformer>> Scalings = new()
    {
        ["standardized"] = (transforms, data) => transforms.Standardize(Pairs).Fit(data),
        ["not centered"] = (transforms, data) => transforms.Standardize(Pairs, new StandardizationOptions { Center = false }).Fit(data),
        ["not scaled"] = (transforms, data) => transforms.Standardize(Pairs, new StandardizationOptions { Scale = false }).Fit(data),
        ["min to max"] = (transforms, data) => transforms.ScaleMinMax(Pairs, new MinMaxScalingOptions { Minimum = -3, Maximum = 7 }).Fit(data),
        ["clipped"] = (transforms, data) => transforms.ScaleMinMax(
            Pairs, new MinMaxScalingOptions { DataMinimum = -0.5, DataMaximum = 1e9, Clip = true }).Fit(data),
        ["robust"] = (transforms, data) => transforms.RobustScale(Pairs, new RobustScalingOptions { UnitVariance = true }).Fit(data),
        ["by magnitude"] = (transforms, data) => transforms.ScaleMaxAbs(Pairs).Fit(data),
        ["batch normalized"] = (transforms, data) => transforms.BatchNormalize(Pairs, new BatchNormOptions { BatchSize = 32, Gamma = 2, Beta = -0.25 }).Fit(data),
    };

    private static InputOutputColumnPair[] Pairs => [new("Scaled", "Values")];

    [Theory]
    [MemberData(nameof(EnginesAndScalings))]
    public void Scores_are_those_of_the_transformer(string engine, string scaling)
    {
        using var database = Open(engine, out Row[] rows);
        AffineTransformer transformer = Scalings[scaling](_mlContext.Transforms, _mlContext.Data.LoadFromEnumerable(rows));
        double[] expected = [.. transformer.Transform(_mlContext.Data.LoadFromEnumerable(rows)).GetColumn<double[]>("Scaled").SelectMany(row => row)];

        string sql = transformer.ToSql(database.Dialect, "rows", new SqlScoringOptions { InputColumns = ["near", "far"], KeptColumns = ["id"] });
        var scored = database.Rows($"SELECT * FROM ({sql}) AS scored ORDER BY id");

        scored.SelectMany(row => row.Skip(1).Select(ToDouble)).ShouldBeClose(expected, 1e-12, 1);
        scored[1].Skip(1).Select(ToDouble).Should().OnlyContain(value => double.IsNaN(value), "a row of missing values stays one");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_inverse_gives_the_rows_back(string engine)
    {
        using var database = Open(engine, out Row[] rows);
        var transformer = _mlContext.Transforms.Standardize("Values").Fit(_mlContext.Data.LoadFromEnumerable(rows));
        var there = new SqlScoringOptions { InputColumns = ["near", "far"], KeptColumns = ["id"] };
        string scaled = transformer.ToSql(database.Dialect, "rows", there);

        string back = ((AffineTransformer)transformer.Inverse()).ToSql(database.Dialect, SqlSource.Query(scaled), there);

        database.Rows($"SELECT * FROM ({back}) AS scored ORDER BY id").Select(row => ToDouble(row[1])).ShouldBeClose(rows.Select(row => row.Values[0]), 1e-12, 1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Scalar_columns_and_slot_names_need_no_names_given(string engine)
    {
        using var database = Open(engine, out _);
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new { near = 1.0, far = 3.0 }, new { near = 3.0, far = 7.0 } });
        var features = _mlContext.Transforms.Concatenate("Features", "near", "far").Fit(data).Transform(data);

        var scalars = _mlContext.Transforms.Standardize([new("near_scaled", "near"), new("far")]).Fit(data);
        var vector = _mlContext.Transforms.Standardize("Features").Fit(features);

        Names(scalars).Should().Equal("near_scaled", "far");
        Names(vector).Should().Equal("near", "far");

        IEnumerable<string> Names(AffineTransformer transformer)
        {
            using var command = database.Connection.CreateCommand();
            command.CommandText = transformer.ToSql(database.Dialect, "rows");
            using var reader = command.ExecuteReader();
            return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_folded_linear_model_scores_as_in_process(string engine)
    {
        using var database = Open(engine, out Row[] rows);
        var data = _mlContext.Data.LoadFromEnumerable(rows.Where(row => !double.IsNaN(row.Values[0])).Select(row => new Labeled
        {
            Values = Array.ConvertAll(row.Values, value => (float)value),
            Label = (float)(3 * row.Values[0]),
        }));
        var standardization = _mlContext.Transforms.Standardize("Values").Fit(data);
        var trainer = _mlContext.Regression.Trainers.OnlineGradientDescent(featureColumnName: "Values");
        FoldedLinearModel model = standardization.FoldInto(trainer.Fit(standardization.Transform(data)).Model);

        var scored = database.Rows($"SELECT * FROM ({model.ToSql(database.Dialect, "rows", ["near", "far"], "score", ["id"])}) AS scored ORDER BY id");

        scored.Select(row => ToDouble(row[1])).ShouldBeClose(rows.Select(row => model.Score(row.Values)), 1e-12);
        model.Score(rows[2].Values).Should().NotBe(0);
    }

    [Theory]
    [InlineData("DuckDB", 10_000)]
    [InlineData("SQLite", 1_900)]
    public void Wide_models_score_as_in_process(string engine, int width)
    {
        string[] names = [.. Enumerable.Range(0, width).Select(i => $"x{i}")];
        double[] values = RandomData.Normal(3, width);
        using var database = TestDatabase.Open(engine);
        database.Create("rows", names, values);
        var rows = _mlContext.Data.LoadFromEnumerable(
            Enumerable.Range(0, 4).Select(i => new Labeled { Values = [.. RandomData.Normal(i, width).Select(x => (float)x)], Label = i }), Wide(width));
        var standardization = _mlContext.Transforms.Standardize("Values").Fit(rows);
        FoldedLinearModel model = standardization.FoldInto(
            _mlContext.Regression.Trainers.OnlineGradientDescent(featureColumnName: "Values").Fit(standardization.Transform(rows)).Model);

        double score = ToDouble(database.Scalar(model.ToSql(database.Dialect, "rows", names))!);

        double terms = Math.Abs(model.Bias) + model.Weights.Zip(values, (weight, value) => Math.Abs(weight * value)).Sum();
        score.Should().BeApproximately(model.Score(values), 1e-12 * terms);
        terms.Should().BeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Numbers_are_read_back_to_the_bit(string engine)
    {
        using var database = TestDatabase.Open(engine);
        double[] numbers =
        [
            0, -0.0, 1, -1, 0.1, 1e9 + 0.1, double.MaxValue, double.MinValue, Math.PI, 1.0 / 3, 9007199254740993, 2.2250738585072014e-308,
            .. RandomBits(5000).Where(double.IsNormal),
        ];

        foreach (double[] part in numbers.Chunk(100))
        {
            var row = database.Rows($"SELECT {string.Join(", ", part.Select(database.Dialect.Literal))}").Single();
            row.Select(ToDouble).Should().Equal(part);
        }
    }

    [Fact]
    public void Names_that_do_not_fit_are_refused()
    {
        var data = _mlContext.Data.LoadFromEnumerable([new Row { Values = [1, 2] }, new Row { Values = [3, 5] }]);
        var transformer = _mlContext.Transforms.Standardize("Values").Fit(data);

        ToSql().Should().Throw<ArgumentException>().WithMessage("*'Values' is a vector, and its slot 0 has no name*InputColumns*");
        ToSql(new() { InputColumns = ["a"] }).Should().Throw<ArgumentException>().WithMessage("*Expected 2 names*found 1*");
        ToSql(new() { InputColumns = ["a", "b"], OutputColumns = ["c"] }).Should().Throw<ArgumentException>().WithMessage("*Expected 2 names*");
        ToSql(new() { InputColumns = ["a", "b"], OutputColumns = ["c", "c"] }).Should().Throw<ArgumentException>().WithMessage("*'c' is named twice*");
        ToSql(new() { InputColumns = ["a", "b"], KeptColumns = ["a"] }).Should().Throw<ArgumentException>().WithMessage("*'a' is named twice*");

        Action ToSql(SqlScoringOptions? options = null) => () => transformer.ToSql(SqlDialects.Ansi, "rows", options);
    }

    private static IEnumerable<double> RandomBits(int count)
    {
        var random = new Random(1);
        return Enumerable.Range(0, count).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
    }

    private static double ToDouble(object value) => value is DBNull ? double.NaN : Convert.ToDouble(value, null);

    private static SchemaDefinition Wide(int width)
    {
        var definition = SchemaDefinition.Create(typeof(Labeled));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        return definition;
    }

    /// <summary>One column near 0 and one far from it; row 1 is missing, and some of row 3.</summary>
    private static TestDatabase Open(string engine, out Row[] rows)
    {
        double[] near = RandomData.Normal(1, RowCount);
        double[] far = RandomData.Normal(2, RowCount, 1e9, 1e-3);
        (near[1], far[1], near[3]) = (double.NaN, double.NaN, double.NaN);
        rows = [.. near.Zip(far, (one, other) => new Row { Values = [one, other] })];
        var database = TestDatabase.Open(engine);
        database.Create("rows", ["id", "near", "far"], [.. rows.SelectMany((row, i) => new[] { i, row.Values[0], row.Values[1] })]);
        return database;
    }

    private sealed class Row
    {
        [VectorType(2)]
        public double[] Values { get; set; } = [];
    }

    private sealed class Labeled
    {
        [VectorType(2)]
        public float[] Values { get; set; } = [];

        public float Label { get; set; }
    }
}
