using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>The results of scikit-learn's MinMaxScaler.</summary>
public class SklearnMinMaxScalerTests
{
    private const string File = "sk_minmax_scaler.json";

    /// <summary>
    /// scikit-learn multiplies first and then adds minimum - smallest * scale, which cancels: with values around 100 in a range of 1,
    /// its results are off by some 100 roundings, 2e-14. That is within this, too.
    /// </summary>
    private const double DoubleTolerance = 1e-12;

    /// <summary>Results are rounded to float, after a subtraction and a fused multiply-add in float: two units in the last place.</summary>
    private const double SingleTolerance = 2.5e-7;

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Cases => [.. GoldenFile.Cases(File).Select(golden => golden.Name).Except(["all_nan_column"])];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Statistics_and_results_are_those_of_scikit_learn(string name)
    {
        var golden = GoldenFile.Case(File, name);
        var transformer = Fit(golden, rows => rows);

        CheckStatistics(transformer, golden, "attributes");
        var scaled = transformer.Transform(Rows.Of(_context, Rows.Of(golden, "X")));
        Check(scaled, golden, "transform");
        Check(transformer.Inverse().Transform(scaled), golden, "inverse_of_transform");
        if (golden.Has("X_new"))
        {
            Check(transformer.Transform(Rows.Of(_context, Rows.Of(golden, "X_new"))), golden, "transform_new");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Single_precision_gives_the_double_precision_results_rounded(string name)
    {
        // Not scikit-learn's results in single precision: those carry rounding errors that are not ours to repeat.
        var golden = GoldenFile.Case(File, name);
        var transformer = Fit(golden, Rows.ToSingle);
        CheckStatistics(transformer, golden, "attributes");
        var scaled = transformer.Transform(Rows.Of(_context, Rows.ToSingle(Rows.Of(golden, "X"))));
        Rows.Read<float>(scaled).SelectMany(row => row).Select(value => (double)value)
            .ShouldBeClose(golden.Numbers("expected", "float64", "transform"), SingleTolerance, floor: 1);
    }

    [Fact]
    public void A_column_of_missing_values_only_is_left_as_it_is_where_scikit_learn_makes_every_value_NaN()
    {
        // On purpose: a model that turns every row into NaN fails far away from its cause.
        var fitted = Fit(GoldenFile.Case(File, "all_nan_column"), rows => rows);

        fitted.Columns[0].Scale[1].Should().Be(1);
        fitted.Columns[0].Offset[1].Should().Be(0);
        fitted.Report.Warnings.Should().Contain(warning => warning.Kind == ScalingWarningKind.EmptyFeature && warning.Message.Contains("no value in any row"));
    }

    private MinMaxScalingTransformer Fit<T>(GoldenCase golden, Func<double[][], T[][]> convert)
        where T : unmanaged
    {
        var rows = convert(Rows.Of(golden, "X"));
        double[] range = golden.Has("params", "feature_range") ? golden.Numbers("params", "feature_range") : [0, 1];
        var estimator = _context.Transforms.ScaleMinMax(Rows.Column, options: new MinMaxScalingOptions
        {
            Minimum = range[0],
            Maximum = range[1],
            Clip = golden.Has("params", "clip") && golden.Flag("params", "clip"),
        });
        if (!golden.Has("chunks"))
        {
            return estimator.Fit(Rows.Of(_context, rows));
        }
        MinMaxScalingTransformer? transformer = null;
        int start = 0;
        foreach (var (chunk, i) in golden.Numbers("chunks").Select((size, i) => ((int)size, i)))
        {
            var data = Rows.Of(_context, rows[start..(start + chunk)]);
            transformer = transformer is null ? estimator.Fit(data) : transformer.Update(data);
            CheckStatistics(transformer, golden, "after_chunk", i);
            start += chunk;
        }
        return transformer!;
    }

    private static void CheckStatistics(MinMaxScalingTransformer transformer, GoldenCase golden, params object[] path)
    {
        var column = transformer.Columns.Should().ContainSingle().Subject;
        var expected = golden.At(["expected", "float64", .. path]);
        column.DataMinimum.Should().Equal(expected.Numbers("data_min_"));
        column.DataMaximum.Should().Equal(expected.Numbers("data_max_"));
        column.Scale.ShouldBeClose(expected.Numbers("scale_"), DoubleTolerance, floor: 1, "scale");
        // Theirs is y = x * scale + min_, ours y = (x - offset) * scale.
        column.Offset.Zip(column.Scale, (offset, scale) => -offset * scale).ShouldBeClose(expected.Numbers("min_"), DoubleTolerance, floor: 1, "min_");
    }

    private static void Check(IDataView data, GoldenCase golden, string name) =>
        Rows.Read<double>(data).SelectMany(row => row).ShouldBeClose(golden.Numbers("expected", "float64", name), DoubleTolerance, floor: 1, name);
}
