using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>ML.NET's shuffling takes the memory for all of its pool at once, whatever the data hold.</summary>
internal static class ShufflePool
{
    /// <summary>A pool that is not worth a look at the data.</summary>
    private const int SmallPool = 1 << 16;

    // ML.NET puts some blocks of rows on top, and counts both in one array.
    private const int LargestPool = 1 << 30;

    /// <summary>The options' size or, where the data have fewer rows, as many as they have. A large pool takes a pass over the data to count them.</summary>
    public static int SizeFor(IDataView data, BatchNormOptions options)
    {
        int size = Math.Min(options.ShufflePoolSize, LargestPool);
        if (size <= SmallPool)
        {
            return size;
        }
        // To be told of few rows is harmless, even where there are more: the pool is as small as by default.
        if (data.GetRowCount() is >= 0 and <= SmallPool)
        {
            return SmallPool;
        }
        int count = 0;
        using var cursor = data.GetRowCursor([]);
        while (count < size && cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            count++;
        }
        return Math.Max(count, SmallPool);
    }
}
