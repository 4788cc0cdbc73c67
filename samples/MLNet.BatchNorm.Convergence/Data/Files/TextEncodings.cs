using System.Text;

namespace MLNet.BatchNorm.Convergence.Data.Files;

/// <summary>Finds out how a text file is encoded: by its byte order mark, by the zeros of UTF-16, and by whether it is valid UTF-8.</summary>
internal static class TextEncodings
{
    private const int WindowsLatin = 1252;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>UTF-8, UTF-16, or, for bytes that are neither, the Windows form of Latin-1, which has a character for nearly every byte.</summary>
    public static Encoding Detect(string path, Func<Stream> open)
    {
        using var stream = open();
        var buffer = new byte[1 << 16];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var head = buffer.AsSpan(0, length);
        if (head.StartsWith<byte>([0xFF, 0xFE]))
        {
            return Encoding.Unicode;
        }

        if (head.StartsWith<byte>([0xFE, 0xFF]))
        {
            return Encoding.BigEndianUnicode;
        }

        var (evenZeros, oddZeros) = (Zeros(head, 0), Zeros(head, 1));
        if (Math.Max(evenZeros, oddZeros) > length / 8)
        {
            return oddZeros > evenZeros ? Encoding.Unicode : evenZeros > 2 * oddZeros ? Encoding.BigEndianUnicode
                : throw new StudyInputException($"'{path}' is not a text file. Give the path of a CSV or Parquet file with --data.");
        }

        return IsUtf8(stream, buffer, length) ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(WindowsLatin)!;
    }

    /// <summary>The encoding of that name.</summary>
    /// <exception cref="StudyInputException">.NET knows none of that name.</exception>
    public static Encoding ByName(string name)
    {
        var usual = name.ToLowerInvariant() switch { "utf8" => "utf-8", "utf16" => "utf-16", "latin1" or "latin-1" => "iso-8859-1", _ => name };
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(usual) ?? Encoding.GetEncoding(usual);
        }
        catch (ArgumentException exception)
        {
            throw new StudyInputException($"There is no encoding '{name}'. Give one such as utf-8, utf-16, latin-1 or windows-1252 with --encoding.", exception);
        }
    }

    public static string NameOf(Encoding encoding) => encoding.WebName switch
    {
        "utf-8" => "UTF-8",
        "utf-16" => "UTF-16",
        "utf-16BE" => "UTF-16, big-endian",
        "windows-1252" => "Latin-1 (Windows)",
        var name => name,
    };

    private static int Zeros(ReadOnlySpan<byte> bytes, int parity)
    {
        var count = 0;
        for (var i = parity; i < bytes.Length; i += 2)
        {
            count += bytes[i] == 0 ? 1 : 0;
        }

        return count;
    }

    private static bool IsUtf8(Stream stream, byte[] buffer, int length)
    {
        var decoder = Strict.GetDecoder();
        var characters = new char[Strict.GetMaxCharCount(buffer.Length)];
        try
        {
            for (; length > 0; length = stream.Read(buffer))
            {
                decoder.GetChars(buffer, 0, length, characters, 0, flush: false);
            }

            decoder.GetChars([], 0, 0, characters, 0, flush: true);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
