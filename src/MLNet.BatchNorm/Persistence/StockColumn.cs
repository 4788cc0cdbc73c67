using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// One column of a map that is to be written as stock ML.NET: y = (x - center) * scale + shift per slot, then clipped where asked.
/// </summary>
/// <param name="OutputName">The column that holds y. May be the input column.</param>
/// <param name="InputName">The column that holds x.</param>
/// <param name="Type">
/// The type of both: <see cref="NumberDataViewType.Single"/>, <see cref="NumberDataViewType.Double"/>, or a vector of known size of those.
/// </param>
/// <param name="Center">One finite number per slot (one for a scalar), in full double accuracy whatever the column's type.</param>
/// <param name="Scale">One finite number per slot. Zero makes the slot the constant <paramref name="Shift"/>.</param>
/// <param name="Shift">One finite number per slot.</param>
internal sealed record StockColumn(
    string OutputName, string InputName, DataViewType Type, double[] Center, double[] Scale, double[] Shift)
{
    /// <summary>The range that y is clipped to, the same for all slots; <see langword="null"/> for no clipping. NaN stays NaN.</summary>
    public (double Low, double High)? Clip { get; init; }

    /// <summary>
    /// Whether y counts as normalized, which keeps trainers from normalizing it again. ML.NET's normalizer always says so; where it must not,
    /// an expression stands behind it.
    /// </summary>
    public bool IsNormalized { get; init; } = true;

    /// <summary>Whether the stock form ends in an expression.</summary>
    public bool EndsInExpression => Clip is not null || !IsNormalized;

    /// <summary>What each slot's map must hit exactly besides center and shift; empty for nothing.</summary>
    public MapEnd[] Ends { get; init; } = [];

    /// <summary>Whether the column holds doubles rather than floats.</summary>
    public bool IsDouble => ((Type as VectorDataViewType)?.ItemType ?? Type) == NumberDataViewType.Double;

    /// <summary>The number of values in a row of this column.</summary>
    public int SlotCount => (Type as VectorDataViewType)?.Size ?? 1;
}
