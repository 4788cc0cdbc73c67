namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// What one model file may make its reader unpack, all entries together: 320 MiB, and 64 bytes for each byte of the file. That is room
/// for the largest statistics entry with its stock form, however well it is packed, and in a large file for data that are packed 64 to 1.
/// </summary>
/// <param name="fileSize">The size of the file in bytes.</param>
internal sealed class ReadBudget(long fileSize)
{
    private const long Floor = 320L << 20;
    private const int BytesPerFileByte = 64;

    // Deflate packs at most 1032 bytes into one.
    private const int LargestPackingRatio = 1032;

    /// <summary>The bytes that may still be unpacked.</summary>
    public long Left { get; private set; } = Floor + (BytesPerFileByte * Math.Min(fileSize, 1L << 50));

    /// <summary>The size of an entry as the file claims it, or null where its packed bytes cannot hold as much.</summary>
    public static long? PlausibleSize(long claimedSize, long packedSize) =>
        claimedSize >= 0 && packedSize >= 0 && claimedSize / LargestPackingRatio <= packedSize ? claimedSize : null;

    /// <summary>Takes bytes off the budget; false, and nothing taken, where it does not hold them.</summary>
    public bool TryTake(long byteCount)
    {
        if (byteCount > Left)
        {
            return false;
        }
        Left -= byteCount;
        return true;
    }
}
