using CsCheck;
using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Affine;

/// <summary>Memory, rows, zip, zip with statistics and ONNX agree, whatever the data: ordinary, enormous, tiny, far from zero.</summary>
public class FiveWaysProperties
{
    private const string Seed = "0000KOIPe303";

    private static readonly MLContext Context = new(seed: 1);

    // A unit, and values of some units around some center.
    private static readonly Gen<double[]> Ordinary =
        from center in Gen.Double[-1000, 1000]
        from unit in Gen.Double[0.01, 100]
        from values in Gen.Double[-1, 1].Array[4, 12]
        select values.Select(value => center + (value * unit)).ToArray();

    private static Gen<double[]> Extreme(double exponent) =>
        from power in Gen.Double[-exponent, exponent]
        from ratio in Gen.Double[-3, 3]
        from values in Gen.Double[-1, 1].Array[4, 12]
        select values.Select(value => Math.Pow(10, power) * (value + ratio)).ToArray();

    private static readonly string[] Names = ["Standardize", "ScaleMinMax", "ScaleMinMax -1 to 1", "clipped", "BatchNormalize", "inverse"];

    private static readonly Gen<string> Scalers = Gen.Int[0, Names.Length - 1].Select(i => Names[i]);

    [Fact]
    public void Of_ordinary_floats() =>
        Gen.Select(Scalers, Ordinary).Sample((scaler, values) => Agree(scaler, values.ToSingle(), 1e-5), seed: Seed, iter: 60, threads: 1);

    [Fact]
    public void Of_ordinary_doubles() =>
        Gen.Select(Scalers, Ordinary).Sample((scaler, values) => Agree(scaler, values, 1e-12), seed: Seed, iter: 60, threads: 1);

    [Fact]
    public void Of_floats_near_the_ends_of_their_range() =>
        Gen.Select(Scalers, Extreme(37.5)).Sample((scaler, values) => Agree(scaler, values.ToSingle(), 1e-5), seed: Seed, iter: 80, threads: 1);

    [Fact]
    public void Of_doubles_near_the_ends_of_their_range() =>
        Gen.Select(Scalers, Extreme(150)).Sample((scaler, values) => Agree(scaler, values, 1e-12), seed: Seed, iter: 80, threads: 1);

    private static void Agree<T>(string scaler, T[] values, double tolerance)
        where T : unmanaged, IConvertible
    {
        if (values.Distinct().Count() < 2)
        {
            return;
        }

        // What the inverse is given are results, between 1 and 3.
        T[] given = scaler == "inverse" ? [.. new[] { 1, 1.25, 2, 2.75, 3 }.Select(value => (T)Convert.ChangeType(value, typeof(T), null))] : values;
        var ways = FiveWays.Run(Context, data => Fit(scaler, data), values, given);
        double[] memory = Numbers(ways["memory"]);
        // Results of one size: rounding is that of the largest, as of differences of values that far apart.
        double size = memory.Max(Math.Abs);
        memory.Should().OnlyContain(value => double.IsFinite(value), scaler);
        foreach ((string way, T[] found) in ways)
        {
            Numbers(found).ShouldBeClose(memory, tolerance, floor: size, because: $"{scaler}, {way}");
            if (scaler.StartsWith("ScaleMinMax", StringComparison.Ordinal))
            {
                double minimum = scaler == "ScaleMinMax" ? 0 : -1;
                Numbers(found).Min().Should().Be(minimum, $"{scaler}, {way}");
                Numbers(found).Max().Should().Be(1, $"{scaler}, {way}");
            }
        }
    }

    private static double[] Numbers<T>(T[] values)
        where T : IConvertible => Array.ConvertAll(values, value => value.ToDouble(null));

    private static ITransformer Fit(string scaler, IDataView data) => scaler switch
    {
        "Standardize" => Context.Transforms.Standardize("X").Fit(data),
        "ScaleMinMax" => Context.Transforms.ScaleMinMax("X").Fit(data),
        "ScaleMinMax -1 to 1" => Context.Transforms.ScaleMinMax("X", options: new() { Minimum = -1, Maximum = 1 }).Fit(data),
        "clipped" => Context.Transforms.ScaleMinMax("X", options: new() { Clip = true, Minimum = -0.3, Maximum = 0.7 }).Fit(data),
        "BatchNormalize" => Context.Transforms.BatchNormalize("X", options: new() { Gamma = 3, Beta = -2 }).Fit(data),
        "inverse" => Context.Transforms.ScaleMinMax("X", options: new() { Minimum = 1, Maximum = 3 }).Fit(data).Inverse(),
        _ => throw new ArgumentOutOfRangeException(nameof(scaler), scaler, "No such scaler."),
    };
}
