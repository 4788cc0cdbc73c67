using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>A statistics entry is believed only beside the stock form of the same transformer.</summary>
public class StockFormCheckTests
{
    private const string Entry = "TransformerChain/" + StatisticsEntry.Name;
    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Row
    {
        Features = [i, (float)Math.Sin(i), i * i],
        More = [i / 3f, i % 7, -i],
        Number = i * 0.5,
        Numbers = [i * 0.5],
        Label = i % 2 == 0,
    }));

    public static TheoryData<string> Kinds => [.. Fitted.Keys];

    private static Dictionary<string, Func<IDataView, ITransformer>> Fitted { get; } = new()
    {
        ["Standardize"] = data => Context.Transforms.Standardize("Features").Fit(data),
        ["ScaleMinMax"] = data => Context.Transforms.ScaleMinMax("Features", options: new MinMaxScalingOptions { Clip = true, Maximum = 0.7 }).Fit(data),
        ["BatchNormalize"] = data => Context.Transforms.BatchNormalize("Features", options: new BatchNormOptions { BatchSize = 8, Gamma = 0.5 }).Fit(data),
        ["Network"] = data => Context.BinaryClassification.Trainers.MultilayerPerceptron(
            new MultilayerPerceptronOptions { HiddenLayers = [3], Epochs = 2, Activation = ActivationFunction.LeakyReLU }).Fit(data),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Other_numbers_in_the_stock_form_are_refused(string kind)
    {
        byte[] zip = Save(Fitted[kind](Data));
        byte[] other = Save(Fitted[kind](Context.Data.TakeRows(Data, 30)));

        ((Action)(() => Load(zip))).Should().NotThrow();
        // Of fewer rows beside the form of more, and the other way round: a wider range hides behind the ends that it is clipped to.
        foreach ((byte[] form, byte[] statistics) in new[] { (zip, other), (other, zip) })
        {
            byte[] swapped = ZipSurgery.Change(form, Entry, _ => ZipSurgery.Entries(statistics)[Entry]);
            ((Action)(() => Load(swapped))).Should().Throw<InvalidDataException>().WithMessage($"*'{Entry}'*does not belong to the stock form*");
        }
    }

    [Fact]
    public void Other_columns_in_the_stock_form_are_refused()
    {
        byte[] zip = Save(Context.Transforms.Standardize("Features").Fit(Data));
        byte[] other = Save(Context.Transforms.Standardize("Out", "Features").Fit(Data));

        ((Action)(() => Load(ZipSurgery.Change(zip, Entry, _ => ZipSurgery.Entries(other)[Entry]))))
            .Should().Throw<InvalidDataException>().WithMessage("*does not belong*'Out'*");
    }

    [Fact]
    public void Columns_of_another_type_or_size_in_the_stock_form_are_refused()
    {
        // The same numbers, which both types hold.
        double[] values = [.. Enumerable.Range(0, 16).Select(i => (double)(i % 8))];
        byte[] single = Save(Context.Transforms.Standardize("X").Fit(Context.Data.LoadFromEnumerable(values.Select(value => new { X = (float)value }))));
        byte[] twice = Save(Context.Transforms.Standardize("X").Fit(Context.Data.LoadFromEnumerable(values.Select(value => new { X = value }))));
        byte[] vector = Save(Context.Transforms.Standardize("X").Fit(Context.Data.LoadFromEnumerable(values.Select(value => new One { X = [(float)value] }))));

        foreach ((byte[] form, byte[] statistics) in new[] { (single, twice), (twice, single), (single, vector), (vector, single) })
        {
            byte[] swapped = ZipSurgery.Change(form, Entry, _ => ZipSurgery.Entries(statistics)[Entry]);
            ((Action)(() => Load(swapped))).Should().Throw<InvalidDataException>().WithMessage($"*'{Entry}'*does not belong to the stock form beside it*");
        }
    }

    [Fact]
    public void A_stock_form_that_cannot_be_loaded_is_refused()
    {
        byte[] zip = Save(Context.Transforms.Standardize("Features").Fit(Data));

        ((Action)(() => Load(ZipSurgery.Change(zip, "TransformerChain/Model.key", _ => [0, 1, 2]))))
            .Should().Throw<InvalidDataException>().WithMessage("*does not belong*");
    }

    [Fact]
    public void A_stock_form_that_rounds_otherwise_is_accepted()
    {
        const string Path = "TransformerChain/Normalizer_000/Model.key";
        byte[] zip = Save(Context.Transforms.ScaleMinMax("Number").Fit(Data));

        // The last bit of the scale, a double behind four numbers of the block.
        byte[] rounded = ZipSurgery.Change(zip, Path, content => [.. content[..272], (byte)(content[272] ^ 1), .. content[273..]]);
        byte[] wrong = ZipSurgery.Change(zip, Path, content => [.. content[..277], (byte)(content[277] ^ 1), .. content[278..]]);

        Load(rounded).Should().BeOfType<MinMaxScalingTransformer>();
        ((Action)(() => Load(wrong))).Should().Throw<InvalidDataException>().WithMessage("*does not belong*'Number'*");
    }

    [Theory]
    [InlineData("Number")]
    [InlineData("Numbers")]
    public void Doubles_that_differ_by_more_than_a_billionth_are_refused(string column)
    {
        const string Path = "TransformerChain/Normalizer_000/Model.key";
        byte[] zip = Save(Context.Transforms.ScaleMinMax(column).Fit(Data));

        // The scale is 1 / 29.5, a double behind four numbers of the block: bits 16 and 24 of its 52 are a part of about 1e-11 and 3e-9.
        byte[] close = ZipSurgery.Change(zip, Path, content => [.. content[..274], (byte)(content[274] ^ 1), .. content[275..]]);
        byte[] apart = ZipSurgery.Change(zip, Path, content => [.. content[..275], (byte)(content[275] ^ 1), .. content[276..]]);

        Load(close).Should().BeOfType<MinMaxScalingTransformer>();
        ((Action)(() => Load(apart))).Should().Throw<InvalidDataException>().WithMessage($"*does not belong*'{column}', slot 0: that form gives*");
    }

    [Fact]
    public void What_earlier_versions_wrote_loads()
    {
        ITransformer model = Context.Model.LoadWithStatistics(Path.Combine("Fixtures", "network.zip"), out _);
        ITransformer layer = Context.Model.LoadWithStatistics(Path.Combine("Fixtures", "network_layer.zip"), out _);

        model.Stages<MultilayerPerceptronTransformer>().Should().ContainSingle();
        layer.Stages<MultilayerPerceptronTransformer>().Should().ContainSingle();
    }

    private static byte[] Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(model, Data.Schema, stream);
        return stream.ToArray();
    }

    private static ITransformer Load(byte[] zip) => new MLContext().Model.LoadWithStatistics(new MemoryStream(zip), out _);

    private sealed class One
    {
        [VectorType(1)]
        public float[] X { get; set; } = [];
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        [VectorType(3)]
        public float[] More { get; set; } = [];

        public double Number { get; set; }

        [VectorType(1)]
        public double[] Numbers { get; set; } = [];

        public bool Label { get; set; }
    }
}
