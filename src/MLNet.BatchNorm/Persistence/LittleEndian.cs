namespace MLNet.BatchNorm.Persistence;

/// <summary>Turns numbers between this machine's order of bytes and that of files, in place: nothing to do on little-endian machines.</summary>
internal static class LittleEndian
{
    public static void Convert(Span<byte> numbers, int numberBytes)
    {
        for (int i = 0; !BitConverter.IsLittleEndian && i < numbers.Length; i += numberBytes)
        {
            numbers.Slice(i, numberBytes).Reverse();
        }
    }
}
