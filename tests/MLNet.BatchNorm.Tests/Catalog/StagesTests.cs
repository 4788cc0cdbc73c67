using Microsoft.ML;

namespace MLNet.BatchNorm.Tests.Catalog;

public class StagesTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly IDataView Data = Context.Data.LoadFromEnumerable([new Row { X = 1 }, new Row { X = 3 }]);

    private static readonly ITransformer Nested = Context.Transforms.CopyColumns("A", "X")
        .Append(Context.Transforms.Standardize("X").Append(Context.Transforms.ScaleMinMax("A")))
        .Append(Context.Transforms.Standardize("A"))
        .Fit(Data);

    [Fact]
    public void Stages_are_found_through_nested_chains_in_their_order()
    {
        Nested.Stages<StandardizationTransformer>().Select(stage => stage.Columns[0].InputColumnName).Should().Equal("X", "A");
        Nested.Stages<MinMaxScalingTransformer>().Should().ContainSingle();
        Nested.Stages<AffineTransformer>().Should().HaveCount(3);
        Nested.Stages<ITransformer>().Should().HaveCount(4);
        Nested.Stages<BatchNormTransformer>().Should().BeEmpty();
    }

    [Fact]
    public void A_loaded_model_has_the_same_stages()
    {
        using var stream = new MemoryStream();
        Context.Model.Save(Nested, Data.Schema, stream);

        var loaded = Context.Model.LoadWithStatistics(stream, out _);

        loaded.Stages<ITransformer>().Select(stage => stage.GetType()).Should().Equal(Nested.Stages<ITransformer>().Select(stage => stage.GetType()));
    }

    [Fact]
    public void A_transformer_alone_is_its_own_stage()
    {
        var scaling = Context.Transforms.Standardize("X").Fit(Data);

        scaling.Stages<StandardizationTransformer>().Should().Equal(scaling);
        ((Action)(() => ((ITransformer)null!).Stages<ITransformer>())).Should().Throw<ArgumentNullException>();
    }

    private sealed class Row
    {
        public float X { get; set; }
    }
}
