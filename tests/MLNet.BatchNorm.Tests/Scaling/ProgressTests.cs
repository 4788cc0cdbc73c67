using Microsoft.ML;

namespace MLNet.BatchNorm.Tests.Scaling;

public class ProgressTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Progress_is_reported_now_and_then_and_at_the_end()
    {
        var reports = new Reports();
        var data = Rows.Of(_context, [.. Enumerable.Range(0, 150_000).Select(i => new float[] { i })]);
        _context.Transforms.Standardize(Rows.Column, options: new() { Progress = reports }).Fit(data);

        reports.All.Select(report => report.RowCount).Should().Equal(65536, 131072, 150_000);
        reports.All.Should().OnlyContain(report => report.TotalRowCount == data.GetRowCount());
    }

    [Fact]
    public void A_canceled_token_stops_the_fit()
    {
        using var source = new CancellationTokenSource();
        var data = Rows.Of(_context, [.. Enumerable.Range(0, 150_000).Select(i => new float[] { i })]);
        var options = new StandardizationOptions { CancellationToken = source.Token, Progress = new Reports { OnReport = source.Cancel } };
        _context.Transforms.Standardize(Rows.Column, options: options).Invoking(estimator => estimator.Fit(data)).Should().Throw<OperationCanceledException>();
        ((Reports)options.Progress!).All.Should().ContainSingle("it was canceled from the first report");
    }

    [Fact]
    public void A_token_canceled_before_reads_nothing()
    {
        var data = new SpyDataView(Rows.Of<float>(_context, [[1], [2]]));
        var options = new MinMaxScalingOptions { CancellationToken = new CancellationToken(canceled: true) };
        _context.Transforms.ScaleMinMax(Rows.Column, options: options).Invoking(estimator => estimator.Fit(data)).Should().Throw<OperationCanceledException>();
        data.Cursors.Should().BeEmpty();
    }

    /// <summary>Unlike Progress, in the caller's thread and order.</summary>
    private sealed class Reports : IProgress<FitProgress>
    {
        public List<FitProgress> All { get; } = [];

        public Action OnReport { get; init; } = () => { };

        public void Report(FitProgress value)
        {
            All.Add(value);
            OnReport();
        }
    }
}
