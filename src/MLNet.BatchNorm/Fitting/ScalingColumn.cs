using System.Collections.Immutable;
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
