using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// The entry beside a stock stream that holds the full state of the transformer which the stock stream approximates. Stock ML.NET
/// ignores it. docs/model-zip.md documents it for others to read.
/// </summary>
/// <remarks>
/// <code>
/// 00  8 bytes  "MLBNSTAT"
/// 08  i32  version of this frame, 1
/// 0C  i32  oldest frame version whose readers can read it, 1
/// 10  i32  byte count of the kind, then the kind in UTF-8
///     i32  version of the kind's state
///     i32  byte count of the state, then the state
///     32 bytes  SHA-256 of all that stands before it
/// </code>
/// The hash finds damage. It is no protection against forgery: the reader trusts no number of the state either.
/// </remarks>
internal static class StatisticsEntry
{
    public const string Name = "MLNet.BatchNorm.statistics";

    /// <summary>The largest entry that is read: room for millions of features, and a bound on what a forged one can cost.</summary>
    public const int MaximumByteCount = 1 << 28;

    private const int FrameVersion = 1;

    private static ReadOnlySpan<byte> Magic => "MLBNSTAT"u8;

    /// <summary>What every entry starts with.</summary>
    public static ReadOnlySpan<byte> Start => Magic;

    /// <summary>
    /// Saves a transformer as <paramref name="stock"/>, and its state beside it.
    /// </summary>
    /// <param name="context">The context that <see cref="ICanSaveModel.Save"/> was given.</param>
    /// <param name="stock">The stock transformer that plain ML.NET will load.</param>
    /// <param name="kind">The kind of state, one of <see cref="StatisticsKinds"/>.</param>
    /// <param name="version">The version of the state that <paramref name="writeState"/> writes.</param>
    /// <param name="writeState">Writes the state.</param>
    public static void SaveWithStatistics(
        ModelSaveContext context, ITransformer stock, string kind, int version, Action<StatisticsWriter> writeState)
    {
        // First what may be refused.
        byte[] entry = Write(kind, version, writeState);
        stock.Save(context);
        MLNetInternals.SaveBinaryStream(context, Name, writer => writer.Write(entry));
    }

    /// <summary>The bytes of an entry.</summary>
    public static byte[] Write(string kind, int version, Action<StatisticsWriter> writeState)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(FrameVersion);
            writer.Write(FrameVersion);
            byte[] kindBytes = Encoding.UTF8.GetBytes(kind);
            writer.Write(kindBytes.Length);
            writer.Write(kindBytes);
            writer.Write(version);
            writer.Write(0); // room for the state's byte count
            long start = stream.Position;
            writeState(new StatisticsWriter(writer));
            int stateLength = checked((int)(stream.Position - start));
            stream.Position = start - sizeof(int);
            writer.Write(stateLength);
            stream.Position = stream.Length;
        }
        stream.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        if (stream.Length > MaximumByteCount)
        {
            throw TooLong(kind, stream.Length);
        }
        return stream.ToArray();
    }

    /// <summary>Makes the transformer from the entry's state.</summary>
    /// <param name="bytes">The entry.</param>
    /// <param name="entryName">Its path, for messages.</param>
    /// <param name="kinds">The kinds of state that are known.</param>
    /// <param name="host">The host of the catalog that loads it.</param>
    /// <param name="slotLimit">The slots that all columns together may have: as many as the stock form beside the entry has room for.</param>
    /// <exception cref="InvalidDataException">The entry is damaged, of a later version, or of an unknown kind.</exception>
    public static ITransformer Read(
        ReadOnlyMemory<byte> bytes, string entryName, IReadOnlyList<StatisticsKind> kinds, HostEnvironment host, long slotLimit = long.MaxValue)
    {
        if (bytes.Length < Magic.Length + (2 * sizeof(int)) || !bytes.Span.StartsWith(Magic))
        {
            throw Damaged(entryName, "it does not start like a statistics entry");
        }
        int readableBy = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[12..]);
        if (readableBy > FrameVersion)
        {
            throw TooNew(entryName, "the entry's format", readableBy, FrameVersion);
        }

        int contentLength = bytes.Length - SHA256.HashSizeInBytes;
        if (contentLength < 0 || !SHA256.HashData(bytes.Span[..contentLength]).AsSpan().SequenceEqual(bytes.Span[contentLength..]))
        {
            throw Damaged(entryName, "its checksum does not match its content");
        }
        var frame = new StatisticsReader(bytes[16..contentLength], entryName, FrameVersion);
        string kindName = frame.ReadString();
        int version = frame.ReadInt32();
        StatisticsKind kind = kinds.FirstOrDefault(candidate => candidate.Name == kindName) ?? throw new InvalidDataException(
            $"The entry '{entryName}' of the model file holds statistics of kind '{kindName}', which this version of MLNet.BatchNorm does not "
            + $"know; it knows {string.Join(", ", kinds.Select(candidate => candidate.Name))}. {Advice}");
        if (version > kind.Version)
        {
            throw TooNew(entryName, $"statistics of kind '{kindName}'", version, kind.Version);
        }
        if (version < 1)
        {
            throw Damaged(entryName, $"it claims version {version} of kind '{kindName}'");
        }

        var state = new StatisticsReader(frame.ReadRemaining(), entryName, version, slotLimit);
        try
        {
            ITransformer transformer = kind.Read(state, host);
            state.CheckAtEnd();
            return transformer;
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException or InvalidOperationException)
        {
            // The transformer's own checks refused the state.
            throw Damaged(entryName, exception.Message, exception);
        }
    }

    /// <summary>The exception for an entry that is not as it was written.</summary>
    public static InvalidDataException Damaged(string entryName, string what, Exception? inner = null) =>
        new($"The entry '{entryName}' of the model file is damaged: {what}. {Advice}", inner);

    private const string Advice =
        "The stock part of the model is stored apart from it: mlContext.Model.Load still loads that, without the statistics.";

    private static InvalidDataException TooNew(string entryName, string what, int version, int known) => new(
        $"The entry '{entryName}' of the model file was written by a later version of MLNet.BatchNorm: {what} has version {version}, "
        + $"and this one reads up to {known}. Update MLNet.BatchNorm. {Advice}");

    /// <summary>The exception for a state that would be too long to be read back.</summary>
    public static InvalidOperationException TooLong(string kind, long byteCount) => new(
        $"The statistics of kind '{kind}' take {byteCount} bytes; at most {MaximumByteCount} can be saved. Save fewer features per transformer.");
}
