using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>The whole = its chunks merged = one update per chunk.</summary>
public class PartialFitTests
{
    private const int RowCount = 137;

    /// <summary>Means up to 300 and deviations down to 1 over 137 rows: rounding errors stay below this, relative to the larger.</summary>
    private const double Tolerance = 1e-13;

    private static readonly double[][] Input = Rows.Random(RowCount, 4, seed: 3);

    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(RowCount)]
    public void Standardization_of_chunks_is_that_of_the_whole(int chunkSize)
    {
        var estimator = _context.Transforms.Standardize(Rows.Column);
        var whole = estimator.Fit(Rows.Of(_context, Input));
        var chunks = Input.Chunk(chunkSize).Select(chunk => Rows.Of(_context, chunk)).ToArray();

        var updated = chunks.Skip(1).Aggregate(estimator.Fit(chunks[0]), (transformer, chunk) => transformer.Update(chunk));
        var merged = chunks.Select(estimator.Fit).Aggregate((a, b) => a.Merge(b));
        var mergedFromTheRight = chunks.Select(estimator.Fit).Reverse().Aggregate((b, a) => a.Merge(b));

        updated.Columns[0].Statistics.Should().Equal(whole.Columns[0].Statistics, "rows added in the same order give the same bits");
        ShouldBeClose(merged, whole);
        ShouldBeClose(mergedFromTheRight, whole);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(RowCount)]
    public void Standardization_of_weighted_sparse_chunks_is_that_of_the_whole(int chunkSize)
    {
        double[][] rows = [.. Input.Select((row, i) => new[] { i % 3 == 0 ? 0 : row[0], i % 7 == 0 ? 0 : row[1], row[2], 0 })];
        double[] weights = [.. Enumerable.Range(0, RowCount).Select(i => 0.5 + (i % 4))];
        var estimator = _context.Transforms.Standardize(Rows.Column, options: new() { WeightColumnName = Rows.Weight });
        var whole = estimator.Fit(Rows.Of(_context, rows, weights));
        var chunks = rows.Zip(weights).Chunk(chunkSize).Select(chunk => Rows.Sparse(
            _context, [.. chunk.Select(pair => pair.First)], [.. chunk.Select(pair => pair.Second)])).ToArray();

        ShouldBeClose(chunks.Skip(1).Aggregate(estimator.Fit(chunks[0]), (transformer, chunk) => transformer.Update(chunk)), whole);
        ShouldBeClose(chunks.Select(estimator.Fit).Aggregate((a, b) => a.Merge(b)), whole);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(RowCount)]
    public void Min_max_scaling_of_chunks_is_that_of_the_whole(int chunkSize)
    {
        var estimator = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Minimum = -1, Maximum = 1 });
        var whole = estimator.Fit(Rows.Of(_context, Input)).Columns[0];
        var chunks = Input.Chunk(chunkSize).Select(chunk => Rows.Of(_context, chunk)).ToArray();
        MinMaxScalingColumn[] others =
        [
            chunks.Skip(1).Aggregate(estimator.Fit(chunks[0]), (transformer, chunk) => transformer.Update(chunk)).Columns[0],
            chunks.Select(estimator.Fit).Aggregate((a, b) => a.Merge(b)).Columns[0],
        ];
        foreach (var other in others)
        {
            // Extremes are exact.
            other.DataMinimum.Should().Equal(whole.DataMinimum);
            other.DataMaximum.Should().Equal(whole.DataMaximum);
            other.Scale.Should().Equal(whole.Scale);
            other.Offset.Should().Equal(whole.Offset);
        }
    }

    [Fact]
    public void Updating_and_merging_leave_both_sides_as_they_were()
    {
        var estimator = _context.Transforms.Standardize(Rows.Column);
        var first = estimator.Fit(Rows.Of<float>(_context, [[1], [3]]));
        var second = estimator.Fit(Rows.Of<float>(_context, [[5], [7]]));

        var merged = first.Merge(second);
        var updated = first.Update(Rows.Of<float>(_context, [[5], [7]]));

        merged.Columns[0].Statistics[0].Mean.Should().Be(4);
        updated.Columns[0].Statistics[0].Mean.Should().Be(4);
        first.Columns[0].Statistics[0].Mean.Should().Be(2);
        second.Columns[0].Statistics[0].Mean.Should().Be(6);
        first.Merge(first).Columns[0].Statistics[0].Should().BeEquivalentTo(
            new { Count = 4L, Mean = 2.0, PopulationVariance = 1.0 }, "merging with itself counts its rows twice");
    }

    [Fact]
    public void An_update_without_rows_changes_nothing()
    {
        var transformer = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of<float>(_context, [[1, 2], [3, 5]]));
        transformer.Update(Rows.None(_context, 2)).Columns[0].Statistics.Should().Equal(transformer.Columns[0].Statistics);
    }

    [Fact]
    public void An_update_with_data_of_another_shape_is_an_error()
    {
        var transformer = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of<float>(_context, [[1, 2], [3, 5]]));
        transformer.Invoking(t => t.Update(Rows.Of<float>(_context, [[1, 2, 3]]))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Schema mismatch for input column 'Features': expected *2*, as in the data of the fit, got *3*");
        transformer.Invoking(t => t.Update(Rows.Of<double>(_context, [[1, 2]]))).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Schema mismatch for input column 'Features': expected *Single*, got *Double*");
    }

    [Fact]
    public void Merging_what_does_not_match_is_an_error_that_says_what()
    {
        var data = Rows.Of<float>(_context, [[1, 2], [3, 5]]);
        var transformer = _context.Transforms.Standardize("Out", Rows.Column).Fit(data);

        transformer.Invoking(t => t.Merge(_context.Transforms.Standardize(Rows.Column).Fit(data))).Should().Throw<ArgumentException>()
            .WithMessage("Expected column 'Out' made from 'Features', as here; found 'Features' made from 'Features'.*");
        transformer.Invoking(t => t.Merge(_context.Transforms.Standardize("Out", Rows.Column, new() { Center = false }).Fit(data))).Should()
            .Throw<ArgumentException>().WithMessage("Expected the same options on both sides; found *Center = False* there and *Center = True* here.*");
        transformer.Invoking(t => t.Merge(_context.Transforms.Standardize("Out", Rows.Column).Fit(Rows.Of<float>(_context, [[1], [2]])))).Should()
            .Throw<ArgumentException>().WithMessage("Column 'Features': expected *2*, as here; found *1*");
        transformer.Invoking(t => t.Merge(_context.Transforms.Standardize([new("Out", Rows.Column), new("Too", Rows.Column)]).Fit(data))).Should()
            .Throw<ArgumentException>().WithMessage("Expected the same columns on both sides: found 1 here and 2 there.*");
    }

    private static void ShouldBeClose(StandardizationTransformer actual, StandardizationTransformer expected)
    {
        foreach (var (column, wanted) in actual.Columns.Zip(expected.Columns))
        {
            column.Statistics.Select(slot => slot.Count).Should().Equal(wanted.Statistics.Select(slot => slot.Count));
            column.Statistics.Select(slot => slot.Minimum).Should().Equal(wanted.Statistics.Select(slot => slot.Minimum));
            column.Statistics.Select(slot => slot.Maximum).Should().Equal(wanted.Statistics.Select(slot => slot.Maximum));
            column.Offset.ShouldBeClose(wanted.Offset, Tolerance, floor: 1);
            column.Scale.ShouldBeClose(wanted.Scale, Tolerance);
        }
    }
}
