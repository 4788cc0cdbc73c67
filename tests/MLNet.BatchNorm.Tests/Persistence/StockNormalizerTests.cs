using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

public class StockNormalizerTests
{
    private static readonly MLContext Context = new(seed: 1);

    [Fact]
    public void A_map_that_the_stock_form_can_hold_is_one_stock_normalizer()
    {
        var model = StockNormalizer.Create([Scalar("X", center: 2, scale: 0.5)]);

        model.Should().BeOfType<NormalizingTransformer>();
        Map(model, 2f, 6f, -1f).Should().Equal(0f, 2f, -1.5f);
    }

    [Fact]
    public void An_offset_that_float_cannot_hold_becomes_two_normalizers()
    {
        var model = StockNormalizer.Create([Scalar("X", center: 0.1, scale: 1)]);

        model.Should().BeOfType<TransformerChain<ITransformer>>().Which.Should().HaveCount(2).And.AllBeOfType<NormalizingTransformer>();
    }

    [Fact]
    public void Doubles_need_one_normalizer_for_any_offset()
    {
        var model = StockNormalizer.Create([new StockColumn("D", "D", NumberDataViewType.Double, [0.1], [3], [0])]);

        model.Should().BeOfType<NormalizingTransformer>();
        var view = Context.Data.LoadFromEnumerable([new Row { D = 0.4 }]);
        model.Transform(view).GetColumn<double>("D").Should().Equal((0.4 - 0.1) * 3);
    }

