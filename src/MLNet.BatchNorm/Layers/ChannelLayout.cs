using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>The shape of a batch, [rows, channels, spatial], row-major: channel c of row r begins at (r * channels + c) * spatial.</summary>
internal readonly record struct ChannelLayout(int RowCount, int ChannelCount, int SpatialSize)
{
    /// <summary>Values that share a channel's statistics.</summary>
    public long ValuesPerChannel => (long)RowCount * SpatialSize;

    /// <summary>The layout that kernels walk, of an input that is there: a single channel is one run of values, however many rows it comes in.</summary>
    public static ChannelLayout Of(int rowCount, int channelCount, int spatialSize) => channelCount == 1
        ? new ChannelLayout(1, 1, rowCount * spatialSize)
        : new ChannelLayout(rowCount, channelCount, spatialSize);

    /// <summary>Values per row, of a number of channels that is checked, once the other factor is and the product against what an array holds.</summary>
    public static int RowLength(int channelCount, int spatialSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spatialSize, 1);
        long length = (long)channelCount * spatialSize;
        return length <= Array.MaxLength ? (int)length : throw new ArgumentOutOfRangeException(
            nameof(spatialSize), spatialSize, $"Expected at most {Array.MaxLength} values per row; {channelCount} channels of {spatialSize} are {length}.");
    }

    /// <summary>The number of channels or features, once it is checked. Errors name it as the caller does.</summary>
    public static int CheckCount(int count, [CallerArgumentExpression(nameof(count))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MomentSums.LargestFeatureCount, name);
        return count;
    }

    /// <summary>An array with a number per channel, padded to whole vectors so that kernels need no tail.</summary>
    public static double[] PerChannel(int channelCount)
    {
        int lanes = Vector256<double>.Count;
        return new double[(channelCount + lanes - 1) / lanes * lanes];
    }
}
