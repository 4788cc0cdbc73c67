using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using Microsoft.ML;

namespace MLNet.BatchNorm.Benchmarks.Report;

/// <summary>Measures side by side, in one process and a few minutes, what the documentation quotes; as Markdown.</summary>
internal sealed class PerformanceReport
{
    private const string Column = MatrixDataView.ColumnName;
    private const int Rounds = 5;

    private static readonly (string Title, Action<PerformanceReport> Measure)[] Sections =
    [
        ("Kernels", report => report.Kernels()),
        ("Fit", report => report.FitOnMatrix()),
        ("Transform", report => report.TransformOnMatrix()),
        ("Sources", report => report.OtherSources()),
        ("Predictions", report => report.Predictions()),
        ("Layers", report => report.Layers()),
        ("Scale", report => report.Scale()),
    ];

    private readonly StringBuilder _text = new();
    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Measures the sections asked for, or all of them. The others are taken over from an earlier report.</summary>
    public static string Create(string earlier, IReadOnlyCollection<string> sections)
    {
        if (sections.Except(Sections.Select(section => section.Title), StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown)
        {
            throw new ArgumentException($"There is no section '{unknown}'. Choose from {string.Join(", ", Sections.Select(section => section.Title))}.");
        }
        var report = new PerformanceReport();
        report.Line("# Performance report");
        report.Line();
        report.Line("Written by `tests/MLNet.BatchNorm.Benchmarks/report.sh`. Single precision; nanoseconds per value, the best of several rounds in turn.");
        report.Line();
        report.Line(Machine.Describe());
        foreach (var (title, measure) in Sections)
        {
            if (sections.Count == 0 || sections.Contains(title, StringComparer.OrdinalIgnoreCase))
            {
                Console.Error.WriteLine(title);
                measure(report);
            }
            else
            {
                report.TakeOver(title, earlier);
            }
        }
        return report._text.ToString();
    }

    private void TakeOver(string title, string earlier)
    {
        int start = earlier.IndexOf($"\n## {title}\n", StringComparison.Ordinal);
        if (start >= 0)
        {
            int end = earlier.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
            _text.Append(end < 0 ? earlier[start..] : earlier[start..end]);
        }
    }

    private void Kernels()
    {
        Header("Kernels", "A matrix of 16 million values in memory, one thread. Read: the sum of all values; copy: to another array.",
            "columns", "read", "copy", "moments", "map", "moments / read", "map / copy");
        foreach (int width in new[] { 1, 2, 3, 4, 7, 8, 32, 256, 4096 })
        {
            float[] source = Sources.Matrix((1 << 24) / width, width);
            var destination = new float[source.Length];
            var moments = new FeatureMoments(width);
            var map = new AffineMap(Repeat(3.1, width), Repeat(0.5, width));
            double[] ns = PerValue(source.Length, Stopwatches.Best(
                Rounds,
                () => TensorPrimitives.Sum(source),
                () => source.CopyTo(destination, 0),
                () => moments.AddRows<float>(source, source.Length / width),
                () => map.Apply<float>(source, destination, source.Length / width)));
            Row($"{width}", Ns(ns[0]), Ns(ns[1]), Ns(ns[2]), Ns(ns[3]), Ratio(ns[2], ns[0]), Ratio(ns[3], ns[1]));
        }
    }

    private void FitOnMatrix()
    {
        Header("Fit", "A matrix in memory as a data view, 32 million values. Times include the source's own cursor.", "columns", "source alone",
            "stock mean-variance", "Standardize", "times as fast", "on all cores", "BatchNormalize", "times as fast", "stock min-max", "ScaleMinMax", "times as fast");
        foreach (int width in new[] { 1, 4, 8, 32, 256, 4096 })
        {
            int rows = (width == 1 ? 8_000_000 : 32_000_000) / width;
            var data = Sources.Create(_mlContext, Source.Matrix, rows, width);
            double[] ns = PerValue((long)rows * width, Stopwatches.Best(Rounds, [() => Sources.Drain(data), .. Fits(data)]));
            Row($"{width}", Ns(ns[0]), Ns(ns[1]), Ns(ns[3]), Ratio(ns[1], ns[3]), Ns(ns[4]), Ns(ns[6]), Ratio(ns[1], ns[6]), Ns(ns[2]), Ns(ns[5]), Ratio(ns[2], ns[5]));
        }
    }

    private void TransformOnMatrix()
    {
        Header("Transform", "Reading the scaled column of the same data views. Next to the source: what is left after its cursor's own time.",
            "columns", "source alone", "stock", "Standardize", "times as fast", "times as fast, without the source");
        foreach (int width in new[] { 1, 4, 8, 32, 256, 4096 })
        {
            int rows = (width == 1 ? 8_000_000 : 32_000_000) / width;
            double[] ns = Transform(Sources.Create(_mlContext, Source.Matrix, rows, width), rows, width);
            Row($"{width}", Ns(ns[0]), Ns(ns[1]), Ns(ns[2]), Ratio(ns[1], ns[2]), Ratio(ns[1] - ns[0], ns[2] - ns[0]));
        }
    }

    private void OtherSources()
    {
        Header("Sources", "Other data views, 32 columns: objects (LoadFromEnumerable) and a text file (LoadFromTextFile), whose own cost is most of it.", "source",
            "source alone", "stock mean-variance fit", "Standardize fit", "BatchNormalize fit", "stock min-max fit", "ScaleMinMax fit", "stock transform", "Standardize transform");
        foreach (var (source, rows) in new[] { (Source.Enumerable, 500_000), (Source.TextFile, 40_000) })
        {
            var data = Sources.Create(_mlContext, source, rows, 32);
            double[] fit = PerValue(rows * 32, Stopwatches.Best(3, [() => Sources.Drain(data), .. Fits(data)]));
            double[] transform = Transform(data, rows, 32);
            Row($"{source}", Ns(fit[0]), Ns(fit[1]), Ns(fit[3]), Ns(fit[6]), Ns(fit[2]), Ns(fit[5]), Ns(transform[1]), Ns(transform[2]));
        }
    }

    private void Predictions()
    {
        Header("Predictions", "One row of 32 columns through a prediction engine.", "", "nanoseconds", "bytes allocated");
        var benchmark = new PredictionBenchmarks();
        benchmark.Setup();
        const int Count = 100_000;
        Action[] actions = [() => benchmark.Stock(), () => benchmark.Standardize()];
        double[] seconds = Stopwatches.Best(Rounds, [.. actions.Select(action => Stopwatches.Repeat(Count, action))]);
        foreach (var (name, i) in new[] { ("stock", 0), ("Standardize", 1) })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Stopwatches.Repeat(Count, actions[i])();
            long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
            Row(name, Format(seconds[i] * 1e9 / Count, "F0"), $"{bytes}");
        }
    }

