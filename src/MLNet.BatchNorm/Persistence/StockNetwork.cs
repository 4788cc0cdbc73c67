using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// Makes the stock ML.NET transformer that computes a network: what ML.NET's principal component analysis computes is a dense layer
/// (y = W x - c), an Expression is an activation, a row scaled to a length is the core of layer normalization, and a linear predictor is the
/// last layer.
/// </summary>
/// <remarks>
/// <para>
/// ML.NET's projection takes vectors of two items or more, and gives no more items than it takes. So a layer that is wider than its input
/// is written as several projections side by side, put together by Concatenate; a hidden layer of one unit gets a second one that nothing
/// listens to; and a single feature is taken twice.
/// </para>
/// <para>Hidden columns have names that no one else uses, and are dropped behind the predictor.</para>
/// </remarks>
internal static class StockNetwork
{
    /// <summary>The name of the columns between the layers, unless the data have such a column.</summary>
    public const string HiddenColumnName = "MLNet.BatchNorm.Hidden";

    // What the projection takes at least.
    private const int NarrowestInput = 2;

    /// <param name="layers">The hidden layers, each with an activation or a row length, and the last layer, without.</param>
    /// <param name="task">What the last layer predicts.</param>
    /// <param name="featureColumnName">A vector of the first layer's inputs.</param>
    /// <param name="label">The label column; its key values name the classes.</param>
    public static ITransformer Create(
        IReadOnlyList<StockLayer> layers, NetworkTask task, string featureColumnName, DataViewSchema.Column label) =>
        StockChain.Load(Stages(layers, task, featureColumnName, label));

    /// <summary>The streams of that transformer, stage by stage.</summary>
    /// <inheritdoc cref="Create"/>
    public static IReadOnlyList<IEnumerable<(string Name, byte[] Bytes)>> Stages(
        IReadOnlyList<StockLayer> layers, NetworkTask task, string featureColumnName, DataViewSchema.Column label)
    {
        var stages = new List<IEnumerable<(string Name, byte[] Bytes)>>();
        var names = new HiddenNames([featureColumnName, label.Name]);
        (string Name, int Size) current = (featureColumnName, layers[0].InputCount);
        foreach (StockLayer layer in layers.SkipLast(1))
        {
            if (current.Size < NarrowestInput)
            {
                string widened = names.Use(null);
                stages.Add([(ModelArchive.ModelEntry, CreateConcatenation(widened, [.. Enumerable.Repeat(current.Name, NarrowestInput)]))]);
                current = (widened, NarrowestInput);
            }
            StockLayer padded = layer.Pad(current.Size, Math.Max(layer.OutputCount, NarrowestInput));
            current = (AddLayer(stages, padded, current.Name, names), padded.OutputCount);
        }

        StockLayer last = layers[^1];
        var predictor = new StockPredictor(task, TrainSchema(current.Name, current.Size, label), current.Name, label.Name);
        stages.Add(predictor.Create(last.Pad(current.Size, last.OutputCount)));
        if (names.Used.Count > 0)
        {
            stages.Add([(ModelArchive.ModelEntry, CreateDrop(names.Used))]);
        }
        return stages;
    }

    /// <summary>Adds the stages of a hidden layer; returns the name of its output.</summary>
    private static string AddLayer(List<IEnumerable<(string Name, byte[] Bytes)>> stages, StockLayer layer, string input, HiddenNames names)
    {
        var parts = new List<(string Name, int Start, int Count)>();
        for (int start = 0; start < layer.OutputCount; start += layer.InputCount)
        {
            int count = Math.Min(layer.InputCount, layer.OutputCount - start);
            parts.Add((names.Use(layer.OutputCount > layer.InputCount ? parts.Count : null), start, count));
        }
        stages.Add([(ModelArchive.ModelEntry, CreateProjections(layer, input, parts))]);
        if (layer.Activation is { } activation)
        {
            stages.Add([(ModelArchive.ModelEntry, StockExpression.Create([.. parts.Select(part =>
                new StockExpression(part.Name, activation, IsVector: true, IsDouble: false))]))]);
        }
        string output = parts[0].Name;
        if (parts.Count > 1)
        {
            output = names.Use(null);
            stages.Add([(ModelArchive.ModelEntry, CreateConcatenation(output, [.. parts.Select(part => part.Name)]))]);
        }
        return layer.RowLength is { } length ? AddRowLength(stages, layer, output, length, names) : output;
    }

