using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>
/// What a transformer does to one column, in numbers, for programs that compute it elsewhere: y = (x - center) * scale + shift per slot,
/// limited to a range. A scalar column has one slot.
/// </summary>
/// <remarks>
/// Immutable, and safe to use from many threads. Center and shift stand apart, as (x - center) keeps the digits that a center far from 0
/// would take from an offset with the shift in it.
/// </remarks>
public sealed class ColumnMap
{
    internal ColumnMap(AffineColumn column)
    {
        OutputColumnName = column.OutputColumnName;
        InputColumnName = column.InputColumnName;
        IsVector = column.IsVector;
        SlotNames = column.SlotNames;
        Center = [.. column.Map.Center];
        Scale = [.. column.Map.Scale];
        Shift = [.. column.Map.Shift];
        Minimum = column.Map.ClipMinimum;
        Maximum = column.Map.ClipMaximum;
    }

    /// <summary>The column that is written.</summary>
    public string OutputColumnName { get; }

    /// <summary>The column that is read.</summary>
    public string InputColumnName { get; }

    /// <summary>Whether the columns are vectors, be it of one slot.</summary>
    public bool IsVector { get; }

    /// <summary>The names of the slots in the data of the fit; empty where the column had none.</summary>
    public ImmutableArray<string> SlotNames { get; }

    /// <summary>What is subtracted, per slot.</summary>
    public ImmutableArray<double> Center { get; }

    /// <summary>What the difference is multiplied by, per slot.</summary>
    public ImmutableArray<double> Scale { get; }

    /// <summary>What is added to the product, per slot.</summary>
    public ImmutableArray<double> Shift { get; }

    /// <summary>What smaller results are raised to; negative infinity for no limit.</summary>
    public double Minimum { get; }

    /// <summary>What larger results are lowered to; infinity for no limit.</summary>
    public double Maximum { get; }
}
