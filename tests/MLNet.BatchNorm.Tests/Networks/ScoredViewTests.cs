using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Scaling;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>The data view and the rows that a network's transformer returns.</summary>
public class ScoredViewTests
{
    private static readonly MultilayerPerceptronOptions Quick = new() { HiddenLayers = [4], Epochs = 2, Seed = 3 };

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Transforming_reads_nothing_until_a_cursor_moves_and_then_only_what_is_needed()
    {
        var data = new SpyDataView(Examples.Learnable(_context, 30));
        var model = Binary().Fit(data);
        data.Cursors.Clear();

        var scored = model.Transform(data);
        scored.GetRowCount().Should().Be(data.GetRowCount());
        data.Cursors.Should().BeEmpty();

        scored.GetColumn<float>("Target").Should().HaveCount(30);
        scored.GetColumn<float>("Score").Should().HaveCount(30);
        scored.GetColumn<bool>("PredictedLabel").Should().HaveCount(30);
        data.Cursors.Should().BeEquivalentTo<string[]>([["Target"], ["Features"], ["Features"]], options => options.WithStrictOrdering());
    }

    [Fact]
    public void The_training_reads_its_columns_once()
    {
        var data = new SpyDataView(Examples.Learnable(_context, 30));

        Binary().Fit(data);

        data.Cursors.Should().BeEquivalentTo<string[]>([["Features", "Flag"]], options => options.WithStrictOrdering());
    }

    [Fact]
    public void The_columns_of_a_row_agree_whichever_is_read_first()
    {
        var data = Examples.Learnable(_context, 30);
        var scored = Binary().Fit(data).Transform(data);
        float[] expected = [.. scored.GetColumn<float>("Score")];
        using var cursor = scored.GetRowCursor([scored.Schema["Probability"], scored.Schema["Score"], scored.Schema["PredictedLabel"]]);
        var getProbability = cursor.GetGetter<float>(scored.Schema["Probability"]);
        var getScore = cursor.GetGetter<float>(scored.Schema["Score"]);
        var getLabel = cursor.GetGetter<bool>(scored.Schema["PredictedLabel"]);
        (float probability, float score, bool label) = (0, 0, false);
        for (int row = 0; cursor.MoveNext(); row++)
        {
            getLabel(ref label);
            getProbability(ref probability);
            getScore(ref score);
            getProbability(ref probability);

            score.Should().Be(expected[row]);
            probability.Should().BeApproximately(1 / (1 + MathF.Exp(-score)), 1e-6f);
            label.Should().Be(score > 0);
        }
    }

    [Fact]
    public void Scores_of_classes_are_probabilities_and_the_label_is_the_largest()
    {
        var data = Examples.Learnable(_context, 50);
        var scored = _context.MulticlassClassification.Trainers.MultilayerPerceptron(Quick).Fit(data).Transform(data);

        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        scores.Should().OnlyContain(row => row.All(score => score >= 0) && Math.Abs(row.Sum() - 1) < 1e-6);
        scored.GetColumn<uint>("PredictedLabel").Should().Equal(scores.Select(row => (uint)(Array.IndexOf(row, row.Max()) + 1)));
    }

    [Fact]
    public void A_missing_feature_gives_missing_scores()
    {
        var data = Examples.Learnable(_context, 50);
        var missing = Examples.View(_context, [[1, float.NaN, 0, 0], [0, 0, 0, 0]]);

        var binary = Binary().Fit(data).Transform(missing);
        var multiclass = _context.MulticlassClassification.Trainers.MultilayerPerceptron(Quick).Fit(data).Transform(missing);

        binary.GetColumn<float>("Score").Select(float.IsNaN).Should().Equal(true, false);
        binary.GetColumn<float>("Probability").Select(float.IsNaN).Should().Equal(true, false);
        binary.GetColumn<bool>("PredictedLabel").First().Should().BeFalse();
        multiclass.GetColumn<float[]>("Score").First().Should().OnlyContain(score => float.IsNaN(score));
        multiclass.GetColumn<uint>("PredictedLabel").First().Should().Be(0, "the missing key");
    }

    [Fact]
    public void Cursor_sets_and_shuffled_cursors_score_their_own_rows()
    {
        var data = _context.Data.Cache(Examples.Learnable(_context, 200));
        var scored = Binary().Fit(data).Transform(data);
        var expected = scored.GetColumn<float>("Target").Zip(scored.GetColumn<float>("Score")).ToDictionary(pair => pair.First, pair => pair.Second);

        scored.CanShuffle.Should().Be(data.CanShuffle);
        using (var cursor = scored.GetRowCursor(scored.Schema, new Random(1)))
        {
            ShouldScore(cursor, expected).Should().Be(200);
        }
        var cursors = scored.GetRowCursorSet(scored.Schema, 2);
        cursors.Sum(cursor => ShouldScore(cursor, expected)).Should().Be(200);
        Array.ForEach(cursors, cursor => cursor.Dispose());
    }

    [Fact]
    public void Many_threads_may_score_with_one_transformer()
    {
        var data = Examples.Learnable(_context, 100);
        var model = Binary().Fit(data);
        float[] expected = [.. model.Transform(data).GetColumn<float>("Score")];

        Parallel.For(0, 8, _ => model.Transform(data).GetColumn<float>("Score").Should().Equal(expected));
    }

