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

    public static TheoryData<string, int> Fits => new() { { "standardize", 1 }, { "standardize", 4 }, { "min-max", 1 }, { "two columns", 1 }, { "batch", 1 } };

    [Theory]
    [MemberData(nameof(Fits))]
    public void A_slow_source_is_left_soon_after_the_token_is_canceled(string scaling, int threads)
    {
        using var source = new CancellationTokenSource();
        int rowsAfterwards = 0;
        IEnumerable<SlowRow> Slow()
        {
            for (int row = 0; row < 2000; row++)
            {
                if (row == 300)
                {
                    source.Cancel();
                }
                rowsAfterwards += source.IsCancellationRequested ? 1 : 0;
                yield return new SlowRow { X = row, Y = -row };
            }
        }

        var data = _context.Data.LoadFromEnumerable(Slow());
        var fit = () => Fit(scaling, threads, data, source.Token);

        fit.Should().Throw<OperationCanceledException>();
        // At 12 ms a row, 16 rows are 200 ms. Cursors of several threads hold some rows ready each.
        rowsAfterwards.Should().BeLessThanOrEqualTo(threads == 1 ? 17 : 17 + (threads * 64));
    }

    [Fact]
    public void Where_rows_are_slow_the_token_is_looked_at_after_each()
    {
        using var source = new CancellationTokenSource();
        int rowsAfterwards = 0;
        IEnumerable<SlowRow> Slow()
        {
            for (int row = 0; row < 10; row++)
            {
                if (row == 4)
                {
                    source.Cancel();
                }
                rowsAfterwards += source.IsCancellationRequested ? 1 : 0;
                Thread.Sleep(120);
                yield return new SlowRow { X = row, Y = -row };
            }
        }

        var data = _context.Data.LoadFromEnumerable(Slow());
        var fit = () => Fit("standardize", 1, data, source.Token);

        fit.Should().Throw<OperationCanceledException>();
        rowsAfterwards.Should().BeLessThanOrEqualTo(2);
    }

    [Fact]
    public void A_token_canceled_before_opens_no_cursor_on_any_thread()
    {
        var data = new SpyDataView(Rows.Of<float>(_context, [[1], [2]]));
        var options = new StandardizationOptions { CancellationToken = new CancellationToken(canceled: true), MaxDegreeOfParallelism = 4 };
        _context.Transforms.Standardize(Rows.Column, options: options).Invoking(estimator => estimator.Fit(data)).Should().Throw<OperationCanceledException>();
        data.Cursors.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_a_listener_throws_comes_out_and_the_data_are_read_once(int threads)
    {
        var data = new SpyDataView(_context.Data.Cache(Rows.Of(_context, [.. Enumerable.Range(0, 150_000).Select(i => new float[] { i })])));
        var options = new StandardizationOptions
        {
            MaxDegreeOfParallelism = threads,
            Progress = new Reports { OnReport = () => throw new InvalidOperationException("The window is closed.") },
        };

        _context.Transforms.Standardize(Rows.Column, options: options).Invoking(estimator => estimator.Fit(data))
            .Should().Throw<InvalidOperationException>().WithMessage("The window is closed.");
        data.Cursors.Should().ContainSingle();
    }

    private void Fit(string scaling, int threads, IDataView data, CancellationToken token)
    {
        var options = new StandardizationOptions { CancellationToken = token, MaxDegreeOfParallelism = threads };
        switch (scaling)
        {
            case "standardize":
                _context.Transforms.Standardize("X", options: options).Fit(data);
                break;
            case "two columns":
                _context.Transforms.Standardize([new("X"), new("Y")], options).Fit(data);
                break;
            case "min-max":
                _context.Transforms.ScaleMinMax("X", options: new() { CancellationToken = token }).Fit(data);
                break;
            default:
                _context.Transforms.BatchNormalize("X", options: new() { CancellationToken = token, BatchSize = 1000 }).Fit(data);
                break;
        }
    }

    private sealed class SlowRow
    {
        public float X { get; set; }

        public double Y { get; set; }
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
