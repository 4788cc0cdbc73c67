using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>ML.NET parses expressions in the culture of the thread. The tests run without cultures' data, so the formats are made here.</summary>
public class CultureTests
{
    // All that .NET's 806 cultures have with ICU 72: minus signs, with marks of direction or without, and decimal separators.
    private static readonly string[] MinusSigns = ["-", "\u061C-", "\u200E-", "\u200F-", "\u2212", "\u200E\u2212", "\u200E-\u200E"];
    private static readonly string[] PlusSigns = ["+", "\u061C+", "\u200E+", "\u200F+", "\u200E+\u200E"];
    private static readonly string[] Separators = [".", ",", "\u066B"];

    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.LoadFromEnumerable(
        [new Row { Features = [-1, 2], Number = 0.1, Label = true }, new Row { Features = [3, -4], Number = -7, Label = false }]);

    public static TheoryData<string> Models => [.. Fitted.Keys];

    private static Dictionary<string, Func<ITransformer>> Fitted { get; } = new()
    {
        ["clip float"] = () => Context.Transforms.ScaleMinMax("Features", options: new MinMaxScalingOptions { Minimum = -0.3, Maximum = 0.7, Clip = true }).Fit(Data),
        ["clip double"] = () => Context.Transforms.ScaleMinMax("Number", options: new MinMaxScalingOptions { Minimum = -1e-7, Maximum = 1.0 / 3, Clip = true }).Fit(Data),
        ["inverse"] = () => Context.Transforms.Standardize("Features").Fit(Data).Inverse(),
        ["ReLU"] = () => Network(ActivationFunction.ReLU),
        ["LeakyReLU"] = () => Network(ActivationFunction.LeakyReLU),
        ["Tanh"] = () => Network(ActivationFunction.Tanh),
        ["Sigmoid"] = () => Network(ActivationFunction.Sigmoid),
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Plain_ML_NET_loads_the_zip_under_every_culture(string name)
    {
        using var zip = new MemoryStream();
        Context.Model.Save(Fitted[name](), Data.Schema, zip);

        foreach (CultureInfo culture in Cultures())
        {
            Under(culture, () => new MLContext().Model.Load(zip, out _).GetOutputSchema(Data.Schema).Count).Should().BePositive();
        }
    }

    [Theory]
    [InlineData(0.01, "5368709f / 536870912f")]
    [InlineData(-0.5, "-1f / 2f")]
    [InlineData(3, "3f")]
    [InlineData(0, "0f")]
    public void Literals_are_digits_alone(double value, string start) =>
        StockExpression.Literal(value, isDouble: false).Should().StartWith(start).And.NotContainAny("e", "E", ".", ",");

    [Theory]
    [InlineData(1.0 / 3)]
    [InlineData(-123.456e-78)]
    [InlineData(double.Epsilon)]
    [InlineData(-double.MaxValue)]
    [InlineData(2.2250738585072014e-308)]
    [InlineData(4503599627370497.5)]
    public void A_literal_is_the_number_to_the_last_bit(double value)
    {
        string expression = $"x => max({StockExpression.Literal(value, isDouble: true)}, x)";
        IDataView lowest = Context.Data.LoadFromEnumerable([new Row { Number = double.NegativeInfinity }]);

        Context.Transforms.Expression("Number", expression, "Number").Fit(lowest).Transform(lowest).GetColumn<double>("Number").Should().Equal(value);
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(float.Epsilon)]
    [InlineData(-float.MaxValue)]
    [InlineData(-1.1754944e-38f)]
    public void A_literal_of_single_precision_too(float value)
    {
        string expression = $"x => max({StockExpression.Literal(value, isDouble: false)}, x)";
        IDataView lowest = Context.Data.LoadFromEnumerable([new Row { Features = [float.NegativeInfinity, float.NegativeInfinity] }]);

        Context.Transforms.Expression("Features", expression, "Features").Fit(lowest).Transform(lowest).GetColumn<float[]>("Features").Single()
            .Should().Equal(value, value);
    }

    private static MultilayerPerceptronTransformer Network(ActivationFunction activation) => Context.BinaryClassification.Trainers.MultilayerPerceptron(
        new MultilayerPerceptronOptions { HiddenLayers = [2], Epochs = 1, BatchSize = 2, Activation = activation }).Fit(Data);

    private static IEnumerable<CultureInfo> Cultures() =>
        from minus in MinusSigns
        from plus in PlusSigns
        from separator in Separators
        select new CultureInfo(string.Empty)
        {
            NumberFormat = new NumberFormatInfo { NegativeSign = minus, PositiveSign = plus, NumberDecimalSeparator = separator, NumberGroupSeparator = separator == "." ? "," : "." },
        };

    private static T Under<T>(CultureInfo culture, Func<T> run)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            return run();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public double Number { get; set; }

        public bool Label { get; set; }
    }
}
