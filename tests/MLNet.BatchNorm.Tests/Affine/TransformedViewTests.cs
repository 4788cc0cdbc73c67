using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Scaling;

namespace MLNet.BatchNorm.Tests.Affine;

/// <summary>The data view that a transformer returns.</summary>
public class TransformedViewTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Transforming_reads_nothing_until_a_cursor_moves()
    {
        var data = new SpyDataView(Rows.Of<float>(_context, [[1], [3]]));
        var transformer = _context.Transforms.Standardize("Scaled", Rows.Column).Fit(data);
        data.Cursors.Clear();

        var output = transformer.Transform(data);
        output.GetRowCount().Should().Be(data.GetRowCount());
        data.Cursors.Should().BeEmpty();
    }

    [Fact]
    public void Only_the_columns_that_are_needed_are_read()
    {
        var data = new SpyDataView(Rows.Of<float>(_context, [[1], [3]]));
        var output = _context.Transforms.Standardize("Scaled", Rows.Column).Fit(data).Transform(data);
        data.Cursors.Clear();

        output.GetColumn<double>(Rows.Weight).Should().Equal(1, 1);
        Rows.Read<float>(output, "Scaled").Should().HaveCount(2);
        data.Cursors.Should().BeEquivalentTo<string[]>([[Rows.Weight], [Rows.Column]], options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_column_that_was_not_asked_for_is_not_active()
    {
        var data = Rows.Of<float>(_context, [[1], [3]]);
        var output = _context.Transforms.Standardize("Scaled", Rows.Column).Fit(data).Transform(data);
        using var cursor = output.GetRowCursor([output.Schema[Rows.Weight]]);

        cursor.Schema.Should().BeSameAs(output.Schema);
        cursor.IsColumnActive(output.Schema[Rows.Weight]).Should().BeTrue();
        cursor.IsColumnActive(output.Schema["Scaled"]).Should().BeFalse();
        cursor.IsColumnActive(output.Schema[Rows.Column]).Should().BeFalse();
        cursor.Invoking(c => c.GetGetter<VBuffer<float>>(output.Schema["Scaled"])).Should().Throw<InvalidOperationException>()
            .WithMessage("Column 'Scaled' is not active*");
    }

    [Fact]
    public void A_getter_of_the_wrong_type_is_refused()
    {
        var data = Rows.Of<float>(_context, [[1], [3]]);
        var output = _context.Transforms.Standardize("Scaled", Rows.Column).Fit(data).Transform(data);
        using var cursor = output.GetRowCursor(output.Schema);
        cursor.Invoking(c => c.GetGetter<VBuffer<double>>(output.Schema["Scaled"])).Should().Throw<InvalidOperationException>()
            .WithMessage("Invalid type in GetGetter for column 'Scaled'*");
    }

    [Fact]
    public void A_column_scaled_in_place_stands_behind_the_one_it_hides_as_in_ML_NET_itself()
    {
        var data = Rows.Of<float>(_context, [[1], [3]]);
        var ours = _context.Transforms.Standardize([new("New", Rows.Column), new(Rows.Column)]).Fit(data).Transform(data).Schema;
        var stock = _context.Transforms.NormalizeMeanVariance([new("New", Rows.Column), new(Rows.Column)]).Fit(data).Transform(data).Schema;

        ours.Select(column => (column.Name, column.IsHidden)).Should().Equal(stock.Select(column => (column.Name, column.IsHidden)));
        ours.Select(column => (column.Name, column.IsHidden)).Should().Equal(("Features", true), ("Features", false), ("Weight", false), ("New", false));
    }

    [Fact]
    public void A_hidden_original_can_still_be_read_beside_its_scaled_successor()
    {
        var data = Rows.Of<float>(_context, [[1], [3]]);
        var output = _context.Transforms.Standardize(Rows.Column).Fit(data).Transform(data);
        output.GetColumn<VBuffer<float>>(output.Schema[0]).Select(row => row.GetItemOrDefault(0)).Should().Equal(1, 3);
        output.GetColumn<VBuffer<float>>(output.Schema[1]).Select(row => row.GetItemOrDefault(0)).Should().Equal(-1, 1);
    }

    [Fact]
    public void Sparse_vectors_stay_sparse_without_centering_and_become_dense_with_it()
    {
        var data = Rows.Sparse<float>(_context, [[0, 2, 0, 0], [0, 0, 0, 6], [4, 0, 0, 0], [0, 0, 0, 0]]);
        var scaled = _context.Transforms.Standardize(Rows.Column, options: new() { Center = false }).Fit(data);
        var centered = _context.Transforms.Standardize(Rows.Column).Fit(data);
        var dense = Rows.Of<float>(_context, [[0, 2, 0, 0], [0, 0, 0, 6], [4, 0, 0, 0], [0, 0, 0, 0]]);

        VBuffer<float>[] rows = [.. scaled.Transform(data).GetColumn<VBuffer<float>>(Rows.Column).Select(Copy)];
        rows.Select(row => row.GetValues().Length).Should().Equal(1, 1, 1, 0);
        rows[1].GetIndices().ToArray().Should().Equal(3);
        Rows.Read<float>(scaled.Transform(data)).Should().BeEquivalentTo(Rows.Read<float>(scaled.Transform(dense)), options => options.WithStrictOrdering());
        centered.Transform(data).GetColumn<VBuffer<float>>(Rows.Column).Should().OnlyContain(row => row.IsDense);
        Rows.Read<float>(centered.Transform(data)).Should().BeEquivalentTo(Rows.Read<float>(centered.Transform(dense)), options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_mixture_of_sparse_and_dense_rows_leaves_nothing_behind_from_row_to_row()
    {
        float[][] values = [[1, 2, 3, 4], [0, 0, 5, 0], [6, 7, 8, 9], [0, 0, 0, 0], [0, 1, 0, 0]];
        var sparse = Rows.Sparse(_context, values);
        var dense = Rows.Of(_context, values);
        foreach (bool center in (bool[])[true, false])
        {
            var transformer = _context.Transforms.Standardize(Rows.Column, options: new() { Center = center }).Fit(dense);
            Rows.Read<float>(transformer.Transform(sparse)).Should()
                .BeEquivalentTo(Rows.Read<float>(transformer.Transform(dense)), options => options.WithStrictOrdering());
        }
    }

    [Fact]
    public void Shuffling_and_cursor_sets_are_passed_on_to_the_source()
    {
        var rows = Rows.ToSingle(Rows.Random(100, 2, seed: 1));
        var data = new SpyDataView(Rows.Of(_context, rows)) { CanShuffle = true };
        var output = _context.Transforms.Standardize(Rows.Column).Fit(data).Transform(data);
        data.Shuffles.Clear();
        var random = new Random(1);

        output.CanShuffle.Should().BeTrue();
        using (output.GetRowCursor(output.Schema, random))
        {
            data.Shuffles.Should().ContainSingle().Which.Should().BeSameAs(random);
        }

        var cursors = output.GetRowCursorSet([output.Schema[Rows.Column]], 2);
        int count = 0;
        foreach (var cursor in cursors)
        {
            var getter = cursor.GetGetter<VBuffer<float>>(output.Schema[Rows.Column]);
            var row = default(VBuffer<float>);
            while (cursor.MoveNext())
            {
                getter(ref row);
                row.Length.Should().Be(2);
                count++;
            }
            cursor.Dispose();
        }
        count.Should().Be(100);
    }

    [Fact]
    public void Positions_and_row_ids_are_those_of_the_source()
    {
        var data = Rows.Of<float>(_context, [[1], [3], [5]]);
        var output = _context.Transforms.Standardize(Rows.Column).Fit(data).Transform(data);
        using var cursor = output.GetRowCursor(output.Schema);
        using var source = data.GetRowCursor(data.Schema);
        var (id, sourceId) = (cursor.GetIdGetter(), source.GetIdGetter());
        var (value, sourceValue) = (default(DataViewRowId), default(DataViewRowId));
        while (source.MoveNext())
        {
            cursor.MoveNext().Should().BeTrue();
            id(ref value);
            sourceId(ref sourceValue);
            (cursor.Position, cursor.Batch, value).Should().Be((source.Position, source.Batch, sourceValue));
        }
        cursor.MoveNext().Should().BeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_memory_is_allocated_per_row(bool sparse)
    {
        float[][] rows = [.. Enumerable.Range(0, 2000).Select(i => new float[] { i, 0, -i, 0, 0 })];
        var data = _context.Data.Cache(sparse ? Rows.Sparse(_context, rows) : Rows.Of(_context, rows));
        var output = _context.Transforms.Standardize(Rows.Column, options: new() { Center = !sparse }).Fit(data).Transform(data);
        using var cursor = output.GetRowCursor([output.Schema[Rows.Column]]);
        var getter = cursor.GetGetter<VBuffer<float>>(output.Schema[Rows.Column]);
        var row = default(VBuffer<float>);
        void Read(int count)
        {
            for (int i = 0; i < count; i++)
            {
                cursor.MoveNext();
                getter(ref row);
            }
        }
        Read(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Read(1500);
        // One object per row would be at least 24 bytes x 1500. A cached source may fetch its rows in larger pieces now and then.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(8000);
    }

    [Fact]
    public void One_transformer_serves_many_threads()
    {
        var rows = Rows.ToSingle(Rows.Random(500, 7, seed: 4));
        var transformer = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, rows));
        var expected = Rows.Read<float>(transformer.Transform(Rows.Of(_context, rows)));
        Parallel.For(0, 16, i =>
        {
            var data = Rows.Of(_context, rows);
            var scaled = Rows.Read<float>(transformer.Transform(data));
            for (int row = 0; row < scaled.Length; row++)
            {
                scaled[row].Should().Equal(expected[row]);
            }
            transformer.Report.Features.Should().HaveCount(7);
            transformer.Update(data).Columns[0].Statistics[0].Count.Should().Be(1000);
        });
        transformer.Columns[0].Statistics[0].Count.Should().Be(500);
    }

    private static VBuffer<float> Copy(VBuffer<float> row)
    {
        var copy = default(VBuffer<float>);
        row.CopyTo(ref copy);
        return copy;
    }
}
