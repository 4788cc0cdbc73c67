using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

public class ThreadsTests
{
    private const int Width = 5;
    private const int RowCount = 10_000;
    private static readonly StandardizationOptions Threads = new() { MaxDegreeOfParallelism = 3 };

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Several_threads_give_the_statistics_of_one_to_rounding()
    {
        var data = new DealtDataView(Values());

        var one = _mlContext.Transforms.Standardize("Features").Fit(data).Columns[0];
        data.CursorCount.Should().Be(1);
        var several = _mlContext.Transforms.Standardize("Features", options: Threads).Fit(data).Columns[0];

        data.CursorCount.Should().Be(3);
        for (int slot = 0; slot < Width; slot++)
        {
            several.Statistics[slot].Count.Should().Be(one.Statistics[slot].Count);
            several.Statistics[slot].Minimum.Should().Be(one.Statistics[slot].Minimum);
            several.Statistics[slot].Maximum.Should().Be(one.Statistics[slot].Maximum);
            // 10,000 values, summed in another order: a few units in the last place.
            several.Statistics[slot].Mean.Should().BeApproximately(one.Statistics[slot].Mean, 1e-12);
            several.Statistics[slot].PopulationVariance.Should().BeApproximately(one.Statistics[slot].PopulationVariance, 1e-12);
        }
    }

    [Fact]
    public void An_infinity_is_named_by_its_row_in_the_data()
    {
        float[] values = Values();
        values[(7000 * Width) + 2] = float.PositiveInfinity;

        FluentActions.Invoking(() => _mlContext.Transforms.Standardize("Features", options: Threads).Fit(new DealtDataView(values)))
            .Should().Throw<InvalidOperationException>().WithMessage("*slot 2*row 7000*");
    }

    [Fact]
    public void A_failing_source_fails_the_fit_with_its_own_error()
    {
        var data = new DealtDataView(Values()) { FailsAtRow = 5000 };

        FluentActions.Invoking(() => _mlContext.Transforms.Standardize("Features", options: Threads).Fit(data))
            .Should().Throw<IOException>().WithMessage("The disk is gone.");
    }

    [Fact]
    public void Progress_counts_the_rows_of_all_threads()
    {
        var reports = new List<FitProgress>();
        var options = Threads with { Progress = new Listener(reports) };

        _mlContext.Transforms.Standardize("Features", options: options).Fit(new DealtDataView(Values()));

        reports[^1].RowCount.Should().Be(RowCount);
    }

    [Fact]
    public void A_cancelled_fit_throws()
    {
        using var source = new CancellationTokenSource();
        var data = new DealtDataView(Values()) { AtRow = (5000, source.Cancel) };

        FluentActions.Invoking(() => _mlContext.Transforms.Standardize("Features", options: Threads with { CancellationToken = source.Token }).Fit(data))
            .Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Less_than_one_thread_is_refused() =>
        FluentActions.Invoking(() => _mlContext.Transforms.Standardize("Features", options: new() { MaxDegreeOfParallelism = 0 }))
            .Should().Throw<ArgumentOutOfRangeException>();

    private static float[] Values() => [.. RandomData.Normal(7, Width * RowCount, 100, 3).Select(value => (float)value)];

    private sealed class Listener(List<FitProgress> reports) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => reports.Add(value);
    }

    /// <summary>Rows dealt to as many cursors as are asked for, in turn.</summary>
    private sealed class DealtDataView : IDataView
    {
        private readonly float[] _values;

        public DealtDataView(float[] values)
        {
            _values = values;
            var builder = new DataViewSchema.Builder();
            builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, Width));
            Schema = builder.ToSchema();
        }

        public int CursorCount { get; private set; }

        public int FailsAtRow { get; init; } = -1;

        public (int Row, Action Do) AtRow { get; init; } = (-1, () => { });

        public bool CanShuffle => false;

        public DataViewSchema Schema { get; }

        public long? GetRowCount() => RowCount;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            GetRowCursorSet(columnsNeeded, 1, rand)[0];

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        {
            CursorCount = n;
            return [.. Enumerable.Range(0, n).Select(i => new Cursor(this, i, n))];
        }

        private sealed class Cursor(DealtDataView view, int first, int step) : DataViewRowCursor
        {
            private int _row = first - step;

            public override long Position => _row / step;

            public override long Batch => 0;

            public override DataViewSchema Schema => view.Schema;

            public override bool MoveNext()
            {
                _row += step;
                if (_row == view.AtRow.Row)
                {
                    view.AtRow.Do();
                }
                return _row != view.FailsAtRow ? _row < RowCount : throw new IOException("The disk is gone.");
            }

            public override bool IsColumnActive(DataViewSchema.Column column) => true;

            public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_row, 0);

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
                (ValueGetter<TValue>)(Delegate)new ValueGetter<VBuffer<float>>((ref VBuffer<float> row) =>
                    row = new VBuffer<float>(Width, view._values.AsSpan(_row * Width, Width).ToArray()));
        }
    }
}
