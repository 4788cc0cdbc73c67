using System.Collections.Immutable;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>One column pair after a fit: its names and type, which slots share statistics, and the statistics themselves.</summary>
/// <param name="OutputColumnName">The column that is written.</param>
/// <param name="InputColumnName">The column that is read.</param>
/// <param name="Type">The type of both.</param>
/// <param name="SlotNames">The slots' names; empty where there are none.</param>
/// <param name="Layout">Which slots share statistics.</param>
/// <param name="Moments">Per feature of the layout. Never changed once the fit is over: readers may be many.</param>
internal record FittedColumn(
    string OutputColumnName,
    string InputColumnName,
    FeatureColumnType Type,
    ImmutableArray<string> SlotNames,
    FeatureLayout Layout,
    FeatureMoments Moments)
{
    /// <summary>Quantiles per feature of the layout, where the options keep them. Never changed once the fit is over.</summary>
    public FeatureQuantiles? Quantiles { get; init; }

    /// <summary>With the statistics of both sides, which have the same names, type and layout.</summary>
    public virtual FittedColumn Merge(FittedColumn other)
    {
        var moments = Moments.Clone();
        moments.Merge(other.Moments);
        return this with { Moments = moments, Quantiles = Merge(Quantiles, other.Quantiles) };
    }

    /// <summary>A feature in messages: the column, and the slot or channel in it.</summary>
    public string Describe(int feature) => this switch
    {
        { Layout.HasChannels: true } => $"Column '{InputColumnName}', channel {feature}",
        { Type.IsVector: true } => $"Column '{InputColumnName}', slot {Slot(feature)}",
        _ => $"Column '{InputColumnName}'",
    };

    /// <summary>A slot in messages: the column, the slot's number, and its name where it has one.</summary>
    public string DescribeSlot(int slot) => Type.IsVector ? $"Column '{InputColumnName}', slot {Slot(slot)}" : $"Column '{InputColumnName}'";

    /// <summary>The column on further data, checked against their schema: where its slots have no names, with those that they have there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing there, or of another type.</exception>
    /// <exception cref="ArgumentException">Its slots have other names there.</exception>
    public FittedColumn On(DataViewSchema schema, string parameterName)
    {
        var names = ColumnFit.SlotNames(Type.FindSame(schema, InputColumnName, parameterName));
        return this with { SlotNames = AgreeOnSlotNames(names, parameterName) };
    }

    /// <summary>The slots' names on both sides, one of which may have none.</summary>
    /// <exception cref="ArgumentException">Both have some, and they differ.</exception>
    public ImmutableArray<string> AgreeOnSlotNames(ImmutableArray<string> others, string parameterName)
    {
        if (SlotNames.IsEmpty || others.IsEmpty)
        {
            return SlotNames.IsEmpty ? others : SlotNames;
        }
        int differing = SlotNames.AsSpan().CommonPrefixLength(others.AsSpan());
        return differing == SlotNames.Length ? SlotNames : throw new ArgumentException(
            $"Column '{InputColumnName}': expected the slots to be named as in the data of the fit; slot {differing} is '{SlotNames[differing]}' there and " +
            $"'{others[differing]}' here. Put the slots in the same order, for example with Concatenate.", parameterName);
    }

    /// <summary>A slot's name in reports: its own, or its number; of a scalar, the column's.</summary>
    public string SlotName(int slot) => this switch
    {
        { Type.IsVector: false } => InputColumnName,
        _ when SlotNames.Length > slot && SlotNames[slot].Length > 0 => SlotNames[slot],
        _ => $"{slot}",
    };

    /// <summary>A feature's name in reports: its slot's, or the number of its channel.</summary>
    public string FeatureName(int feature) => Layout.HasChannels ? $"{feature}" : SlotName(feature);

    /// <summary>The statistics per feature, as they are shown.</summary>
    public FeatureStatistics[] Statistics() => [.. Moments.Statistics];

    /// <summary>
    /// A feature's scale as its column's type can use it: 0 where it is too small to be seen beside the shift, and an error where double
    /// itself holds it no more, or with so few digits that results would show it.
    /// </summary>
    public double UsableScale(int feature, double scale, double shift)
    {
        const double Smallest = 1 / double.MaxValue;
        double visible = AffineRange.Visible(scale, shift, Type.IsDouble);
        bool isLost = scale == 0 ? Type.IsDouble && AffineRange.Visible(double.Epsilon, shift, isDouble: true) != 0 : visible != 0 && Math.Abs(visible) < Smallest;
        return double.IsFinite(scale) && !isLost ? visible : throw new InvalidOperationException(
            $"{Describe(feature)}: the factor {scale:G3}, the wanted spread over that of the values, is beyond the range of double. " +
            "Divide or multiply the values by a constant first.");
    }

    /// <summary>The error of a feature whose values lie so far apart that their variance is infinite.</summary>
    public InvalidOperationException VarianceBeyondDouble(int feature) => new(
        $"{Describe(feature)}: the variance of values from {Moments.Minimum[feature]:G3} to {Moments.Maximum[feature]:G3} " +
        "is beyond the range of double. Divide the values by a constant first, or take their logarithm.");

    // Of parts that were fitted with quantiles and without, there are none of the whole.
    private static FeatureQuantiles? Merge(FeatureQuantiles? some, FeatureQuantiles? others)
    {
        if (some is null || others is null)
        {
            return null;
        }
        var merged = some.Clone();
        merged.Merge(others);
        return merged;
    }

    private string Slot(int slot) => SlotNames.Length > slot && SlotNames[slot].Length > 0 ? $"{slot} ('{SlotNames[slot]}')" : $"{slot}";
}
