using Microsoft.ML;
using Microsoft.ML.Transforms;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>Saved, loaded, and gone on with.</summary>
public class SaveAndLoadTests
{
    private static readonly double[][] Input = Rows.Random(700, 6, seed: 11);

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Standardizations => [.. StandardizationCases.Keys];

    public static TheoryData<string> MinMaxScalings => [.. MinMaxCases.Keys];

    private static Dictionary<string, StandardizationOptions> StandardizationCases { get; } = new()
    {
        ["defaults"] = new(),
        ["sample variance, weights, epsilon"] = new() { VarianceEstimator = VarianceEstimator.Sample, WeightColumnName = Rows.Weight, Epsilon = 0.5 },
        ["not centered, infinities left out"] = new() { Center = false, Infinity = InfinityPolicy.LeaveOut },
        ["not scaled"] = new() { Scale = false },
        ["channels"] = new() { ChannelAxis = -1 },
    };

    private static Dictionary<string, MinMaxScalingOptions> MinMaxCases { get; } = new()
    {
        ["defaults"] = new(),
        ["range, clipped"] = new() { Minimum = -2, Maximum = 3, Clip = true },
        ["channels, infinities left out"] = new() { ChannelAxis = 0, Infinity = InfinityPolicy.LeaveOut },
    };

    [Theory]
    [MemberData(nameof(Standardizations))]
    public void A_loaded_standardization_is_the_saved_one_and_goes_on_as_if_never_stopped(string name)
    {
        var data = Data(Input);
        var saved = _context.Transforms.Standardize("Out", Rows.Column, StandardizationCases[name]).Fit(data);
        var loaded = Reload(saved).Should().BeOfType<StandardizationTransformer>().Subject;

        loaded.Options.Should().Be(saved.Options);
        ShouldEqual(loaded.Columns[0], saved.Columns[0]);
        var more = Data(Rows.Random(300, 6, seed: 12));
        ShouldEqual(loaded.Update(more).Columns[0], saved.Update(more).Columns[0]);
        loaded.Merge(saved).Columns[0].Statistics[0].Count.Should().Be(2 * saved.Columns[0].Statistics[0].Count);
        Rows.Read<double>(loaded.Transform(data), "Out").Should().BeEquivalentTo(Rows.Read<double>(saved.Transform(data), "Out"), options => options.WithStrictOrdering());
    }

    [Theory]
    [MemberData(nameof(MinMaxScalings))]
    public void A_loaded_min_max_scaling_is_the_saved_one_and_goes_on_as_if_never_stopped(string name)
    {
        var data = Data(Input);
        var saved = _context.Transforms.ScaleMinMax("Out", Rows.Column, MinMaxCases[name]).Fit(data);
        var loaded = Reload(saved).Should().BeOfType<MinMaxScalingTransformer>().Subject;

        loaded.Options.Should().Be(saved.Options);
        ShouldEqual(loaded.Columns[0], saved.Columns[0]);
        loaded.Columns[0].DataMinimum.Should().Equal(saved.Columns[0].DataMinimum);
        var more = Data(Rows.Random(300, 6, seed: 12));
        ShouldEqual(loaded.Update(more).Columns[0], saved.Update(more).Columns[0]);
        Rows.Read<double>(loaded.Transform(data), "Out").Should().BeEquivalentTo(Rows.Read<double>(saved.Transform(data), "Out"), options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_fixed_range_is_loaded_with_no_statistics()
    {
        var saved = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { DataMinimum = 0, DataMaximum = 255 }).Fit(Data(Input));
        var loaded = Reload(saved).Should().BeOfType<MinMaxScalingTransformer>().Subject;
        loaded.Options.Should().Be(saved.Options);
        loaded.Columns[0].Scale.Should().Equal(saved.Columns[0].Scale);
        loaded.Columns[0].Statistics.Should().OnlyContain(slot => slot.Count == 0);
    }

    [Fact]
    public void Several_columns_scalars_slot_names_and_sparse_statistics_come_back()
    {
        var chain = _context.Transforms.Concatenate("Both", "A", "B").Append(_context.Transforms.Standardize([new("Scaled", "Both"), new("A"), new("D")]));
        var data = _context.Data.LoadFromEnumerable<Row>([new() { A = 1, B = 5, D = 3 }, new() { A = 4, B = float.NaN, D = 4 }, new() { A = 0, B = 9, D = 8 }]);
        var saved = chain.Fit(data).LastTransformer!;
        var loaded = Reload(saved).Should().BeOfType<StandardizationTransformer>().Subject;
        foreach (var (column, expected) in loaded.Columns.Zip(saved.Columns))
        {
            ShouldEqual(column, expected);
        }
        loaded.Columns[0].SlotNames.Should().Equal("A", "B");

        var sparse = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Sparse<double>(_context, [[0, 2, 0], [5, 0, 0], [0, 0, 0]]));
        ShouldEqual(Reload(sparse).Should().BeOfType<StandardizationTransformer>().Subject.Columns[0], sparse.Columns[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plain_ML_NET_loads_the_same_map_and_no_type_of_this_library(bool minMax)
    {
        var data = Data(Input);
        AffineTransformer saved = minMax
            ? _context.Transforms.ScaleMinMax("Out", Rows.Column).Fit(data)
            : _context.Transforms.Standardize("Out", Rows.Column).Fit(data);
        using var stream = Save(saved, data.Schema);
        var loaded = new MLContext().Model.Load(stream, out _);

        loaded.GetType().Assembly.Should().BeSameAs(typeof(NormalizingTransformer).Assembly);
        // The stock form folds center and shift into one offset: roundings relative to values of up to 500.
        Rows.Read<double>(loaded.Transform(data), "Out").SelectMany(row => row)
            .ShouldBeClose(Rows.Read<double>(saved.Transform(data), "Out").SelectMany(row => row), 1e-12, floor: 1);
    }

    [Fact]
    public void An_inverse_is_saved_as_plain_ML_NET()
    {
        var data = Data(Input);
        var transformer = _context.Transforms.Standardize("Out", Rows.Column).Fit(data);
        var inverse = Reload(transformer.Inverse());
        inverse.GetType().Assembly.Should().BeSameAs(typeof(NormalizingTransformer).Assembly);
        Rows.Read<double>(inverse.Transform(transformer.Transform(data))).SelectMany(row => row)
            .ShouldBeClose(Input.SelectMany(row => row), 1e-12, floor: 1);
    }

    private IDataView Data(double[][] rows) =>
        Rows.Of(_context, rows, [.. Enumerable.Range(0, rows.Length).Select(i => 0.25 * (i % 5))], 3, 2);

    private ITransformer Reload(ITransformer transformer)
    {
        using var stream = Save(transformer, null);
        return new MLContext().Model.LoadWithStatistics(stream, out _);
    }

    private MemoryStream Save(ITransformer transformer, DataViewSchema? schema)
    {
        var stream = new MemoryStream();
        _context.Model.Save(transformer, schema, stream);
        stream.Position = 0;
        return stream;
    }

    private static void ShouldEqual(ScalingColumn actual, ScalingColumn expected)
    {
        (actual.OutputColumnName, actual.InputColumnName).Should().Be((expected.OutputColumnName, expected.InputColumnName));
        actual.SlotNames.Should().Equal(expected.SlotNames);
        actual.Statistics.Should().Equal(expected.Statistics);
        actual.Scale.Should().Equal(expected.Scale);
        actual.Offset.Should().Equal(expected.Offset);
    }

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }

        public double D { get; set; }
    }
}