    /// <summary>Adds the stages that scale a row, or each of its groups: taken out by projections, scaled, and put together again.</summary>
    private static string AddRowLength(List<IEnumerable<(string Name, byte[] Bytes)>> stages, StockLayer layer, string column, float length, HiddenNames names)
    {
        string[] scaled = [column];
        if (layer.GroupCount > 1)
        {
            int size = layer.OutputCount / layer.GroupCount;
            List<(string Name, int Start, int Count)> groups = [.. Enumerable.Range(0, layer.GroupCount).Select(group => (names.Use(group), group * size, size))];
            stages.Add([(ModelArchive.ModelEntry, CreateProjections(StockLayer.Identity(layer.OutputCount), column, groups))]);
            scaled = [.. groups.Select(group => group.Name)];
        }
        foreach (string part in scaled)
        {
            stages.AddRange(StockRowLength.Create(part, length).Select(bytes => ((string, byte[])[])[(ModelArchive.ModelEntry, bytes)]));
        }
        if (layer.GroupCount == 1)
        {
            return column;
        }
        string output = names.Use(null);
        stages.Add([(ModelArchive.ModelEntry, CreateConcatenation(output, scaled))]);
        return output;
    }

    private static byte[] CreateProjections(StockLayer layer, string input, List<(string Name, int Start, int Count)> parts) =>
        StockModelStream.Create(StockComponent.Projection, (writer, strings) =>
        {
            writer.Write(parts.Count);
            foreach ((string name, _, _) in parts)
            {
                writer.Write(strings.IndexOf(name));
                writer.Write(strings.IndexOf(input));
            }
            foreach ((_, int start, int count) in parts)
            {
                writer.Write(layer.InputCount);
                writer.Write(count);
                foreach (float weight in layer.Rows(start, count))
                {
                    writer.Write(weight);
                }
                writer.Write(count);
                foreach (float bias in layer.Bias.AsSpan(start, count))
                {
                    writer.Write(-bias);
                }
            }
        });

    private static byte[] CreateConcatenation(string output, string[] inputs) =>
        StockModelStream.Create(StockComponent.Concatenation, (writer, strings) =>
        {
            writer.Write(1);
            writer.Write(strings.IndexOf(output));
            writer.Write(inputs.Length);
            foreach (string input in inputs)
            {
                writer.Write(strings.IndexOf(input));
                writer.Write(-1); // slot names are the input's own
            }
        });

    private static byte[] CreateDrop(SortedSet<string> names) => StockModelStream.Create(StockComponent.Selection, (writer, strings) =>
    {
        writer.Write(false); // drop, do not keep
        writer.Write(false); // hidden columns too
        writer.Write(false); // all of them must be there
        writer.Write(names.Count);
        foreach (string name in names)
        {
            writer.Write(strings.IndexOf(name));
        }
    });

    private static DataViewSchema TrainSchema(string featureColumnName, int featureCount, DataViewSchema.Column label)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(label.Name, label.Type, label.Annotations);
        builder.AddColumn(featureColumnName, new VectorDataViewType(NumberDataViewType.Single, featureCount));
        return builder.ToSchema();
    }

    /// <summary>Names for hidden columns, which are used again and again: each column hides the one before it.</summary>
    private sealed class HiddenNames(IReadOnlyCollection<string> taken)
    {
        public SortedSet<string> Used { get; } = new(StringComparer.Ordinal);

        public string Use(int? part)
        {
            string name = part is null ? HiddenColumnName : string.Create(CultureInfo.InvariantCulture, $"{HiddenColumnName}.{part}");
            while (taken.Contains(name))
            {
                name += "_";
            }
            Used.Add(name);
            return name;
        }
    }
}
