namespace MLNet.BatchNorm.Persistence;

/// <summary>Writes a file as a whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes a new file beside the target, has it on the disk, and moves it over the target in one step. Until then, and where anything
    /// fails, a file that stands there stays as it is.
    /// </summary>
    /// <param name="path">The target. A symbolic link is followed.</param>
    /// <param name="write">Writes the content to a stream that can seek and read.</param>
    public static void Write(string path, Action<Stream> write)
    {
        string target = Path.GetFullPath(path);
        var link = new FileInfo(target);
        target = link.LinkTarget is null ? target : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(target))
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            // Not there any more where it was moved.
            File.Delete(temporary);
        }
    }
}
