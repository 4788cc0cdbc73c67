using System.IO.Compression;
using System.Text;

namespace MLNet.BatchNorm.Convergence.Data.Files;

/// <summary>
/// A text file as plain UTF-8 on the disk: the file itself where it is that already, otherwise a copy that is unpacked and transcoded, and
/// removed at the end.
/// </summary>
internal sealed class PlainText : IDisposable
{
    private const int SampleLength = 1 << 20;

    private readonly string? _copy;

    private PlainText(string path, string? copy, string encoding, string sample, bool sampleIsAll) =>
        (Path, _copy, Encoding, Sample, SampleIsAll) = (path, copy, encoding, sample, sampleIsAll);

    public string Path { get; }

    /// <summary>What the original was encoded as.</summary>
    public string Encoding { get; }

    /// <summary>The first characters.</summary>
    public string Sample { get; }

    public bool SampleIsAll { get; }

    public static PlainText Open(string path, string? encodingName)
    {
        var packed = StartsWith(path, 0x1F, 0x8B);
        using var bytes = OpenBytes(path, packed);
        var encoding = encodingName is null ? TextEncodings.Detect(path, () => OpenBytes(path, packed)) : TextEncodings.ByName(encodingName);
        using var reader = new StreamReader(bytes, encoding, detectEncodingFromByteOrderMarks: true);
        var sample = new char[SampleLength];
        var length = reader.ReadBlock(sample, 0, sample.Length);
        var text = new string(sample, 0, length);
        var all = length < SampleLength || reader.Peek() < 0;

        // DuckDB reads UTF-8, and takes these characters in a path for a pattern.
        if (!packed && encoding is UTF8Encoding && path.AsSpan().IndexOfAny("*?[") < 0)
        {
            return new PlainText(path, null, TextEncodings.NameOf(encoding), text, all);
        }

        var copy = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        try
        {
            using var writer = new StreamWriter(copy, append: false, new UTF8Encoding(false));
            writer.Write(text);
            for (int read; (read = reader.ReadBlock(sample, 0, sample.Length)) > 0;)
            {
                writer.Write(sample, 0, read);
            }
        }
        catch
        {
            File.Delete(copy);
            throw;
        }

        return new PlainText(copy, copy, TextEncodings.NameOf(encoding) + (packed ? ", gzip" : string.Empty), text, all);
    }

    public static bool StartsWith(string path, params ReadOnlySpan<byte> magic)
    {
        using var stream = File.OpenRead(path);
        Span<byte> head = stackalloc byte[8];
        return stream.ReadAtLeast(head, magic.Length, throwOnEndOfStream: false) >= magic.Length && head[..magic.Length].SequenceEqual(magic);
    }

    public void Dispose()
    {
        if (_copy is not null)
        {
            File.Delete(_copy);
        }
    }

    private static Stream OpenBytes(string path, bool packed) => packed ? new GZipStream(File.OpenRead(path), CompressionMode.Decompress) : File.OpenRead(path);
}
