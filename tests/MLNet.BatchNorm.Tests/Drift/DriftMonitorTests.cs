using System.Diagnostics.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Scaling;

namespace MLNet.BatchNorm.Tests.Drift;

/// <summary>Rows watched in operation.</summary>
public class DriftMonitorTests
{
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_report_is_that_of_measuring_the_same_rows(bool asDataView)
    {
        var scaler = Fit();
        double[][] rows = Rows.Random(777, 5, seed: 30);
        rows[3][1] = double.NaN;
        rows[4][2] = double.PositiveInfinity;
        Array.ForEach(rows, row => row[4] += 4);
        using var monitor = scaler.CreateDriftMonitor();
        if (asDataView)
        {
            monitor.Add(Rows.Of(_context, rows));
        }
        else
        {
            Array.ForEach(rows, row => monitor.Add<double>(row));
        }

        var expected = scaler.MeasureDrift(Rows.Of(_context, rows));
        var found = monitor.Report();
        monitor.RowCount.Should().Be(777);
        found.RowCount.Should().Be(777);
        found.Verdict.Should().Be(DriftVerdict.Drifted);
        found.Features.Zip(expected.Features).Should().OnlyContain(pair =>
            pair.First.Count == pair.Second.Count
            && pair.First.Kinds == pair.Second.Kinds
            && Math.Abs(pair.First.MeanShift - pair.Second.MeanShift) < 1e-12
            && Math.Abs(pair.First.VarianceRatio - pair.Second.VarianceRatio) < 1e-12
            && pair.First.MissingShareNow == pair.Second.MissingShareNow
            && pair.First.Shape == pair.Second.Shape);
    }

