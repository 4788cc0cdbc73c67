using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>The results of scikit-learn's StandardScaler.</summary>
public class SklearnStandardScalerTests
{
    private const string File = "sk_standard_scaler.json";
    private const string NearConstant = "near_constant_float64_only";

    /// <summary>Both compute in double; only the order of summation differs.</summary>
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
        if (name == NearConstant)
        {
            return;
        }
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
        // Not scikit-learn's results in single precision: those carry rounding errors that are not ours to repeat. All inputs but those
        // of one case are exact in single precision.
        var golden = GoldenFile.Case(File, name);
        if (!golden.Has("expected", "float32"))
        {
            golden.Name.Should().EndWith("float64_only");
            return;
        }
        var transformer = Fit(golden, Rows.ToSingle);
        CheckStatistics(transformer, golden, "attributes");
        var scaled = transformer.Transform(Rows.Of(_context, Rows.ToSingle(Rows.Of(golden, "X"))));
        Rows.Read<float>(scaled).SelectMany(row => row).Select(value => (double)value)
            .ShouldBeClose(golden.Numbers("expected", "float64", "transform"), SingleTolerance, floor: 1);
    }

    [Fact]
    public void A_constant_is_centered_to_exactly_zero_where_scikit_learn_leaves_the_rounding_error_of_its_mean()
    {
        // 1e9 + 0.1, ten times: its mean there is one unit in the last place too large, so that -1.2e-7 comes out. Ours is the value itself.
        var golden = GoldenFile.Case(File, NearConstant);
        var scaled = Rows.Read<double>(Fit(golden, rows => rows).Transform(Rows.Of(_context, Rows.Of(golden, "X"))));
        scaled.Should().OnlyContain(row => row[0] == 0 && row[1] == 0);
        // 1, 1 + e, ... 1 + 9 e: constant for scikit-learn. Nine last digits are no rounding of a value: here they vary, evenly.
        scaled.Select(row => row[2]).ShouldBeClose(Enumerable.Range(0, 10).Select(i => (i - 4.5) / Math.Sqrt(8.25)), 1e-14);
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

    private StandardizationTransformer Fit<T>(GoldenCase golden, Func<double[][], T[][]> convert)
        where T : unmanaged
    {
        double[]? weights = golden.Has("sample_weight") ? golden.Numbers("sample_weight") : null;
        var rows = convert(Rows.Of(golden, "X"));
        var estimator = _context.Transforms.Standardize(Rows.Column, options: new StandardizationOptions
        {
            Center = !golden.Has("params", "with_mean") || golden.Flag("params", "with_mean"),
            Scale = !golden.Has("params", "with_std") || golden.Flag("params", "with_std"),
            WeightColumnName = weights is null ? null : Rows.Weight,
        });
        if (!golden.Has("chunks"))
        {
            return estimator.Fit(Rows.Of(_context, rows, weights));
        }
        StandardizationTransformer? transformer = null;
        int start = 0;
        foreach (var (chunk, i) in golden.Numbers("chunks").Select((size, i) => ((int)size, i)))
        {
            var data = Rows.Of(_context, rows[start..(start + chunk)], weights?[start..(start + chunk)]);
            transformer = transformer is null ? estimator.Fit(data) : transformer.Update(data);
            CheckStatistics(transformer, golden, "after_chunk", i);
            start += chunk;
        }
        return transformer!;
    }

    private static void CheckStatistics(StandardizationTransformer transformer, GoldenCase golden, params object[] path)
    {
        var column = transformer.Columns.Should().ContainSingle().Subject;
        var expected = golden.At(["expected", "float64", .. path]);
        CheckOne(column.Statistics.Select(slot => slot.Mean), expected, "mean_");
        CheckOne(column.Statistics.Select(slot => slot.PopulationVariance), expected, "var_");
        // Of the last feature of that case scikit-learn finds that it is constant, and here it varies.
        double[] scale = expected.Has("scale_") ? expected.Numbers("scale_") : [];
        column.Scale.Select(value => 1 / value).Take(golden.Name == NearConstant ? 2 : scale.Length)
            .ShouldBeClose(scale.Take(golden.Name == NearConstant ? 2 : scale.Length), DoubleTolerance, floor: 1, "scale_");

        // scikit-learn counts weights where there are some, and gives one number where all features have the same.
        double[] seen = expected.Numbers("n_samples_seen_");
        bool weighted = golden.Has("sample_weight");
        column.Statistics.Select(slot => weighted ? slot.WeightSum : slot.Count).Should()
            .Equal(seen.Length == 1 ? Enumerable.Repeat(seen[0], column.Statistics.Length) : seen);
    }

    private static void CheckOne(IEnumerable<double> actual, GoldenCase expected, string name)
    {
        // null where scikit-learn does not compute it.
        if (expected.Has(name))
        {
            actual.ShouldBeClose(expected.Numbers(name), DoubleTolerance, floor: 1, name);
        }
    }

    private static void Check(IDataView data, GoldenCase golden, string name) =>
        Rows.Read<double>(data).SelectMany(row => row).ShouldBeClose(golden.Numbers("expected", "float64", name), DoubleTolerance, floor: 1, name);
}
