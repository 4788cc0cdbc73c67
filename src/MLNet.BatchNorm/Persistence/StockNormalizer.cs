using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// Makes stock ML.NET transformers that hold a given map: what a pipeline of this library is saved as, so that any ML.NET program can
/// load and run it.
/// </summary>
/// <remarks>
/// ML.NET has no public way to make a normalizer from numbers, but it loads one. The streams of such a model are written into a zip in
/// memory and loaded from there.
/// </remarks>
internal static class StockNormalizer
{
    /// <summary>
    /// The stock transformer that maps the columns: one normalizer where its form holds the map to the last bit or so; otherwise a
    /// chain of two, or at the ends of the type's range of some more, and behind them an expression where a column is clipped or does not
    /// count as normalized.
    /// </summary>
    public static ITransformer Create(IReadOnlyList<StockColumn> columns) => StockChain.Load(Stages(columns));

    /// <summary>The streams of that transformer, stage by stage.</summary>
    public static IReadOnlyList<IEnumerable<(string Name, byte[] Bytes)>> Stages(IReadOnlyList<StockColumn> columns)
    {
        var factors = columns.Select(StockFactors.Of).ToList();
        var stages = new List<IEnumerable<(string Name, byte[] Bytes)>>();
        for (int stage = 0; stage < factors.Max(column => column.Count); stage++)
        {
            // The later stages work in place on the outputs of the first.
            stages.Add(CreateNormalizer([.. columns.Zip(factors).Where(pair => pair.Second.Count > stage).Select(pair => (
                stage == 0 ? pair.First : pair.First with { InputName = pair.First.OutputName },
                pair.Second[stage].Offset,
                pair.Second[stage].Scale))]));
        }
        var expressed = columns.Where(column => column.EndsInExpression).ToList();
        if (expressed.Count > 0)
        {
            stages.Add([(ModelArchive.ModelEntry, CreateExpressions(expressed))]);
        }

        return stages;
    }

    private static IEnumerable<(string Name, byte[] Bytes)> CreateNormalizer(List<(StockColumn Column, double[] Offset, double[] Scale)> columns)
    {
        yield return (ModelArchive.ModelEntry, StockModelStream.Create(StockComponent.Normalizer, (writer, strings) =>
        {
            writer.Write(columns.Count);
            foreach ((StockColumn column, _, _) in columns)
            {
                writer.Write(strings.IndexOf(column.OutputName));
                writer.Write(strings.IndexOf(column.InputName));
            }
            foreach ((StockColumn column, _, _) in columns)
            {
                WriteType(writer, column);
            }
        }));
        for (int i = 0; i < columns.Count; i++)
        {
            (StockColumn column, double[] offset, double[] scale) = columns[i];
            yield return (
                string.Create(CultureInfo.InvariantCulture, $"Normalizer_{i:000}/{ModelArchive.ModelEntry}"),
                StockModelStream.Create(StockComponent.AffineFunction, (writer, _) => WriteAffine(writer, column.IsDouble, offset, scale)));
        }
    }

    private static void WriteType(BinaryWriter writer, StockColumn column)
    {
        // The numbers by which ML.NET's formats know the types.
        const byte SingleKind = 9;
        const byte DoubleKind = 10;

        var vector = column.Type as VectorDataViewType;
        writer.Write(vector is not null);
        writer.Write(column.IsDouble ? DoubleKind : SingleKind);
        if (vector is not null)
        {
            writer.Write(vector.Dimensions.Length);
            foreach (int dimension in vector.Dimensions)
            {
                writer.Write(dimension);
            }
        }
    }

    private static void WriteAffine(BinaryWriter writer, bool isDouble, double[] offset, double[] scale)
    {
        writer.Write(isDouble ? sizeof(double) : sizeof(float));
        writer.Write(scale.Length);
        writer.Write(-1); // every slot is given
        WriteNumbers(scale);
        // Offsets that are all zero must be left out: the loader fails on them.
        WriteNumbers(Array.TrueForAll(offset, value => value == 0) ? [] : offset);

        void WriteNumbers(double[] values)
        {
            writer.Write(values.Length);
            foreach (double value in values)
            {
                if (isDouble)
                {
                    writer.Write(value);
                }
                else
                {
                    writer.Write((float)value);
                }
            }
        }
    }

    private static byte[] CreateExpressions(List<StockColumn> columns) => StockExpression.Create([.. columns.Select(column =>
        new StockExpression(column.OutputName, Expression(column), column.Type is VectorDataViewType, column.IsDouble))]);

    // Without a clip range the value itself: what comes out of an expression does not count as normalized.
    private static string Expression(StockColumn column)
    {
        (double low, double high) = column.Clip ?? (double.NegativeInfinity, double.PositiveInfinity);
        string raised = double.IsInfinity(low) ? "x" : $"max(x, {StockExpression.Literal(low, column.IsDouble)})";
        string clipped = double.IsInfinity(high) ? raised : $"min({raised}, {StockExpression.Literal(high, column.IsDouble)})";
        return $"x => {clipped}";
    }
}
