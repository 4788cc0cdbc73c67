using System.Numerics;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Layers;

/// <summary>PyTorch's BatchNorm1d, BatchNorm2d, LayerNorm and GroupNorm, and its RMSNorm written out: every case of the reference files.</summary>
public class LayerGoldenTests
{
    private const string File1D = "batchnorm1d_2d_input.json";
    private const string File2D = "batchnorm2d.json";
    private const string ErrorFile = "batchnorm_errors.json";
    private const string LayerNormFile = "layernorm.json";
    private const string GroupNormFile = "groupnorm.json";
    private const string RMSNormFile = "rmsnorm.json";

    /// <summary>Two computations in double that differ in the order of their sums.</summary>
    private const double DoubleTolerance = 1e-10;

    /// <summary>Half a unit in a float's last place: ours is the double result, rounded once.</summary>
    private const double RoundingOfSingle = 6e-8;

    /// <summary>Its single precision is off by a rounding of a constant, times 1 / sqrt(epsilon) = 316 as the variance is 0; ours is exact.</summary>
    private const double ConstantOfSingle = 2e-5;

    public static TheoryData<string, string> BatchNormCases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string file in new[] { File1D, File2D })
            {
                foreach (GoldenCase golden in GoldenFile.Cases(file))
                {
                    cases.Add(file, golden.Name);
                }
            }

            return cases;
        }
    }

    public static TheoryData<string> LayerNormCases => GoldenFile.Names(LayerNormFile);

    public static TheoryData<string> GroupNormCases => GoldenFile.Names(GroupNormFile);

    public static TheoryData<string> RMSNormCases => GoldenFile.Names(RMSNormFile);

    public static TheoryData<string> ErrorCases => GoldenFile.Names(ErrorFile);

    [Theory]
    [MemberData(nameof(BatchNormCases))]
    public void Batch_normalization_in_double_precision_gives_its_results(string file, string name) =>
        CheckBatchNorm<double>(GoldenFile.Case(file, name), "float64", DoubleTolerance, floor: 1e-3);

    [Theory]
    [MemberData(nameof(BatchNormCases))]
    public void Batch_normalization_in_single_precision_gives_the_double_precision_results_rounded(string file, string name) =>
        CheckBatchNorm<float>(GoldenFile.Case(file, name), "float64", RoundingOfSingle, floor: 1e-3);

    [Theory]
    [MemberData(nameof(BatchNormCases))]
    public void Batch_normalization_in_single_precision_agrees_with_its_single_precision(string file, string name)
    {
        // Its sums and differences are floats; behind an offset of 1024 or 4096 they lose 10 or 12 of 24 bits, which ours do not.
        double tolerance = name switch
        {
            "2d_large_offset_1024" or "large_offset_4096" => 5e-3,
            "2d_const_column" => ConstantOfSingle,
            _ => 5e-6,
        };
        CheckBatchNorm<float>(GoldenFile.Case(file, name), "float32", tolerance, floor: 1);
    }

    [Theory]
    [MemberData(nameof(LayerNormCases))]
    public void Layer_normalization_in_double_precision_gives_its_results(string name) =>
        CheckLayerNorm<double>(GoldenFile.Case(LayerNormFile, name), "float64", DoubleTolerance, floor: 1e-3);

    [Theory]
    [MemberData(nameof(LayerNormCases))]
    public void Layer_normalization_in_single_precision_gives_the_double_precision_results_rounded(string name) =>
        CheckLayerNorm<float>(GoldenFile.Case(LayerNormFile, name), "float64", RoundingOfSingle, floor: 1e-3);

    [Theory]
    [MemberData(nameof(LayerNormCases))]
    public void Layer_normalization_in_single_precision_agrees_with_its_single_precision(string name)
    {
        double tolerance = name switch
        {
            "offset_1024" => 1e-3,
            "width_1" => ConstantOfSingle,
            _ => 5e-6,
        };
        CheckLayerNorm<float>(GoldenFile.Case(LayerNormFile, name), "float32", tolerance, floor: 1);
    }

    [Theory]
    [MemberData(nameof(GroupNormCases))]
    public void Group_normalization_gives_its_results(string name)
    {
        var golden = GoldenFile.Case(GroupNormFile, name);
        double tolerance = name == "offset_1024" ? 1e-3 : 5e-6;
        CheckLayer<double>(GroupLayer(golden), golden, "float64", DoubleTolerance, floor: 1e-3);
        CheckLayer<float>(GroupLayer(golden), golden, "float64", RoundingOfSingle, floor: 1e-3);
        CheckLayer<float>(GroupLayer(golden), golden, "float32", tolerance, floor: 1);
    }

    [Theory]
    [MemberData(nameof(RMSNormCases))]
    public void Root_mean_square_normalization_gives_its_results(string name)
    {
        var golden = GoldenFile.Case(RMSNormFile, name);
        NormalizationLayer Layer() => new RMSNormLayer((int)golden.Numbers("params", "normalized_shape").Single(), golden.Number("params", "eps"));
        CheckLayer<double>(Layer(), golden, "float64", DoubleTolerance, floor: 1e-3);
        CheckLayer<float>(Layer(), golden, "float64", RoundingOfSingle, floor: 1e-3);
        CheckLayer<float>(Layer(), golden, "float32", 5e-6, floor: 1);
    }

    [Theory]
    [MemberData(nameof(ErrorCases))]
    public void Batches_that_it_refuses_are_refused(string name)
    {
        var golden = GoldenFile.Case(ErrorFile, name);
        double[] shape = golden.Numbers("shape");
        var layer = new BatchNormLayer((int)shape[1], (int)shape[2..].Aggregate(1.0, (product, length) => product * length));
        var batch = new double[(int)shape[0] * layer.RowLength];

        Action train = () => layer.Forward(batch);
        if (golden.Has("train_error"))
        {
            train.Should().Throw<InvalidOperationException>().WithMessage("*more than one value per channel*1 row*2 or more rows*LayerNormLayer*");
            layer.BatchCount.Should().Be(0);
        }
        else
        {
            train.Should().NotThrow();
        }

        // Without running statistics it evaluates as it trains; with them a single row is fine.
        Action evaluate = () => layer.Forward(batch, training: !golden.Flag("track_running_stats"));
        if (golden.Text("eval_result") == "ok")
        {
            evaluate.Should().NotThrow();
        }
        else
        {
            evaluate.Should().Throw<InvalidOperationException>();
        }
    }

    private static void CheckBatchNorm<T>(GoldenCase golden, string precision, double tolerance, double floor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool tracks = golden.Flag("track_running_stats");
        var layer = LayerOf(golden);
        IReadOnlyList<GoldenCase> steps = golden.List("expected", precision, "train");
        steps.Should().NotBeEmpty();
        for (int i = 0; i < steps.Count; i++)
        {
            CheckPass<T>(layer, golden.At("batches", i), golden.At("grad_outputs", i), steps[i], training: true, tolerance, floor);
            if (tracks)
            {
                // The statistics are double in either case: in single precision it is the golden ones that are rounded.
                layer.RunningMean.ShouldBeClose(steps[i].Numbers("running_mean"), tolerance, floor);
                layer.RunningVariance.ShouldBeClose(steps[i].Numbers("running_var"), tolerance, floor);
                layer.BatchCount.Should().Be(layer.UpdateRunningStatistics ? steps[i].Integer("num_batches_tracked") : 0);
            }
        }

        // Without running statistics it evaluates as it trains.
        CheckPass<T>(
            layer, golden.At("eval_input"), golden.At("eval_grad_output"), golden.At("expected", precision, "eval"), training: !tracks, tolerance, floor);
    }

    private static void CheckLayerNorm<T>(GoldenCase golden, string precision, double tolerance, double floor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int featureCount = (int)golden.Numbers("params", "normalized_shape").Aggregate((product, length) => product * length);
        CheckLayer<T>(new LayerNormLayer(featureCount, golden.Number("params", "eps")), golden, precision, tolerance, floor);
    }

    private static GroupNormLayer GroupLayer(GoldenCase golden) => new(
        golden.Integer("params", "num_channels"),
        golden.Integer("params", "num_groups"),
        golden.Shape("input")[2..].Aggregate(1, (product, length) => product * length),
        golden.Number("params", "eps"));

    private static void CheckLayer<T>(NormalizationLayer layer, GoldenCase golden, string precision, double tolerance, double floor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        SetParameters(layer, golden);
        foreach (bool training in new[] { true, false })
        {
            CheckPass<T>(layer, golden.At("input"), golden.At("grad_output"), golden.At("expected", precision), training, tolerance, floor);
        }
    }

    private static BatchNormLayer LayerOf(GoldenCase golden)
    {
        // Its momentum 0 means that the running statistics stay as they are.
        bool updates = !golden.Has("momentum") || golden.Number("momentum") > 0;
        var layer = new BatchNormLayer(
            golden.Integer("num_features"),
            golden.Shape("eval_input")[2..].Aggregate(1, (product, length) => product * length),
            golden.Number("eps"),
            !updates ? 0.1 : golden.Has("momentum") ? golden.Number("momentum") : null,
            VarianceEstimator.Sample,
            RunningStart.ZeroOne)
        {
            UpdateRunningStatistics = updates,
        };
        SetParameters(layer, golden);
        return layer;
    }

    private static void SetParameters(NormalizationLayer layer, GoldenCase golden)
    {
        if (golden.Has("gamma"))
        {
            golden.Numbers("gamma").CopyTo(layer.Gamma);
            golden.Numbers("beta").CopyTo(layer.Beta);
        }
    }

    private static void CheckPass<T>(
        NormalizationLayer layer, GoldenCase input, GoldenCase outputGradient, GoldenCase expected, bool training, double tolerance, double floor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] batch = input.Numbers<T>();
        layer.Forward(batch, training).ToDouble().ShouldBeClose(expected.Numbers("output"), tolerance, floor);
        layer.Backward(batch, outputGradient.Numbers<T>()).ToDouble().ShouldBeClose(expected.Numbers("grad_input"), tolerance, floor);
        if (expected.Has("grad_gamma"))
        {
            layer.GammaGradient.ToArray().ShouldBeClose(expected.Numbers("grad_gamma"), tolerance, floor);
            layer.BetaGradient.ToArray().ShouldBeClose(expected.Numbers("grad_beta"), tolerance, floor);
        }
    }
}
