namespace MLNet.BatchNorm.Persistence;

/// <summary>Streams for zips that are made on the way: in memory where they are small, otherwise in a file that goes when it is closed.</summary>
internal static class TemporaryStream
{
    private const double LargestInMemory = 1 << 26;

    public static Stream Create(double byteCount) => byteCount <= LargestInMemory
        ? new MemoryStream()
        : new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
}