    private void Layers()
    {
        Header("Layers", "Microseconds per call, one thread unless said; in brackets nanoseconds per value.",
            "rows x columns", "BatchNorm forward and backward", "on all cores", "BatchNorm inference", "BatchRenorm forward and backward", "LayerNorm forward and backward");
        foreach (var (rows, width) in new[] { (32, 32), (256, 32), (4096, 32), (32, 256), (256, 256), (4096, 256) })
        {
            var benchmark = new LayerBenchmarks { BatchSize = rows, Width = width };
            benchmark.Setup();
            int count = Math.Max(5, 20_000_000 / (rows * width) / 10);
            double[] seconds = Stopwatches.Best(Rounds, [.. new Action[]
            {
                benchmark.BatchNormTraining, benchmark.BatchNormTrainingOnAllCores, benchmark.BatchNormInference, benchmark.BatchRenormTraining, benchmark.LayerNormTraining,
            }.Select(action => Stopwatches.Repeat(count, action))]);
            Row([$"{rows} x {width}", .. seconds.Select(time =>
                $"{Format(time * 1e6 / count, "F1")} ({Format(time * 1e9 / count / rows / width, "F2")})")]);
        }
    }

    private void Scale()
    {
        Header("Scale", "Rows of 32 columns, made as they are read. Memory: what the fit allocates in all.",
            "rows", "source alone, ns per row", "Standardize fit, ns per row", "Standardize, bytes", "BatchNormalize fit, ns per row", "BatchNormalize, bytes");
        foreach (int rows in new[] { 10_000, 100_000, 1_000_000, 10_000_000 })
        {
            var data = new RepeatingDataView(Sources.Matrix(10_000, 32), 32, rows);
            Action standardize = () => _mlContext.Transforms.Standardize(Column).Fit(data);
            Action batchNormalize = () => _mlContext.Transforms.BatchNormalize(Column).Fit(data);
            double[] seconds = Stopwatches.Best(rows > 1_000_000 ? 2 : Rounds, () => Sources.Drain(data), standardize, batchNormalize);
            Row($"{rows:N0}", Format(seconds[0] * 1e9 / rows, "F1"), Format(seconds[1] * 1e9 / rows, "F1"), Allocated(standardize),
                Format(seconds[2] * 1e9 / rows, "F1"), Allocated(batchNormalize));
        }
    }

    private Action[] Fits(IDataView data)
    {
        var transforms = _mlContext.Transforms;
        var threads = new StandardizationOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        return
        [
            () => transforms.NormalizeMeanVariance(Column).Fit(data),
            () => transforms.NormalizeMinMax(Column).Fit(data),
            () => transforms.Standardize(Column).Fit(data),
            () => transforms.Standardize(Column, options: threads).Fit(data),
            () => transforms.ScaleMinMax(Column).Fit(data),
            () => transforms.BatchNormalize(Column).Fit(data),
        ];
    }

    private double[] Transform(IDataView data, int rows, int width)
    {
        var stock = _mlContext.Transforms.NormalizeMeanVariance(Column, fixZero: false).Fit(data).Transform(data);
        var standardized = _mlContext.Transforms.Standardize(Column).Fit(data).Transform(data);
        return PerValue(
            (long)rows * width, Stopwatches.Best(3, () => Sources.Drain(data), () => Sources.Drain(stock), () => Sources.Drain(standardized)));
    }

    private static string Allocated(Action action)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        return $"{GC.GetTotalAllocatedBytes(precise: true) - before:N0}";
    }

    private static double[] Repeat(double value, int count) => [.. Enumerable.Repeat(value, count)];

    private static double[] PerValue(long count, double[] seconds) => [.. seconds.Select(time => time * 1e9 / count)];

    private static string Ns(double value) => Format(value, "F2");

    private static string Ratio(double numerator, double denominator) => Format(numerator / denominator, "F1");

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private void Header(string title, string explanation, params string[] columns)
    {
        Line();
        Line($"## {title}");
        Line();
        Line(explanation);
        Line();
        Row(columns);
        Row([.. columns.Select(_ => "---")]);
    }

    private void Row(params string[] cells) => Line($"| {string.Join(" | ", cells)} |");

    private void Line(string text = "") => _text.Append(text).Append('\n');
}