    [Fact]
    public void Values_far_from_zero_keep_the_accuracy_of_their_differences()
    {
        // N(1e6, 1) in float: values are multiples of 1/16, and the true mean lies between two floats.
        var random = new Random(1);
        var values = Enumerable.Range(0, 10_000).Select(_ => (float)(1e6 + Normal(random))).ToArray();
        const double Center = 1_000_000.0123, Scale = 1.0001234;

        var mapped = Map(StockNormalizer.Create([Scalar("X", Center, Scale)]), values);

        // Results reach 4, where floats are 4.8e-7 apart.
        mapped.Zip(values).Max(pair => Math.Abs(pair.First - ((pair.Second - Center) * Scale))).Should().BeLessThan(4.8e-7);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-0.3)]
    [InlineData(1234567.0)]
    [InlineData(3e38)]
    public void Scale_zero_gives_the_shift_exactly(double shift)
    {
        var model = StockNormalizer.Create([Scalar("X", center: 5, scale: 0) with { Shift = [shift] }]);

        Map(model, 0f, 1f, -1e6f, 1e20f).Should().AllBeEquivalentTo((float)shift);
        Map(model, float.NaN).Should().Equal(float.NaN);
    }

    [Fact]
    public void Scale_zero_gives_the_shift_exactly_in_double()
    {
        var model = StockNormalizer.Create([new StockColumn("D", "D", NumberDataViewType.Double, [7], [0], [0.1])]);

        var view = Context.Data.LoadFromEnumerable([new Row { D = 0 }, new Row { D = -1e200 }, new Row { D = double.NaN }]);
        model.Transform(view).GetColumn<double>("D").Should().Equal(0.1, 0.1, double.NaN);
    }

    [Fact]
    public void A_shift_is_added()
    {
        var model = StockNormalizer.Create([Scalar("X", center: 10, scale: 0.1) with { Shift = [-1] }]);

        Map(model, 10f, 20f, 30f).Should().Equal([-1f, 0f, 1f], (actual, expected) => Math.Abs(actual - expected) < 1.2e-7);
    }

    [Fact]
    public void Without_offsets_the_model_loads_and_sparse_stays_sparse()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 4);
        var model = StockNormalizer.Create([new StockColumn("V", "V", type, [0, 0, 0, 0], [2, 3, 4, 5], [0, 0, 0, 0])]);

        var view = Context.Data.LoadFromEnumerable([new Row { V = new VBuffer<float>(4, 1, [10f], [2]) }]);
        var row = model.Transform(view).GetColumn<VBuffer<float>>("V").Single();

        model.Should().BeOfType<NormalizingTransformer>();
        row.IsDense.Should().BeFalse();
        row.DenseValues().Should().Equal(0f, 0f, 40f, 0f);
    }

    [Fact]
    public void Slots_of_one_column_may_need_different_forms()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 2, 2);
        var model = StockNormalizer.Create([new StockColumn("M", "M", type, [0.1, 2, 3, 0], [1, 0.5, 0, 1e-3], [0, 0, 0.25, 0.1])]);

        var view = Context.Data.LoadFromEnumerable([new Row { M = [0.1f, 4f, 99f, 100f] }]);
        var output = model.Transform(view);

        // 0.1f - 0.1 = 1.49e-9: what the float input differs from the center by.
        var values = output.GetColumn<float[]>("M").Single();
        values[0].Should().BeApproximately(1.4901161e-9f, 1e-16f);
        values[1..3].Should().Equal(1f, 0.25f);
        values[3].Should().BeApproximately(0.2f, 1.5e-8f);
        output.Schema["M"].Type.Should().BeOfType<VectorDataViewType>().Which.Dimensions.Should().Equal(2, 2);
    }

    [Fact]
    public void Columns_are_read_from_the_input_even_where_another_one_overwrites_it()
    {
        var model = StockNormalizer.Create([Scalar("X", "Y", 0.1, 1), Scalar("Y", "X", 0, 10), Scalar("Z", "X", 0.3, 2)]);

        var output = model.Transform(Context.Data.LoadFromEnumerable([new Row { X = 1, Y = 2 }]));

        output.GetColumn<float>("X").Single().Should().BeApproximately(1.9f, 1.2e-7f);
        output.GetColumn<float>("Y").Should().Equal(10f);
        output.GetColumn<float>("Z").Single().Should().BeApproximately(1.4f, 1.2e-7f);
    }

    [Theory]
    [InlineData(1.4e-39, 0, 0.0)]
    [InlineData(1e42, 0, 0.0)]
    public void Scales_beyond_the_range_of_float_are_split(double scale, double center, double shift)
    {
        var model = StockNormalizer.Create([Scalar("X", center, scale) with { Shift = [shift] }]);

        float x = (float)(1 / scale);
        Map(model, x).Single().Should().BeApproximately((float)(x * scale), 1e-6f);
    }

    [Fact]
    public void A_range_as_wide_as_float_itself_does_not_overflow()
    {
        var model = StockNormalizer.Create([Scalar("X", center: -3.4e38, scale: 1 / 6.8e38) with { Shift = [1] }]);

        Map(model, -3.4e38f, 0f, 3.4e38f).Should().Equal([1f, 1.5f, 2f], (actual, expected) => Math.Abs(actual - expected) < 1e-6);
    }

    [Fact]
    public void Column_names_may_hold_any_character()
    {
        string name = "größe \ud83d\ude00 \ud800";
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(name, NumberDataViewType.Single);

        var schema = StockNormalizer.Create([Scalar(name, 1, 1)]).GetOutputSchema(builder.ToSchema());

        schema.Should().HaveCount(2).And.OnlyContain(column => column.Name == name);
    }

    [Fact]
    public void The_output_is_marked_as_normalized()
    {
        var schema = StockNormalizer.Create([Scalar("X", 0.1, 1)]).GetOutputSchema(Context.Data.LoadFromEnumerable(new Row[1]).Schema);

        schema["X"].IsNormalized().Should().BeTrue();
    }

    [Fact]
    public void Clipping_is_an_expression_behind_the_normalizer_and_keeps_NaN()
    {
        var model = StockNormalizer.Create([Scalar("X", 0, 1) with { Clip = (-0.5, 0.7512345) }]);

        Map(model, -3f, -0.5f, 0.25f, 9f, float.NaN).Should().Equal(-0.5f, -0.5f, 0.25f, 0.7512345f, float.NaN);
    }

    [Fact]
    public void Clipping_from_one_side_leaves_the_other_open()
    {
        var type = new VectorDataViewType(NumberDataViewType.Double, 3);
        var column = new StockColumn("W", "W", type, [0, 0, 0], [1, 1, 1], [0, 0, 0]) { Clip = (-1e-300, double.PositiveInfinity) };

        var view = Context.Data.LoadFromEnumerable([new Row { W = [-1, 0, 1e300] }]);
        StockNormalizer.Create([column]).Transform(view).GetColumn<double[]>("W").Single().Should().Equal(-1e-300, 0, 1e300);
    }

    [Fact]
    public void Clipping_does_not_depend_on_the_culture_that_loads_the_model()
    {
        var culture = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        var previous = System.Globalization.CultureInfo.CurrentCulture;
        System.Globalization.CultureInfo.CurrentCulture = culture;
        try
        {
            var model = StockNormalizer.Create([Scalar("X", 0, 1) with { Clip = (-0.125, 1.5e-7) }]);
            Map(model, -3f, 3f).Should().Equal(-0.125f, 1.5e-7f);
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = previous;
        }
    }

    private static StockColumn Scalar(string name, double center, double scale) => Scalar(name, name, center, scale);

    private static StockColumn Scalar(string output, string input, double center, double scale) =>
        new(output, input, NumberDataViewType.Single, [center], [scale], [0]);

    private static float[] Map(ITransformer model, params float[] values) =>
        [.. model.Transform(Context.Data.LoadFromEnumerable(values.Select(value => new Row { X = value }))).GetColumn<float>("X")];

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Row
    {
        public float X { get; set; }

        public float Y { get; set; }

        public double D { get; set; }

        [VectorType(4)]
        public VBuffer<float> V { get; set; } = new(4, [0, 0, 0, 0]);

        [VectorType(2, 2)]
        public float[] M { get; set; } = new float[4];

        [VectorType(3)]
        public double[] W { get; set; } = new double[3];
    }
}
