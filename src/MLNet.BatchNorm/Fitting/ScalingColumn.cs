using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MLNet.BatchNorm;

/// <summary>What a scaling transformer does to one column, slot by slot: y = (x - offset) * scale. A scalar column has one slot.</summary>
/// <remarks>Immutable, and safe to use from many threads. All lists have one entry per slot, also where slots share a channel's statistics.</remarks>
public abstract class ScalingColumn
{
    private FeatureStatistics[]? _statistics;

    private protected ScalingColumn(FittedColumn fitted, AffineMap map)
    {
        Fitted = fitted;
        Map = map;
        Scale = [.. map.Scale];
        Offset = ImmutableCollectionsMarshal.AsImmutableArray(Offsets(map));
    }

    /// <summary>The column that is written.</summary>
    public string OutputColumnName => Fitted.OutputColumnName;

    /// <summary>The column that is read.</summary>
    public string InputColumnName => Fitted.InputColumnName;

    /// <summary>The names of the slots in the data of the fit; empty where the column had none.</summary>
    public ImmutableArray<string> SlotNames => Fitted.SlotNames;

    /// <summary>What the fit has found, per slot. With <see cref="ScalingOptions.ChannelAxis"/>, each slot shows its channel's statistics.</summary>
    public ImmutableArray<FeatureStatistics> Statistics =>
        ImmutableCollectionsMarshal.AsImmutableArray(_statistics ??= Fitted.Layout.Expand<FeatureStatistics>(Fitted.Statistics()));

    /// <summary>The factor, per slot.</summary>
    public ImmutableArray<double> Scale { get; }

    /// <summary>What is subtracted before the factor is applied, per slot, in units of the input.</summary>
    public ImmutableArray<double> Offset { get; }

    /// <summary>
    /// Scales one row without a data view or a <see cref="Microsoft.ML.PredictionEngine{TSrc, TDst}"/>: with T the type of the column, to the
    /// bit what <see cref="AffineTransformer.Transform"/> gives.
    /// </summary>
    /// <remarks>Safe to call from many threads at once. Allocates nothing, once the first call has laid the numbers out for T.</remarks>
    /// <typeparam name="T">float or double. Of the column's type or not: the map is evaluated in T.</typeparam>
    /// <param name="row">The row, [slots]. NaN stays NaN; infinities are scaled like any other value.</param>
    /// <param name="output">Receives the scaled row, [slots]. May be <paramref name="row"/> itself.</param>
    /// <exception cref="ArgumentException">A length is not the number of the column's slots, or the two overlap in part.</exception>
    /// <exception cref="InvalidOperationException">T is float, the column is Double, and a scale or an offset is beyond the range of float.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public void Apply<T>(ReadOnlySpan<T> row, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (row.Length != Scale.Length || output.Length != Scale.Length)
        {
            throw new ArgumentException(
                $"Column '{InputColumnName}' has {Scale.Length} slot(s): expected a row and an output of as many; found {row.Length} and {output.Length}.",
                row.Length != Scale.Length ? nameof(row) : nameof(output));
        }
        Map.Apply(row, output, rowCount: 1);
    }

    internal FittedColumn Fitted { get; }

    internal AffineMap Map { get; }

    /// <summary>What in its scaling is worth a look, beside what its statistics say of themselves.</summary>
    internal virtual IEnumerable<ScalingWarning> Warnings => [];

    internal AffineColumn ToAffine() => new(OutputColumnName, InputColumnName, Fitted.Type, Map) { SlotNames = SlotNames };

    internal IEnumerable<ScalingReportRow> ReportRows()
    {
        for (int slot = 0; slot < Statistics.Length; slot++)
        {
            yield return new ScalingReportRow(InputColumnName, slot, Fitted.SlotName(slot), Statistics[slot], Scale[slot], Offset[slot]);
        }
    }

    // (x - center) * scale + shift = (x - (center - shift / scale)) * scale.
    private static double[] Offsets(AffineMap map)
    {
        var offsets = map.Center.ToArray();
        for (int slot = 0; slot < offsets.Length; slot++)
        {
            // With scale 0 all inputs give the shift, and nothing can be subtracted to say so.
            if (map.Shift[slot] != 0 && map.Scale[slot] != 0)
            {
                offsets[slot] -= map.Shift[slot] / map.Scale[slot];
            }
        }
        return offsets;
    }
}
