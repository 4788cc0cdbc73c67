using System.IO.Compression;
using System.IO.Hashing;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// Unpacks one entry of a model file and believes nothing: no more comes out than was claimed, than <paramref name="maximum"/> and than the
/// budget holds; size and checksum must be those that the file gives.
/// </summary>
internal sealed class EntryReader(ZipArchiveEntry entry, ReadBudget budget, long maximum) : IDisposable
{
    private const int BlockSize = 1 << 16;

    // .NET's own zip reader compares none.
    private readonly Crc32 _checksum = new();
    private Stream? _stream;

    /// <summary>All bytes of the entry.</summary>
    /// <param name="start">What they must start with: looked at before the rest is unpacked.</param>
    public byte[] ReadAll(ReadOnlySpan<byte> start)
    {
        byte[] head = new byte[Math.Min(start.Length, Open())];
        Fill(head);
        if (!head.AsSpan().SequenceEqual(start))
        {
            throw Damaged("it does not start as such an entry does");
        }
        byte[] bytes = new byte[entry.Length];
        head.CopyTo(bytes, 0);
        Fill(bytes.AsSpan(head.Length));
        CheckEnd();
        return bytes;
    }

    public void CopyTo(Stream target)
    {
        byte[] block = new byte[Math.Min(BlockSize, Open())];
        for (long left = entry.Length; left > 0; left -= block.Length)
        {
            Span<byte> part = block.AsSpan(0, (int)Math.Min(left, block.Length));
            Fill(part);
            target.Write(part);
        }
        CheckEnd();
    }

    public void Dispose() => _stream?.Dispose();

    /// <summary>Opens the entry; returns the size that it claims, which has been taken off the budget.</summary>
    private long Open()
    {
        long size = ReadBudget.PlausibleSize(entry.Length, entry.CompressedLength)
            ?? throw Damaged($"it claims {entry.Length} bytes, which its {entry.CompressedLength} packed bytes cannot hold");
        if (size > maximum)
        {
            throw Damaged($"it claims {size} bytes, and such an entry has {maximum} at most");
        }
        if (!budget.TryTake(size))
        {
            throw Damaged($"it claims {size} bytes where a file of this size may hold {budget.Left} more");
        }
        _stream = Guard(entry.Open);
        return size;
    }

    private void Fill(Span<byte> bytes)
    {
        for (int filled = 0; filled < bytes.Length;)
        {
            int count = ReadInto(bytes[filled..]);
            if (count == 0)
            {
                throw Damaged($"it ends before the {entry.Length} bytes that it claims");
            }
            _checksum.Append(bytes.Slice(filled, count));
            filled += count;
        }
    }

    private void CheckEnd()
    {
        Span<byte> one = stackalloc byte[1];
        if (ReadInto(one) != 0)
        {
            throw Damaged($"it holds more than the {entry.Length} bytes that it claims");
        }
        if (_checksum.GetCurrentHashAsUInt32() != entry.Crc32)
        {
            throw Damaged("its checksum in the zip does not match its content");
        }
    }

    private int ReadInto(Span<byte> bytes)
    {
        try
        {
            return _stream!.Read(bytes);
        }
        catch (Exception exception) when (IsOfDamage(exception))
        {
            throw Damaged($"it cannot be decompressed: {exception.Message}", exception);
        }
    }

    private Stream Guard(Func<Stream> open)
    {
        try
        {
            return open();
        }
        catch (Exception exception) when (IsOfDamage(exception))
        {
            throw Damaged($"it cannot be opened: {exception.Message}", exception);
        }
    }

    // What .NET's zip reader throws at entries that are not as they should be.
    private static bool IsOfDamage(Exception exception) =>
        exception is InvalidDataException or ArgumentException or OverflowException or NotSupportedException or EndOfStreamException;

    private InvalidDataException Damaged(string what, Exception? inner = null) => StatisticsEntry.Damaged(entry.FullName, what, inner);
}
