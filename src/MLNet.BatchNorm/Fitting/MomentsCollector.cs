using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Carries one column from a cursor to its moments: dense rows in blocks, sparse rows one by one at the cost of their non-zeros.</summary>
internal abstract class MomentsCollector
{
    private readonly FittedColumn _column;
    private readonly InfinityPolicy _infinity;
    private long _firstRow;

    protected MomentsCollector(FittedColumn column, InfinityPolicy infinity)
    {
        _column = column;
        _infinity = infinity;
        // Slot by slot even where slots share statistics: an error can then name the slot.
        Moments = column.Layout.HasChannels ? new FeatureMoments(column.Layout.SlotCount) : column.Moments.Clone();
        _firstRow = Moments.RowCount;
        Quantiles = QuantilesCollector.Create(column);
    }

    /// <summary>The rows since the last start, slot by slot; whole only after <see cref="Flush"/>.</summary>
    public FeatureMoments Moments { get; }

    /// <summary>All rows since the collector was made, and those of the column before; none where the column keeps no quantiles.</summary>
    public QuantilesCollector? Quantiles { get; }

    /// <summary>Said of row numbers in errors, where they are not those of the data.</summary>
    public string RowOrder { get; set; } = string.Empty;

    protected string ColumnName => _column.InputColumnName;

    /// <summary>A collector that goes on from the column's moments, over the rows that the cursor will stand on.</summary>
    public static MomentsCollector Create(FittedColumn column, InfinityPolicy infinity, DataViewRow row)
    {
        var input = row.Schema[column.InputColumnName];
        return column.Type switch
        {
            { IsVector: true, IsDouble: true } => Vector(column, infinity, row.GetGetter<VBuffer<double>>(input)),
            { IsVector: true } => Vector(column, infinity, row.GetGetter<VBuffer<float>>(input)),
            { IsDouble: true } => new ScalarMomentsCollector<double>(column, infinity, row.GetGetter<double>(input)),
            _ => new ScalarMomentsCollector<float>(column, infinity, row.GetGetter<float>(input)),
        };
    }

    private static MomentsCollector Vector<T>(FittedColumn column, InfinityPolicy infinity, ValueGetter<VBuffer<T>> getter)
        where T : unmanaged, IFloatingPointIeee754<T>
        => column.Layout.SlotCount < MomentKernels.GroupSlots
            ? new NarrowMomentsCollector<T>(column, infinity, getter)
            : new VectorMomentsCollector<T>(column, infinity, getter);

    /// <summary>Takes in the row that the cursor stands on.</summary>
    /// <param name="weight">Finite, and not negative.</param>
    public abstract void AddRow(double weight);

    /// <summary>Takes in rows of weight 1 without a call for each. Returns how many: less than asked for only where the cursor has ended.</summary>
    public abstract int AddRows(DataViewRowCursor cursor, int rowCount);

    /// <summary>The column with the moments of the rows before and those of this pass.</summary>
    public FittedColumn Finish()
    {
        Flush();
        if (!_column.Layout.HasChannels)
        {
            return _column with { Moments = Moments, Quantiles = Quantiles?.Quantiles };
        }
        var merged = _column.Moments.Clone();
        merged.Merge(_column.Layout.Collapse(Moments));
        return _column with { Moments = merged, Quantiles = Quantiles?.Quantiles };
    }

    /// <summary>Adds the rows to <see cref="Moments"/> that still wait in a block.</summary>
    public abstract void Flush();

    /// <summary>Forgets the rows of <see cref="Moments"/>, for the next batch. To be called after <see cref="Flush"/>.</summary>
    public void StartOver()
    {
        _firstRow -= Moments.RowCount;
        Moments.Reset();
    }

    /// <summary>To be called whenever rows have been added: an infinity is an error, unless it is to be left out.</summary>
    protected void CheckInfinity()
    {
        if (_infinity == InfinityPolicy.Throw && Moments.FirstInfinity is { } found)
        {
            throw new InvalidOperationException(
                $"{_column.DescribeSlot(found.Feature)} is infinite in row {found.Row - _firstRow} (zero-based){RowOrder}. " +
                $"Mend the data, or leave infinite values out of the statistics with {nameof(ScalingOptions.Infinity)} = {nameof(InfinityPolicy)}.{nameof(InfinityPolicy.LeaveOut)}.");
        }
    }
}
