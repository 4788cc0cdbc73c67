using Microsoft.ML.Data;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>One linear score per class.</summary>
public abstract class LinearMulticlassModelParametersBase : ModelParametersBase<VBuffer<float>>
{
    private readonly float[][] _weights;
    private readonly float[] _biases;

    private protected LinearMulticlassModelParametersBase(float[][] weights, float[] biases)
    {
        _weights = weights;
        _biases = biases;
    }

    // Format: number of features, number of classes, biases, [number of row starts, row starts] (none if dense), [number of indices, indices],
    // [number of weights, weights]. Beside it may stand names of the classes and training statistics, which nothing here uses.
    private protected LinearMulticlassModelParametersBase(ModelLoadContext context)
        : base(context)
    {
        var reader = context.Reader;
        var featureCount = reader.ReadInt32();
        var classCount = reader.ReadInt32();
        ModelHeader.Require(featureCount > 0 && classCount > 0, $"{classCount} classes of {featureCount} features");
        _biases = reader.ReadItems<float>(classCount);
        var starts = reader.ReadInts();
        var indices = reader.ReadInts();
        var weights = reader.ReadSingles();
        _weights = starts.Length == 0
            ? SplitRows(weights, indices, classCount, featureCount)
            : SpreadRows(weights, indices, starts, classCount, featureCount);
    }

    internal int FeatureCount => _weights[0].Length;

    internal int ClassCount => _biases.Length;

    public void GetWeights(ref VBuffer<float>[] weights, out int numClasses)
    {
        numClasses = ClassCount;
        if (weights is null || weights.Length < ClassCount)
        {
            Array.Resize(ref weights, ClassCount);
        }
        for (var c = 0; c < ClassCount; c++)
        {
            new VBuffer<float>(FeatureCount, _weights[c]).CopyTo(ref weights[c]);
        }
    }

    public IEnumerable<float> GetBiases() => _biases;

    /// <summary>Fills <paramref name="scores"/> with what the model says of each class.</summary>
    internal void Score(in VBuffer<float> features, Span<float> scores)
    {
        for (var c = 0; c < ClassCount; c++)
        {
            scores[c] = _biases[c] + FeatureVector.Dot(features, _weights[c]);
        }
        Calibrate(scores);
    }

    /// <summary>Makes of linear scores what the model gives out.</summary>
    private protected abstract void Calibrate(Span<float> scores);

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.Writer.Write(FeatureCount);
        ctx.Writer.Write(ClassCount);
        ctx.Writer.WriteItems<float>(_biases);
        ctx.Writer.WriteInts([]);
        ctx.Writer.WriteInts([]);
        ctx.Writer.WriteSingles([.. _weights.SelectMany(row => row)]);
    }

    private static float[][] SplitRows(float[] weights, int[] indices, int classCount, int featureCount)
    {
        ModelHeader.Require(
            indices.Length == 0 && weights.Length == (long)classCount * featureCount,
            $"{weights.Length} weights for {classCount} classes of {featureCount} features");
        return [.. weights.Chunk(featureCount)];
    }

    private static float[][] SpreadRows(float[] weights, int[] indices, int[] starts, int classCount, int featureCount)
    {
        ModelHeader.Require(
            starts.Length == classCount + 1 && starts[0] == 0 && starts[^1] == indices.Length && indices.Length == weights.Length,
            $"{weights.Length} weights at {indices.Length} indices in {starts.Length - 1} rows");
        var rows = new float[classCount][];
        for (var c = 0; c < classCount; c++)
        {
            ModelHeader.Require(starts[c] <= starts[c + 1], "rows of weights overlap");
            var range = starts[c]..starts[c + 1];
            ModelFormat.RequireIncreasing(indices.AsSpan(range), featureCount);
            rows[c] = new float[featureCount];
            new VBuffer<float>(featureCount, weights[range].Length, weights[range], indices[range]).CopyTo(rows[c]);
        }
        return rows;
    }
}

/// <summary>Linear scores as logarithms of odds: it gives out their softmax.</summary>
public sealed class MaximumEntropyModelParameters : LinearMulticlassModelParametersBase
{
    internal const string LoaderSignature = "MultiClassLRExec";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "MULTI LR",
        Written = 0x00010003,
        Readable = 0x00010001,
        OldestReadable = 0x00010001,
        LoaderSignature = LoaderSignature,
        LoaderAssembly = ComponentVersion.StandardTrainersAssembly,
    };

    internal MaximumEntropyModelParameters(float[][] weights, float[] biases)
        : base(weights, biases)
    {
    }

    private MaximumEntropyModelParameters(ModelLoadContext context)
        : base(context)
    {
    }

    internal static MaximumEntropyModelParameters Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        return new MaximumEntropyModelParameters(context);
    }

    private protected override void Calibrate(Span<float> scores)
    {
        var logNormalizer = LogMath.LogSumExp(scores);
        foreach (ref var score in scores)
        {
            score = (float)Math.Exp(score - logNormalizer);
        }
    }

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(Version);
    }
}
