using System.Text;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// UTF-8 that can also hold half of a surrogate pair, which .NET's strings, and so column names, may: its code point in three bytes, as any
/// other of its size (WTF-8). Where there is none, plain UTF-8.
/// </summary>
internal static class GeneralizedUtf8
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Encode(string text)
    {
        using var bytes = new MemoryStream();
        Span<byte> unit = stackalloc byte[4];
        for (ReadOnlySpan<char> rest = text; rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int used) == System.Buffers.OperationStatus.Done)
            {
                bytes.Write(unit[..rune.EncodeToUtf8(unit)]);
            }
            else
            {
                char half = rest[0];
                bytes.Write([(byte)(0xE0 | (half >> 12)), (byte)(0x80 | ((half >> 6) & 0x3F)), (byte)(0x80 | (half & 0x3F))]);
            }
            rest = rest[used..];
        }
        return bytes.ToArray();
    }

    /// <summary>The text, or null where the bytes are none.</summary>
    public static string? TryDecode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        while (bytes.Length > 0)
        {
            int half = IndexOfHalf(bytes);
            ReadOnlySpan<byte> plain = half < 0 ? bytes : bytes[..half];
            try
            {
                text.Append(Strict.GetString(plain));
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
            bytes = bytes[plain.Length..];
            if (half >= 0)
            {
                text.Append((char)(0xD000 | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F)));
                bytes = bytes[3..];
            }
        }
        return text.ToString();
    }

    // ED A0 80 to ED BF BF: in plain UTF-8 no character's bytes hold these.
    private static int IndexOfHalf(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i + 2 < bytes.Length; i++)
        {
            if (bytes[i] == 0xED && bytes[i + 1] is >= 0xA0 and <= 0xBF && bytes[i + 2] is >= 0x80 and <= 0xBF)
            {
                return i;
            }
        }
        return -1;
    }
}