    [Fact]
    public void A_column_that_was_not_asked_for_is_not_active()
    {
        var data = Examples.Learnable(_context, 30);
        var scored = Binary().Fit(data).Transform(data);
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);

        cursor.IsColumnActive(scored.Schema["Score"]).Should().BeTrue();
        cursor.IsColumnActive(scored.Schema["Probability"]).Should().BeFalse();
        cursor.Invoking(c => c.GetGetter<float>(scored.Schema["Probability"])).Should().Throw<InvalidOperationException>().WithMessage("*'Probability' is not active*");
        cursor.Invoking(c => c.GetGetter<double>(scored.Schema["Score"])).Should().Throw<InvalidOperationException>().WithMessage("*'Score'*");
    }

    [Fact]
    public void Rows_carry_the_mappers_own_schema_object()
    {
        var data = Examples.Learnable(_context, 30);
        var mapper = Binary().Fit(data).GetRowToRowMapper(data.Schema);
        using var cursor = data.GetRowCursor(data.Schema);

        mapper.GetRow(cursor, mapper.OutputSchema).Schema.Should().BeSameAs(mapper.OutputSchema);
        mapper.GetDependencies([mapper.OutputSchema["Score"]]).Select(column => column.Name).Should().Equal("Features");
        mapper.GetDependencies([mapper.OutputSchema["Target"]]).Select(column => column.Name).Should().Equal("Target");
    }

    [Fact]
    public void Single_objects_are_predicted_like_rows_of_a_view()
    {
        var data = Examples.Learnable(_context, 50);
        var model = _context.Transforms.Standardize("Features")
            .Append(_context.MulticlassClassification.Trainers.MultilayerPerceptron(Quick))
            .Append(_context.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"))
            .Fit(data);
        var input = SchemaDefinition.Create(typeof(Example));
        input["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 4);
        using var engine = _context.Model.CreatePredictionEngine<Example, Predicted>(model, inputSchemaDefinition: input);

        var predictions = Examples.Features(50, 4).Select(row => engine.Predict(new Example { Features = row })).ToList();

        predictions.Select(prediction => prediction.Class).Should().Equal(model.Transform(data).GetColumn<string>("Predicted"));
        predictions.Select(prediction => prediction.Score[0]).Should().Equal(model.Transform(data).GetColumn<float[]>("Score").Select(score => score[0]));
    }

    [Fact]
    public void Features_of_another_size_are_refused()
    {
        var model = Binary().Fit(Examples.Learnable(_context, 30));

        model.Invoking(m => m.Transform(Examples.View(_context, Examples.Features(3, 5)))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*feature column 'Features': expected Vector<Single, 4>, as in the data of the training, got Vector<Single, 5>*");
    }

    [Fact]
    public void Scoring_allocates_nothing_per_row()
    {
        var data = Examples.Learnable(_context, 30);
        var scored = Binary().Fit(data).Transform(new RepeatedRow(data, 20_000));
        using var cursor = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["Probability"]]);
        var getScore = cursor.GetGetter<float>(scored.Schema["Score"]);
        var getProbability = cursor.GetGetter<float>(scored.Schema["Probability"]);
        (float score, float probability) = (0, 0);
        Read(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Read(10_000);

        // One object per row would be 240,000 bytes.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000);

        void Read(int count)
        {
            for (int row = 0; row < count && cursor.MoveNext(); row++)
            {
                getScore(ref score);
                getProbability(ref probability);
            }
        }
    }

    private static int ShouldScore(DataViewRowCursor cursor, Dictionary<float, float> expected)
    {
        var getTarget = cursor.GetGetter<float>(cursor.Schema["Target"]);
        var getScore = cursor.GetGetter<float>(cursor.Schema["Score"]);
        (float target, float score, int count) = (0, 0, 0);
        while (cursor.MoveNext())
        {
            getTarget(ref target);
            getScore(ref score);
            score.Should().Be(expected[target]);
            count++;
        }
        return count;
    }

    private MultilayerPerceptronTrainer Binary() => _context.BinaryClassification.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = "Flag" });

    private sealed class Predicted
    {
        public float[] Score { get; set; } = [];

        [ColumnName("Predicted")]
        public string Class { get; set; } = "";
    }

    /// <summary>Many rows of the same features, whose cursor allocates nothing.</summary>
    private sealed class RepeatedRow(IDataView shape, long rowCount) : IDataView
    {
        public DataViewSchema Schema => shape.Schema;

        public bool CanShuffle => false;

        public long? GetRowCount() => rowCount;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(shape.Schema, rowCount);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

        private sealed class Cursor(DataViewSchema schema, long rowCount) : DataViewRowCursor
        {
            private static readonly float[] Values = [1, 2, 3, 4];
            private long _position = -1;

            public override long Position => _position;

            public override long Batch => 0;

            public override DataViewSchema Schema => schema;

            public override bool MoveNext() => ++_position < rowCount;

            public override bool IsColumnActive(DataViewSchema.Column column) => true;

            public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => (ValueGetter<TValue>)(Delegate)(ValueGetter<VBuffer<float>>)Get;

            private static void Get(ref VBuffer<float> value) => value = new VBuffer<float>(4, Values);
        }
    }
}
