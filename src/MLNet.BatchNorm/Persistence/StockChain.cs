using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// Makes stock ML.NET transformers of numbers. ML.NET has no public way to do that, but it loads them: the streams of such a model are
/// written into a zip in memory and loaded from there.
/// </summary>
internal static class StockChain
{
    private const string SchemaEntry = "Schema";

    /// <summary>Loads a chain of the given stages, or the stage itself where there is one.</summary>
    /// <param name="stages">The streams of each stage, named within its folder.</param>
    public static ITransformer Load(IReadOnlyList<IEnumerable<(string Name, byte[] Bytes)>> stages)
    {
        using Stream stream = ModelArchive.Wrap(Arrange(stages));
        return new MLContext().Model.Load(stream, out _);
    }

    /// <summary>A schema as the stream in which ML.NET keeps one.</summary>
    public static byte[] WriteSchema(DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(new TransformerChain<ITransformer>(), schema, stream);
        return ModelArchive.Unwrap(stream, SchemaEntry);
    }

    /// <summary>The streams of a chain of the given stages, or of the stage itself where there is one, by their paths in the model zip.</summary>
    public static IEnumerable<(string Path, byte[] Bytes)> Arrange(IReadOnlyList<IEnumerable<(string Name, byte[] Bytes)>> stages)
    {
        if (stages.Count == 1)
        {
            return stages[0].Select(entry => ($"{ModelArchive.RootFolder}/{entry.Name}", entry.Bytes));
        }
        int everything = (int)TransformerScope.Everything;
        return stages
            .SelectMany((entries, stage) => entries.Select(entry => ($"{ModelArchive.Child(ModelArchive.RootFolder, stage)}/{entry.Name}", entry.Bytes)))
            .Prepend(($"{ModelArchive.RootFolder}/{ModelArchive.ModelEntry}", StockModelStream.CreateChain([.. Enumerable.Repeat(everything, stages.Count)])));
    }
}
