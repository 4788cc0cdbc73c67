using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.BatchNorm.Tests.Offline;

public class PipelineTests
{
    private static readonly MLContext Context = new(1);

    private static IDataView Data => Context.Data.LoadFromEnumerable(new[]
    {
        new Row { A = 1, B = [10, 20], Word = "x" },
        new Row { A = 3, B = [30, 20], Word = "y" },
    });

    [Fact]
    public void Concatenate_joins_scalars_and_vectors_and_names_the_slots()
    {
        var view = Context.Transforms.Concatenate("All", "A", "B").Fit(Data).Transform(Data);

        view.GetColumn<float[]>("All").Should().SatisfyRespectively(
            row => row.Should().Equal(1, 10, 20), row => row.Should().Equal(3, 30, 20));
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["All"].GetSlotNames(ref names);
        names.DenseValues().Select(name => name.ToString()).Should().Equal("A", "", "");
    }

    [Fact]
    public void Concatenate_refuses_columns_of_different_types()
        => Context.Transforms.Concatenate("All", "A", "Word").Append(Context.Transforms.CopyColumns("C", "A")).Invoking(chain => chain.Fit(Data))
            .Should().Throw<InvalidOperationException>().WithMessage("*Word*");

    [Fact]
    public void A_chain_reports_a_missing_column_before_it_fits_anything()
    {
        var fitted = false;
        var chain = Context.Transforms.CustomMapping<Row, Copied>((_, _) => fitted = true, null)
            .Append(Context.Transforms.NormalizeMinMax("Doubled"))
            .Append(Context.Transforms.CopyColumns("Copy", "Missing"));

        chain.Invoking(it => it.Fit(Data)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Missing*");
        fitted.Should().BeFalse();
    }

    [Fact]
    public void A_fitted_chain_holds_its_transformers_in_order()
    {
        var model = Context.Transforms.Concatenate("All", "A", "B").Append(Context.Transforms.NormalizeMinMax("All")).Fit(Data);

        model.Select(transformer => transformer.GetType()).Should().Equal(typeof(ColumnConcatenatingTransformer), typeof(NormalizingTransformer));
        model.LastTransformer.Should().BeOfType<NormalizingTransformer>();
    }

    [Fact]
    public void After_a_cache_checkpoint_the_data_are_read_once()
    {
        var reads = 0;
        var chain = Context.Transforms.CustomMapping<Row, Copied>((_, copied) => copied.Doubled = ++reads, null)
            .AppendCacheCheckpoint(Context)
            .Append(Context.Transforms.NormalizeMinMax("M", "Doubled"))
            .Append(Context.Transforms.NormalizeMeanVariance("V", "Doubled"));

        chain.Fit(Data);

        reads.Should().Be(2);
    }

    [Fact]
    public void A_transformer_scoped_to_training_is_left_out_when_scoring()
    {
        var model = Context.Transforms.CopyColumns("Kept", "A").Append(Context.Transforms.CopyColumns("Dropped", "A"), TransformerScope.TrainTest).Fit(Data);

        model.Transform(Data).Schema.Select(column => column.Name).Should().Contain("Kept").And.NotContain("Dropped");
        model.Transform(Data, TransformerScope.TrainTest).Schema.Select(column => column.Name).Should().Contain("Dropped");
    }

    [Fact]
    public void A_custom_mapping_runs_once_per_row()
    {
        var calls = 0;
        var mapping = Context.Transforms.CustomMapping<Row, Copied>(
            (row, copied) =>
            {
                calls++;
                copied.Doubled = 2 * row.A;
                copied.Text = row.Word + "!";
            },
            null);

        var copies = Context.Data.CreateEnumerable<Copied>(mapping.Fit(Data).Transform(Data), reuseRowObject: false).ToList();

        copies.Select(copy => (copy.Doubled, copy.Text)).Should().Equal((2f, "x!"), (6f, "y!"));
        calls.Should().Be(2);
    }

    [Fact]
    public void A_prediction_engine_maps_one_object()
    {
        var model = Context.Transforms.Concatenate("All", "A", "B").Append(Context.Transforms.NormalizeMinMax("All", fixZero: false)).Fit(Data);
        using var engine = Context.Model.CreatePredictionEngine<Row, Joined>(model);

        engine.Predict(new Row { A = 2, B = [10, 20] }).All.Should().Equal(0.5f, 0, 0);
        engine.Predict(new Row { A = 3, B = [20, 20] }).All.Should().Equal(1, 0.5f, 0);
    }

    [Fact]
    public void A_prediction_engine_asks_for_the_columns_that_the_model_needs()
    {
        var model = Context.Transforms.Concatenate("All", "A", "B").Fit(Data);

        Context.Model.Invoking(catalog => catalog.CreatePredictionEngine<Joined, Joined>(model))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*'A'*");
        Context.Model.Invoking(catalog => catalog.CreatePredictionEngine<Row, Copied>(model, ignoreMissingColumns: false))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Doubled*");
    }

    [Fact]
    public void An_expression_is_applied_to_every_slot()
    {
        var expression = Context.Transforms.Expression("E", "x => min(max(-x / 10f + 3, 0.5f), exp(log(2 * x)) - 30)", "B");

        var view = expression.Fit(Data).Transform(Data);

        // exp and log in double, rounded to float: 30 +- two units of the last place of 60.
        Flat(view.GetColumn<float[]>("E")).Should().SatisfyRespectively(
            a => a.Should().BeApproximately(-10, 1e-5f), b => b.Should().Be(1), c => c.Should().Be(0.5f), d => d.Should().Be(1));
    }

    [Fact]
    public void An_expression_that_does_not_parse_is_an_error()
        => Context.Transforms.Expression("E", "x => x +", "A").Invoking(expression => expression.Fit(Data))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*parsing failed*");

    private static IEnumerable<float> Flat(IEnumerable<float[]> rows) => rows.SelectMany(row => row);

    private sealed class Row
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[] B { get; set; } = [];

        public string Word { get; set; } = "";
    }

    private sealed class Copied
    {
        public float Doubled { get; set; }

        public string Text { get; set; } = "";
    }

    private sealed class Joined
    {
        public float[] All { get; set; } = [];
    }
}
