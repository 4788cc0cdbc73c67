using Microsoft.ML;
using MLNet.BatchNorm.Tests.Scaling;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

/// <summary>The running statistics and inference results of PyTorch's BatchNorm1d and BatchNorm2d, in a pipeline.</summary>
public class PyTorchTests
{
    private const string File1D = "batchnorm1d_2d_input.json";
    private const string File2D = "batchnorm2d.json";

    /// <summary>Both compute in double; only the order of summation differs.</summary>
    private const double DoubleTolerance = 1e-12;

    /// <summary>Floats of up to about 4: two units in the last place.</summary>
    private const double SingleTolerance = 2.5e-7;

    private readonly MLContext _context = new(seed: 1);

    // Momentum 0 never learns, and without running statistics there is nothing to keep: neither exists in a pipeline.
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string file in new[] { File1D, File2D })
            {
                foreach (var golden in GoldenFile.Cases(file).Where(golden =>
                    golden.Flag("track_running_stats") && (!golden.Has("momentum") || golden.Number("momentum") > 0)))
                {
                    cases.Add(file, golden.Name);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_fit_in_cursor_order_gives_its_running_statistics_and_results(string file, string name)
    {
        var golden = GoldenFile.Case(file, name);
        var batches = Batches(golden);
        var options = Options(golden) with { BatchSize = batches[0].Length };
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(View(golden, [.. batches.SelectMany(batch => batch)]));

        Check(transformer, golden, golden.List("expected", "float64", "train")[^1]);
        var results = Rows.Read<double>(transformer.Transform(View(golden, RowsOf(golden, "eval_input"))));
        results.SelectMany(row => row).ShouldBeClose(golden.Numbers("expected", "float64", "eval", "output"), DoubleTolerance, floor: 1);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Batch_by_batch_updates_give_its_running_statistics_after_each(string file, string name)
    {
        var golden = GoldenFile.Case(file, name);
        var estimator = _context.Transforms.BatchNormalize(Rows.Column, options: Options(golden) with { BatchSize = 1000 });
        BatchNormTransformer? transformer = null;
        foreach (var (batch, step) in Batches(golden).Zip(golden.List("expected", "float64", "train")))
        {
            var data = View(golden, batch);
            transformer = transformer is null ? estimator.Fit(data) : transformer.Update(data);
            Check(transformer, golden, step);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Single_precision_gives_the_double_precision_results_rounded(string file, string name)
    {
        // Not PyTorch's own results in single precision, whose rounding errors are not ours to repeat.
        var golden = GoldenFile.Case(file, name);
        var batches = Batches(golden);
        var options = Options(golden) with { BatchSize = batches[0].Length };
        var data = View(golden, Rows.ToSingle([.. batches.SelectMany(batch => batch)]));
        var transformer = _context.Transforms.BatchNormalize(Rows.Column, options: options).Fit(data);

        Check(transformer, golden, golden.List("expected", "float64", "train")[^1]);
        var results = Rows.Read<float>(transformer.Transform(View(golden, Rows.ToSingle(RowsOf(golden, "eval_input")))));
        results.SelectMany(row => row).Select(value => (double)value)
            .ShouldBeClose(golden.Numbers("expected", "float64", "eval", "output"), SingleTolerance, floor: 4);
    }

    private static BatchNormOptions Options(GoldenCase golden) => BatchNormOptions.PyTorch with
    {
        Momentum = golden.Has("momentum") ? golden.Number("momentum") : null,
        Epsilon = golden.Number("eps"),
        Gamma = golden.Flag("affine") ? golden.Numbers("gamma") : 1,
        Beta = golden.Flag("affine") ? golden.Numbers("beta") : 0,
        ChannelAxis = Dimensions(golden).Length > 1 ? 0 : null,
    };

    private static int[] Dimensions(GoldenCase golden) => golden.Shape("eval_input")[1..];

    private static double[][] RowsOf(GoldenCase golden, params object[] path) => [.. golden.List(path).Select(row => row.Numbers())];

    private static double[][][] Batches(GoldenCase golden) => [.. golden.List("batches").Select((_, i) => RowsOf(golden, "batches", i))];

    private static void Check(BatchNormTransformer transformer, GoldenCase golden, GoldenCase expected)
    {
        var column = transformer.Columns.Should().ContainSingle().Subject;
        int slotsPerChannel = column.RunningMean.Length / golden.Integer("num_features");
        double[] PerChannel(IEnumerable<double> slots) => [.. slots.Where((_, slot) => slot % slotsPerChannel == 0)];
        PerChannel(column.RunningMean).ShouldBeClose(expected.Numbers("running_mean"), DoubleTolerance, floor: 1);
        PerChannel(column.RunningVariance).ShouldBeClose(expected.Numbers("running_var"), DoubleTolerance, floor: 1);
        column.BatchCount.Should().OnlyContain(count => count == expected.Integer("num_batches_tracked"));
    }

    private IDataView View<T>(GoldenCase golden, T[][] rows)
        where T : unmanaged => Rows.Of(_context, rows, weights: null, Dimensions(golden));
}
