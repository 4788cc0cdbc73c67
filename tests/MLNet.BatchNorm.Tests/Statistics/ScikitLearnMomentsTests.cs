using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>mean_, var_, n_samples_seen_, data_min_ and data_max_ of scikit-learn's scalers, whole and after each partial_fit.</summary>
public class ScikitLearnMomentsTests
{
    public static TheoryData<string> StandardCases => GoldenFile.Names("sk_standard_scaler.json");

    public static TheoryData<string> MinMaxCases => GoldenFile.Names("sk_minmax_scaler.json");

    [Theory]
    [MemberData(nameof(StandardCases))]
    public void Moments_are_those_of_StandardScaler(string name)
    {
        GoldenCase golden = GoldenFile.Case("sk_standard_scaler.json", name);
        Check(golden, double.CreateChecked<double>);
        if (golden.Has("expected", "float32"))
        {
            Check(golden, float.CreateChecked<double>);
        }
    }

    [Theory]
    [MemberData(nameof(MinMaxCases))]
    public void Ranges_are_those_of_MinMaxScaler(string name)
    {
        GoldenCase golden = GoldenFile.Case("sk_minmax_scaler.json", name);
        Check(golden, double.CreateChecked<double>);
        Check(golden, float.CreateChecked<double>);
    }

    /// <summary>
    /// Against the float64 results also for float values: inputs are exact in both, and our statistics are double either way.
    /// </summary>
    private static void Check<T>(GoldenCase golden, Func<double, T> convert)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        int[] shape = golden.Shape("X");
        T[] values = Array.ConvertAll(golden.Numbers("X"), value => convert(value));
        double[] weights = golden.Has("sample_weight") ? golden.Numbers("sample_weight") : [];
        double[] chunks = golden.Has("chunks") ? golden.Numbers("chunks") : [shape[0]];
        var moments = new FeatureMoments(shape[1]);
        int row = 0;
        for (int chunk = 0; chunk < chunks.Length; chunk++)
        {
            int count = (int)chunks[chunk];
            moments.AddRows<T>(
                values.AsSpan(row * shape[1], count * shape[1]), count, weights.Length == 0 ? [] : weights.AsSpan(row, count));
            row += count;
            if (golden.Has("chunks"))
            {
                Compare(moments, golden.At("expected", "float64", "after_chunk", chunk));
            }
        }

        Compare(moments, golden.At("expected", "float64", "attributes"));
    }

    private static void Compare(FeatureMoments moments, GoldenCase attributes)
    {
        if (attributes.Has("mean_"))
        {
            moments.Mean.ShouldBeClose(attributes.Numbers("mean_"), 1e-14, because: "theirs is rounded in its last two digits");
        }

        if (attributes.Has("var_"))
        {
            // Where they find a constant, theirs and ours are rounding noise of the mean squared.
            double[] variance = attributes.Numbers("var_");
            double[] scale = attributes.Numbers("scale_");
            for (int feature = 0; feature < variance.Length; feature++)
            {
                bool constant = scale[feature] == 1;
                // 1, 1 + e, ... 1 + 9 e: constant for them. Nine last digits are no rounding of a value: here they vary.
                bool isFine = moments.Minimum[feature] == 1 && moments.Maximum[feature] == 1 + (9 * Math.ScaleB(1, -52));
                moments.IsConstant(feature).Should().Be((constant && !isFine) || double.IsNaN(scale[feature]));
                if (!constant)
                {
                    moments.PopulationVariance.Slice(feature, 1).ShouldBeClose([variance[feature]], 1e-12);
                }
            }
        }

        if (attributes.Has("data_min_"))
        {
            moments.Minimum.ShouldBeClose(attributes.Numbers("data_min_"), 0);
            moments.Maximum.ShouldBeClose(attributes.Numbers("data_max_"), 0);
        }
        else if (attributes.Has("n_samples_seen_"))
        {
            // One number where nothing is missing, else one per feature; a sum of weights where there are weights.
            double[] seen = attributes.Numbers("n_samples_seen_");
            moments.WeightSum.ShouldBeClose(seen.Length == 1 ? Enumerable.Repeat(seen[0], moments.FeatureCount) : seen, 0);
        }
    }
}