    [Fact]
    public void Floats_sparse_vectors_channels_and_several_columns_are_rows_as_well()
    {
        float[][] rows = Rows.ToSingle(Rows.Random(300, 6, seed: 1));
        var channels = _context.Transforms.RobustScale(Rows.Column, options: new() { ChannelAxis = 0 }).Fit(Rows.Of(_context, rows, null, 2, 3));
        using var monitor = channels.CreateDriftMonitor();
        monitor.Add(Rows.Sparse(_context, rows, null, 2, 3));
        Array.ForEach(rows, row => monitor.Add<float>(row));
        monitor.Report().Features.Should().HaveCount(2).And.OnlyContain(feature => feature.Count == 2 * 3 * 300 && feature.Verdict != DriftVerdict.Drifted);

        var people = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Person { Age = i, Sizes = [i + 1000, 2 * i] }));
        var two = _context.Transforms.Standardize([new("Age"), new("Sizes")]).Fit(people);
        using var both = two.CreateDriftMonitor();
        both.SlotCount.Should().Be(3);
        both.Name.Should().Be("Age, Sizes");
        both.Add<double>([49.5, 1049.5, 99]);
        both.Add(people);
        both.Report().Features.Should().OnlyContain(feature => feature.Count == 101 && Math.Abs(feature.MeanShift) < 1e-12);
    }

    [Fact]
    public void Floats_sparse_rows_and_several_columns_with_quantiles_give_the_report_of_the_same_rows()
    {
        float[][] rows = Rows.ToSingle(Rows.Random(500, 4, seed: 5));
        Array.ForEach(rows, row => Array.Fill(row, 0, row[0] > 0 ? 1 : 2, 2));
        var scaler = _context.Transforms.RobustScale(Rows.Column).Fit(Rows.Of(_context, rows));
        var expected = scaler.MeasureDrift(Rows.Of(_context, rows)).Features;
        using (var monitor = scaler.CreateDriftMonitor())
        {
            Array.ForEach(rows, row => monitor.Add<float>(row));
            Same(monitor.Report().Features, expected);
        }
        using (var monitor = scaler.CreateDriftMonitor())
        {
            monitor.Add(Rows.Sparse(_context, rows));
            Same(monitor.Report().Features, expected);
        }

        var people = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(i => new Person { Age = i, Sizes = [i * i, 2 * i] }));
        var older = _context.Data.LoadFromEnumerable(Enumerable.Range(50, 300).Select(i => new Person { Age = i, Sizes = [i * i, 2 * i] }));
        var two = _context.Transforms.RobustScale([new("Age"), new("Sizes")]).Fit(people);
        using var both = two.CreateDriftMonitor();
        both.Add(older);
        Same(both.Report().Features, two.MeasureDrift(older).Features);

        static void Same(IReadOnlyList<FeatureDrift> found, IReadOnlyList<FeatureDrift> expected) => found.Zip(expected).Should().OnlyContain(pair =>
            pair.First.Count == pair.Second.Count
            && Math.Abs(pair.First.MeanShift - pair.Second.MeanShift) < 1e-12
            && Math.Abs(pair.First.VarianceRatio - pair.Second.VarianceRatio) < 1e-12
            && pair.First.Shape == pair.Second.Shape);
    }

    [Fact]
    public void Quantiles_leave_the_window_with_their_rows()
    {
        double[][] rows = Rows.Random(2000, 5, seed: 11);
        using var monitor = Fit().CreateDriftMonitor(new DriftMonitorOptions { WindowRows = 800 });
        Array.ForEach(rows, row => monitor.Add<double>(row));
        // 2000 rows end an eighth of the window: it is full.
        var report = monitor.Report();
        report.RowCount.Should().Be(800);
        report.Features.Select(feature => feature.Shape).Should().Equal(Fit().MeasureDrift(Rows.Of(_context, rows[1200..])).Features.Select(feature => feature.Shape));
    }

    [Fact]
    public void A_window_of_rows_forgets_the_oldest_an_eighth_at_a_time()
    {
        using var monitor = Fit().CreateDriftMonitor(new DriftMonitorOptions { WindowRows = 80 });
        for (int i = 0; i < 1000; i++)
        {
            monitor.Add<double>([i, i, i, i, i]);
            var report = monitor.Report();
            report.RowCount.Should().BeInRange(Math.Min(i + 1, 71), 80);
            report.Features[0].Mean.Should().BeApproximately(i - ((report.RowCount - 1) / 2.0), 1e-9, "the latest rows, and no others");
        }
        monitor.RowCount.Should().Be(1000);
    }

    [Fact]
    public void A_window_of_time_forgets_what_is_over()
    {
        var clock = new ManualClock { Start = 12_345 };
        using var monitor = Fit().CreateDriftMonitor(new DriftMonitorOptions { WindowTime = TimeSpan.FromSeconds(80), TimeProvider = clock });
        monitor.Add<double>([1, 1, 1, 1, 1]);
        clock.Seconds = 40;
        monitor.Add<double>([2, 2, 2, 2, 2]);
        monitor.Report().RowCount.Should().Be(2);
        clock.Seconds = 79;
        monitor.Report().RowCount.Should().Be(2);
        clock.Seconds = 85;
        monitor.Report().Features[0].Mean.Should().Be(2);
        // The old bucket's place is taken by a new one.
        clock.Seconds = 95;
        monitor.Add<double>([3, 3, 3, 3, 3]);
        monitor.Report().Features[0].Mean.Should().Be(2.5);
        clock.Seconds = 1000;
        var empty = monitor.Report();
        (empty.RowCount, empty.Verdict, empty.DataSetVerdict).Should().Be((0, DriftVerdict.TooFewValues, DriftVerdict.TooFewValues));
        monitor.RowCount.Should().Be(3);
    }

    [Fact]
    public async Task No_row_of_many_threads_is_lost_while_reports_are_made()
    {
        const int Threads = 12;
        const int RowsEach = 5000;
        using var monitor = Fit().CreateDriftMonitor();
        double[] row = [1, 102, 203, 304, 405];
        using var done = new CancellationTokenSource();
        var reports = Task.Run(() =>
        {
            long before = 0;
            while (!done.IsCancellationRequested)
            {
                long count = monitor.Report().RowCount;
                count.Should().BeGreaterThanOrEqualTo(before);
                before = count;
            }
        });
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < RowsEach; i++)
            {
                monitor.Add<double>(row);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        await done.CancelAsync();
        await reports;

        monitor.RowCount.Should().Be(Threads * RowsEach);
        var report = monitor.Report();
        report.RowCount.Should().Be(Threads * RowsEach);
        report.Features.Select(feature => feature.Mean).Should().Equal(row);
    }

    [Fact]
    public void A_row_allocates_nothing()
    {
        using var monitor = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, Rows.Random(100, 5, seed: 1))).CreateDriftMonitor();
        double[] row = [1, 2, 3, 4, 5];
        monitor.Add<double>(row);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            monitor.Add<double>(row);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void Listeners_to_the_meter_see_rows_share_and_shift_until_it_is_disposed_of()
    {
        string name = Guid.NewGuid().ToString();
        var monitor = Fit().CreateDriftMonitor(new DriftMonitorOptions { Name = name });
        var units = new Dictionary<string, string?>();
        var values = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "MLNet.BatchNorm")
                {
                    units[instrument.Name] = instrument.Unit;
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Take<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
            where T : struct
        {
            if (tags.Length == 1 && tags[0].Key == "mlnet.batchnorm.monitor" && Equals(tags[0].Value, name))
            {
                values[instrument.Name] = Convert.ToDouble(value, null);
            }
        }
        listener.SetMeasurementEventCallback<long>(Take);
        listener.SetMeasurementEventCallback<double>(Take);
        listener.Start();
        units.Should().BeEquivalentTo(new Dictionary<string, string?>
        {
            ["mlnet.batchnorm.drift.rows"] = "{row}",
            ["mlnet.batchnorm.drift.drifted_share"] = "1",
            ["mlnet.batchnorm.drift.largest_mean_shift"] = "{standard_deviation}",
        });

        listener.RecordObservableInstruments();
        values.Should().BeEquivalentTo(new Dictionary<string, double> { ["mlnet.batchnorm.drift.rows"] = 0 }, "shares of no rows are none");

        double[][] rows = Rows.Random(1000, 5, seed: 9);
        Array.ForEach(rows, row => row[2] -= 6);
        Array.ForEach(rows, row => monitor.Add<double>(row));
        listener.RecordObservableInstruments();
        values["mlnet.batchnorm.drift.rows"].Should().Be(1000);
        values["mlnet.batchnorm.drift.drifted_share"].Should().Be(0.2);
        // The third column has the deviation 3.
        values["mlnet.batchnorm.drift.largest_mean_shift"].Should().BeApproximately(2, 0.1);

        monitor.Dispose();
        values.Clear();
        listener.RecordObservableInstruments();
        values.Should().BeEmpty();
        monitor.Add<double>(rows[0]);
        monitor.RowCount.Should().Be(1001);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        var scaler = Fit();
        scaler.Invoking(it => it.CreateDriftMonitor(new() { WindowRows = 100, WindowTime = TimeSpan.FromHours(1) })).Should().Throw<ArgumentException>().WithMessage("*found both*");
        scaler.Invoking(it => it.CreateDriftMonitor(new() { WindowRows = 7 })).Should().Throw<ArgumentOutOfRangeException>();
        scaler.Invoking(it => it.CreateDriftMonitor(new() { WindowTime = TimeSpan.Zero })).Should().Throw<ArgumentOutOfRangeException>();
        scaler.Invoking(it => it.CreateDriftMonitor(new() { QuantileSize = 127 })).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("QuantileSize");
        scaler.Invoking(it => it.CreateDriftMonitor(new() { QuantileSize = (1 << 24) + 1 })).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("QuantileSize");
        scaler.Invoking(it => it.CreateDriftMonitor(new() { Thresholds = null! })).Should().Throw<ArgumentNullException>().WithParameterName("Thresholds");
        scaler.Invoking(it => it.CreateDriftMonitor(new() { TimeProvider = null! })).Should().Throw<ArgumentNullException>().WithParameterName("TimeProvider");
        scaler.Invoking(it => it.CreateDriftMonitor(new() { Thresholds = new() { MeanShift = -1 } })).Should().Throw<ArgumentOutOfRangeException>();
        using (scaler.CreateDriftMonitor(new() { WindowRows = 8 }))
        using (scaler.CreateDriftMonitor(new() { WindowTime = TimeSpan.FromMilliseconds(8) }))
        {
            // The smallest windows.
        }
        using var monitor = scaler.CreateDriftMonitor();
        monitor.Invoking(it => it.Add(null!)).Should().Throw<ArgumentNullException>().WithParameterName("rows");
        monitor.Invoking(it => it.Add<float>(new float[4])).Should().Throw<ArgumentException>().WithMessage("Expected a row of 5 value(s), the slots of 'Features'; found 4.*");
        monitor.Invoking(it => it.Add(Rows.Of<float>(_context, [[1, 2, 3, 4, 5]]))).Should().Throw<ArgumentOutOfRangeException>();
        var given = _context.Transforms.Standardize(Rows.Column, options: new() { Mean = 0, StandardDeviation = 1 }).Fit(Rows.Of<double>(_context, [[1]]));
        given.Invoking(it => it.CreateDriftMonitor()).Should().Throw<InvalidOperationException>().WithMessage("CreateDriftMonitor: column*");
    }

    private StandardizationTransformer Fit() =>
        _context.Transforms.Standardize(Rows.Column, options: new() { TrackQuantiles = true }).Fit(Rows.Of(_context, Rows.Random(2000, 5, seed: 3)));

    private sealed class ManualClock : TimeProvider
    {
        public double Start { get; init; }

        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)((Start + Seconds) * 1000);
    }

    private sealed class Person
    {
        public float Age { get; set; }

        [VectorType(2)]
        public double[] Sizes { get; set; } = [];
    }
}
