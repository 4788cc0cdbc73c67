using System.Buffers.Binary;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// The checksum of zip entries: CRC-32 with the polynomial 0xEDB88320 (reflected), eight bytes at a time by tables (Kounavis and Berry,
/// "A systematic approach to building high performance, software-based, CRC generators", 2005). .NET's own zip reader compares none.
/// </summary>
internal struct Crc32()
{
    private static readonly uint[][] Tables = CreateTables();

    private uint _state = uint.MaxValue;

    /// <summary>The checksum of all bytes so far.</summary>
    public readonly uint Value => ~_state;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = _state;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint low = state ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = Tables[7][(byte)low] ^ Tables[6][(byte)(low >> 8)] ^ Tables[5][(byte)(low >> 16)] ^ Tables[4][low >> 24]
                ^ Tables[3][(byte)high] ^ Tables[2][(byte)(high >> 8)] ^ Tables[1][(byte)(high >> 16)] ^ Tables[0][high >> 24];
        }
        foreach (byte value in bytes)
        {
            state = Tables[0][(byte)(state ^ value)] ^ (state >> 8);
        }
        _state = state;
    }

    // Table k: what a byte does to the checksum k bytes later.
    private static uint[][] CreateTables()
    {
        var tables = new uint[8][];
        for (int k = 0; k < tables.Length; k++)
        {
            tables[k] = new uint[256];
            for (uint value = 0; value < 256; value++)
            {
                uint crc = k == 0 ? value : tables[k - 1][value];
                if (k > 0)
                {
                    tables[k][value] = tables[0][(byte)crc] ^ (crc >> 8);
                    continue;
                }
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
                }
                tables[0][value] = crc;
            }
        }
        return tables;
    }
}
