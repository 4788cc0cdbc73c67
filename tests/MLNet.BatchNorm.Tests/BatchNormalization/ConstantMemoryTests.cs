using Microsoft.ML;
using MLNet.BatchNorm.StreamingMemory;

namespace MLNet.BatchNorm.Tests.BatchNormalization;

/// <summary>
/// What a fit allocates does not grow with the rows. Ten million rows, by peak working set: samples/MLNet.BatchNorm.StreamingMemory.
/// </summary>
public class ConstantMemoryTests
{
    private const int FewRows = 20_000;
    private const int ManyRows = 10 * FewRows;

    /// <summary>A single object per batch or per row would be 7000 or 180,000 times its size; this is room for the runtime's own.</summary>
    private const long Slack = 64 * 1024;

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string, BatchNormOptions> Ways => new()
    {
        { "plain", new() { BatchSize = 25 } },
        { "cumulative sample variance", new() { BatchSize = 25, Momentum = null, VarianceEstimator = VarianceEstimator.Sample } },
        { "channels", new() { BatchSize = 25, ChannelAxis = 0 } },
        { "epochs", new() { BatchSize = 25, Epochs = 2 } },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_fit_of_batch_normalization_allocates_the_same_for_ten_times_the_rows(string way, BatchNormOptions options)
    {
        long few = Allocated(FewRows, options);
        long many = Allocated(ManyRows, options);
        many.Should().BeLessThan(few + Slack, way);
    }

    [Fact]
    public void A_fit_of_standardization_allocates_the_same_for_ten_times_the_rows()
    {
        long few = Allocated(data => _context.Transforms.Standardize(GeneratedRows.ColumnName).Fit(data), FewRows);
        long many = Allocated(data => _context.Transforms.Standardize(GeneratedRows.ColumnName).Fit(data), ManyRows);
        many.Should().BeLessThan(few + Slack);
    }

    [Fact]
    public void Generated_rows_are_what_they_say()
    {
        var column = _context.Transforms.BatchNormalize(GeneratedRows.ColumnName, options: new() { Momentum = null }).Fit(new GeneratedRows(100_000, 3)).Columns[0];
        // Uniform on [j, j + 1): mean j + 1/2, variance 1/12; five standard errors.
        column.Statistics.Select(slot => slot.Mean).Should().Equal([0.5, 1.5, 2.5], (actual, expected) => Math.Abs(actual - expected) < 5 * 0.29 / Math.Sqrt(1e5));
        column.Statistics.Should().OnlyContain(slot => Math.Abs((slot.PopulationVariance * 12) - 1) < 0.02);
    }

    private long Allocated(int rowCount, BatchNormOptions options) =>
        Allocated(data => _context.Transforms.BatchNormalize(GeneratedRows.ColumnName, options: options).Fit(data), rowCount);

    private static long Allocated(Action<IDataView> fit, int rowCount)
    {
        // Once before: what the first call loads and compiles is not the fit's.
        fit(new GeneratedRows(FewRows, 8));
        var data = new GeneratedRows(rowCount, 8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        fit(data);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
