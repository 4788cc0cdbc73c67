using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>The results of scikit-learn's RobustScaler and MaxAbsScaler.</summary>
public class SklearnRobustScalerTests
{
    private const string Robust = "sk_robust_scaler.json";
    private const string MaxAbs = "sk_maxabs_scaler.json";

    /// <summary>They divide, this multiplies by the reciprocal: a rounding or two.</summary>
    private const double DoubleTolerance = 1e-14;

    /// <summary>Results are rounded to float, after a subtraction and a fused multiply-add in float: two units in the last place.</summary>
    private const double SingleTolerance = 2.5e-7;

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> RobustCases => [.. GoldenFile.Cases(Robust).Select(golden => golden.Name).Except(["all_nan_column"])];

    public static TheoryData<string> MaxAbsCases => [.. GoldenFile.Cases(MaxAbs).Select(golden => golden.Name).Except(["all_nan_column"])];

    [Theory]
    [MemberData(nameof(RobustCases))]
    public void Robust_scaling_gives_their_medians_scales_and_results(string name)
    {
        var golden = GoldenFile.Case(Robust, name);
        var options = Options(golden);
        var transformer = _context.Transforms.RobustScale(Rows.Column, options: options).Fit(Rows.Of(_context, Rows.Of(golden, "X")));
        var single = _context.Transforms.RobustScale(Rows.Column, options: options).Fit(Rows.Of(_context, Rows.ToSingle(Rows.Of(golden, "X"))));

        var attributes = golden.At("expected", "float64", "attributes");
        foreach (var column in new[] { transformer.Columns[0], single.Columns[0] })
        {
            if (attributes.Has("center_"))
            {
                column.Median.Should().Equal(attributes.Numbers("center_"), "to the bit");
            }
            if (attributes.Has("scale_"))
            {
                column.Scale.Select(scale => 1 / scale).ShouldBeClose(attributes.Numbers("scale_"), DoubleTolerance);
            }
        }
        Check(golden, transformer, single);
    }

    [Theory]
    [MemberData(nameof(MaxAbsCases))]
    public void Scaling_by_the_largest_magnitude_gives_their_results(string name)
    {
        var golden = GoldenFile.Case(MaxAbs, name);
        double[][] rows = Rows.Of(golden, "X");
        var estimator = _context.Transforms.ScaleMaxAbs(Rows.Column);
        double[] chunks = golden.Has("chunks") ? golden.Numbers("chunks") : [rows.Length];
        MaxAbsScalingTransformer? transformer = null;
        int start = 0;
        foreach (int count in chunks.Select(chunk => (int)chunk))
        {
            var data = Rows.Of(_context, rows[start..(start + count)]);
            transformer = transformer?.Update(data) ?? estimator.Fit(data);
            start += count;
        }
        var attributes = golden.At("expected", "float64", "attributes");
        transformer!.Columns[0].LargestMagnitude.Should().Equal(attributes.Numbers("max_abs_"));
        transformer.Columns[0].Scale.Select(scale => 1 / scale).ShouldBeClose(attributes.Numbers("scale_"), DoubleTolerance);
        Check(golden, transformer, estimator.Fit(Rows.Of(_context, Rows.ToSingle(rows))));
    }

    [Fact]
    public void A_column_of_missing_values_only_is_left_as_it_is()
    {
        var data = Rows.Of(_context, Rows.Of(GoldenFile.Case(Robust, "all_nan_column"), "X"));
        ScalingTransformer[] transformers = [_context.Transforms.RobustScale(Rows.Column).Fit(data), _context.Transforms.ScaleMaxAbs(Rows.Column).Fit(data)];
        foreach (var transformer in transformers)
        {
            transformer.Report.Features[1].Scale.Should().Be(1);
            transformer.Report.Features[1].Offset.Should().Be(0);
            transformer.Report.Warnings.Should().Contain(warning => warning.Kind == ScalingWarningKind.EmptyFeature);
        }
    }

    private static RobustScalingOptions Options(GoldenCase golden)
    {
        double[] range = golden.Has("params", "quantile_range") ? golden.Numbers("params", "quantile_range") : [25, 75];
        bool Flag(string name, bool otherwise) => golden.Has("params", name) ? golden.Flag("params", name) : otherwise;
        return new RobustScalingOptions
        {
            Center = Flag("with_centering", true),
            Scale = Flag("with_scaling", true),
            UnitVariance = Flag("unit_variance", false),
            LowerQuantile = range[0] / 100,
            UpperQuantile = range[1] / 100,
        };
    }

    private void Check(GoldenCase golden, AffineTransformer transformer, AffineTransformer single)
    {
        double[][] rows = Rows.Of(golden, "X");
        var expected = golden.At("expected", "float64");
        var scaled = transformer.Transform(Rows.Of(_context, rows));
        Numbers<double>(scaled).ShouldBeClose(expected.Numbers("transform"), DoubleTolerance, floor: 1);
        Numbers<double>(transformer.Inverse().Transform(scaled)).ShouldBeClose(expected.Numbers("inverse_of_transform"), DoubleTolerance, floor: 100);
        Numbers<float>(single.Transform(Rows.Of(_context, Rows.ToSingle(rows)))).ShouldBeClose(expected.Numbers("transform"), SingleTolerance, floor: 1);
        if (golden.Has("X_new"))
        {
            Numbers<double>(transformer.Transform(Rows.Of(_context, Rows.Of(golden, "X_new")))).ShouldBeClose(expected.Numbers("transform_new"), DoubleTolerance, floor: 1);
        }
    }

    private static IEnumerable<double> Numbers<T>(IDataView data)
        where T : unmanaged, System.Numerics.INumberBase<T> => Rows.Read<T>(data).SelectMany(row => row).Select(double.CreateChecked);
}
