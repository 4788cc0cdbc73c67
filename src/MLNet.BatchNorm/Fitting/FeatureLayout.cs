using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>
/// Which slots of a column share statistics: without channels each slot is a feature of its own; with channels, a feature is an index
/// on the channel axis.
/// </summary>
internal sealed class FeatureLayout
{
    private readonly ImmutableArray<int> _dimensions;
    private readonly int _axis;
    private readonly int _stride;

    private FeatureLayout(ImmutableArray<int> dimensions, int axis)
    {
        _dimensions = dimensions;
        _axis = axis;
        _stride = dimensions.Skip(axis + 1).Aggregate(1, (product, dimension) => product * dimension);
        SlotCount = dimensions.Aggregate(1, (product, dimension) => product * dimension);
    }

    public int SlotCount { get; }

    public int FeatureCount => _dimensions[_axis];

    /// <summary>Whether slots share statistics.</summary>
    public bool HasChannels => SlotCount != FeatureCount;

    public static FeatureLayout Create(FeatureColumnType type, int? channelAxis, string columnName)
    {
        if (channelAxis is not { } axis)
        {
            return new FeatureLayout([type.SlotCount], 0);
        }
        int rank = type.Dimensions.Length;
        int index = axis < 0 ? axis + rank : axis;
        return index >= 0 && index < rank ? new FeatureLayout(type.Dimensions, index) : throw new ArgumentOutOfRangeException(
            nameof(channelAxis),
            axis,
            rank == 0
                ? $"Column '{columnName}' of type {type.Type} has no dimensions: expected a vector. Leave the channel axis out."
                : $"Column '{columnName}' of type {type.Type} has {rank} dimension(s): expected a channel axis from {-rank} to {rank - 1}. " +
                  "Give the vector its dimensions where the data are defined, or leave the channel axis out.");
    }

    /// <summary>Statistics per feature from those per slot.</summary>
    public FeatureMoments Collapse(FeatureMoments perSlot) => HasChannels ? perSlot.CollapseToChannels(_dimensions.AsSpan(), _axis) : perSlot;

    /// <summary>The same into moments that are there already, of as many features; for many batches.</summary>
    public void CollapseTo(FeatureMoments perSlot, FeatureMoments perFeature) => perSlot.CollapseTo(perFeature, _stride);

    /// <summary>Takes what the channels have at one place, of as many as there are slots of a channel.</summary>
    public void Gather<T>(ReadOnlySpan<T> perSlot, int place, Span<T> channels)
    {
        int first = (place / _stride * _stride * FeatureCount) + (place % _stride);
        for (int channel = 0; channel < channels.Length; channel++)
        {
            channels[channel] = perSlot[first + (channel * _stride)];
        }
    }

    /// <summary>Gives each slot what belongs to its feature.</summary>
    public T[] Expand<T>(ReadOnlySpan<T> perFeature)
    {
        var perSlot = new T[SlotCount];
        for (int slot = 0; slot < perSlot.Length; slot++)
        {
            perSlot[slot] = perFeature[slot / _stride % FeatureCount];
        }
        return perSlot;
    }
}
