using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

public class ProbeRowsTests
{
    private static readonly ProbeColumn[] Columns =
    [
        new("Single", NumberDataViewType.Single, [[0.1], [2]]),
        new("Double", NumberDataViewType.Double, [[0.1], [2], [3]]),
        new("Singles", new VectorDataViewType(NumberDataViewType.Single, 2), [[0.1, 1]]),
        new("Doubles", new VectorDataViewType(NumberDataViewType.Double, 2), [[0.1, 1], [2, 3], [4, 5]]),
    ];

    [Fact]
    public void There_are_as_many_rows_as_in_the_longest_column_and_shorter_ones_start_over()
    {
        var rows = new ProbeRows(Columns);

        rows.GetRowCount().Should().Be(3);
        rows.CanShuffle.Should().BeFalse();
        rows.GetColumn<float>("Single").Should().Equal(0.1f, 2, 0.1f);
        rows.GetColumn<double>("Double").Should().Equal(0.1, 2, 3);
        rows.GetColumn<float[]>("Singles").SelectMany(row => row).Should().Equal(0.1f, 1, 0.1f, 1, 0.1f, 1);
        rows.GetColumn<double[]>("Doubles").SelectMany(row => row).Should().Equal(0.1, 1, 2, 3, 4, 5);
    }

    [Fact]
    public void Numbers_of_all_types_are_read_as_doubles()
    {
        var rows = new ProbeRows(Columns);

        ProbeRows.Read(rows, "Single").SelectMany(row => row).Should().Equal(0.1f, 2, 0.1f);
        ProbeRows.Read(rows, "Double").SelectMany(row => row).Should().Equal(0.1, 2, 3);
        ProbeRows.Read(rows, "Singles").Should().HaveCount(3).And.AllBeEquivalentTo(new double[] { 0.1f, 1 });
        ProbeRows.Read(rows, "Doubles").SelectMany(row => row).Should().Equal(0.1, 1, 2, 3, 4, 5);
    }

    [Fact]
    public void A_cursor_stands_before_the_first_row_and_ends_behind_the_last()
    {
        var rows = new ProbeRows(Columns);
        using var cursor = rows.GetRowCursor(rows.Schema);
        var id = cursor.GetIdGetter();

        cursor.Position.Should().Be(-1);
        for (long row = 0; row < 3; row++)
        {
            cursor.MoveNext().Should().BeTrue();
            cursor.Position.Should().Be(row);
            DataViewRowId found = default;
            id(ref found);
            found.Low.Should().Be((ulong)row);
        }
        cursor.MoveNext().Should().BeFalse();
        cursor.MoveNext().Should().BeFalse();
    }
}
