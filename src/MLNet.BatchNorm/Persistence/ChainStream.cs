using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Persistence;

/// <summary>Reads the stream of a transformer chain: the number of its stages, and what each is used in.</summary>
internal static class ChainStream
{
    // The stream of a chain: its header, one number per stage, and a name.
    private const int LongestStream = 1 << 20;

    private const TransformerScope AllScopes = TransformerScope.Training | TransformerScope.Testing | TransformerScope.Scoring;

    /// <summary>The scopes of the stages of the chain in a folder, which must be the folders that stand there, no more and no less.</summary>
    /// <exception cref="InvalidDataException">The stream is damaged, or is not the one of the folders beside it.</exception>
    public static IReadOnlyList<TransformerScope> ReadScopes(ModelArchive archive, string folder)
    {
        ZipArchiveEntry entry = archive.Find(folder, ModelArchive.ModelEntry)
            ?? throw new InvalidDataException($"The model file is damaged: the folder '{folder}' has no entry '{ModelArchive.ModelEntry}'.");
        ReadOnlyMemory<byte> stream = archive.Read(entry, LongestStream);
        if (!StockModelStream.IsWhole(stream.Span) || StockModelStream.TryGetModel(stream, StockComponent.Chain) is not { } model)
        {
            throw StatisticsEntry.Damaged(entry.FullName, "statistics stand below it, and it is not the stream of a chain as ML.NET writes it");
        }
        ReadOnlySpan<byte> block = model.Span;
        int count = block.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(block);
        if (count < 0 || block.Length != sizeof(int) * (count + 1L))
        {
            throw StatisticsEntry.Damaged(entry.FullName, $"the chain claims {count} stages in a block of {block.Length} bytes");
        }

        var scopes = new TransformerScope[count];
        for (int i = 0; i < count; i++)
        {
            scopes[i] = (TransformerScope)BinaryPrimitives.ReadInt32LittleEndian(block[(sizeof(int) * (i + 1))..]);
            if ((scopes[i] & ~AllScopes) != 0)
            {
                throw StatisticsEntry.Damaged(entry.FullName, $"stage {i} has the scope {(int)scopes[i]}");
            }
        }
        var found = new bool[count];
        foreach (int number in archive.StageNumbers(folder))
        {
            if (number < 0 || number >= count)
            {
                throw StatisticsEntry.Damaged(entry.FullName, $"the chain claims {count} stages, and the file holds others beside them");
            }
            found[number] = true;
        }
        int missing = Array.IndexOf(found, false);
        return missing < 0 ? scopes : throw StatisticsEntry.Damaged(
            entry.FullName, $"the chain claims {count} stages, and the folder '{ModelArchive.Child(folder, missing)}' is missing");
    }
}
