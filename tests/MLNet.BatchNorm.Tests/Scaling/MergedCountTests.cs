using Microsoft.ML;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>A transformer merged with itself over and over: what it counts is right and can be saved, until it is an error.</summary>
public class MergedCountTests
{
    private static readonly MLContext Context = new(seed: 1);

    private static IDataView Data => Rows.Of<double>(Context, [[1, 2], [3, 5]]);

    [Fact]
    public void Standardization() =>
        Check(Context.Transforms.Standardize(Rows.Column).Fit(Data), (a, b) => a.Merge(b), t => t.Columns[0].Statistics[0].Count);

    [Fact]
    public void Min_max_scaling() =>
        Check(Context.Transforms.ScaleMinMax(Rows.Column).Fit(Data), (a, b) => a.Merge(b), t => t.Columns[0].Statistics[0].Count);

    [Fact]
    public void Batch_normalization() =>
        Check(
            Context.Transforms.BatchNormalize(Rows.Column, options: new() { Momentum = null, BatchSize = 2 }).Fit(Data),
            (a, b) => a.Merge(b),
            t => t.Columns[0].Statistics[0].Count);

    private static void Check<T>(T transformer, Func<T, T, T> merge, Func<T, long> count)
        where T : class, ITransformer
    {
        // Two rows to begin with: 2^53 of them after 52 mergers.
        for (int i = 0; i < 52; i++)
        {
            transformer = merge(transformer, transformer);
        }

        count(transformer).Should().Be(1L << 53);
        transformer.Invoking(t => merge(t, t)).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Features': RowCount: 9007199254740992 and 9007199254740992 more exceed 2^53*");
        using var zip = new MemoryStream();
        Context.Model.Save(transformer, Data.Schema, zip);
        zip.Position = 0;
        count(Context.Model.LoadWithStatistics(zip, out _).Stages<T>().Single()).Should().Be(1L << 53);
    }
}
