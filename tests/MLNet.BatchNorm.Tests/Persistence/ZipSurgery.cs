using System.IO.Compression;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>Takes zips apart and puts them together otherwise.</summary>
internal static class ZipSurgery
{
    public static Dictionary<string, byte[]> Entries(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            return content.ToArray();
        });
    }

    public static byte[] Zip(IEnumerable<KeyValuePair<string, byte[]>> entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var target = archive.CreateEntry(name).Open();
                target.Write(content);
            }
        }
        return stream.ToArray();
    }

    /// <summary>The zip with one entry changed.</summary>
    public static byte[] Change(byte[] zip, string name, Func<byte[], byte[]> change)
    {
        var entries = Entries(zip);
        entries[name] = change(entries[name]);
        return Zip(entries);
    }

    /// <summary>The places of a text in bytes.</summary>
    public static IEnumerable<int> IndexesOf(byte[] bytes, string text)
    {
        byte[] wanted = System.Text.Encoding.ASCII.GetBytes(text);
        for (int i = 0; i + wanted.Length <= bytes.Length; i++)
        {
            if (bytes.AsSpan(i, wanted.Length).SequenceEqual(wanted))
            {
                yield return i;
            }
        }
    }
}
