using System.Collections;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>One weight per feature, and a bias: score = bias + weights . features.</summary>
public abstract class LinearModelParameters : ModelParametersBase<float>
{
    private protected readonly VBuffer<float> Weight;

    // Scoring needs the weights dense; the model file keeps them as they are.
    private readonly float[] _denseWeights;

    private protected LinearModelParameters(in VBuffer<float> weights, float bias)
    {
        Contracts.CheckParam(FeatureVector.IsFinite(weights), nameof(weights), "Cannot initialize linear predictor with non-finite weights");
        Contracts.CheckParam(float.IsFinite(bias), nameof(bias), "Cannot initialize linear predictor with non-finite bias");
        Weight = weights;
        Bias = bias;
        _denseWeights = Densify(weights);
    }

    // Format: bias, number of features, [number of indices, indices] of sparse weights (0 if dense), [number of weights, weights].
    private protected LinearModelParameters(ModelLoadContext context)
        : base(context)
    {
        Bias = context.Reader.ReadSingle();
        var featureCount = context.Reader.ReadInt32();
        var indices = context.Reader.ReadInts();
        var weights = context.Reader.ReadSingles();
        ModelHeader.Require(
            featureCount > 0 && (weights.Length == indices.Length || (indices.Length == 0 && weights.Length == featureCount)),
            $"{weights.Length} weights at {indices.Length} indices for {featureCount} features");
        ModelFormat.RequireIncreasing(indices, featureCount);
        Weight = new VBuffer<float>(featureCount, weights.Length, weights, indices);
        ModelHeader.Require(float.IsFinite(Bias) && FeatureVector.IsFinite(Weight), "a weight is not finite");
        _denseWeights = Densify(Weight);
    }

    public IReadOnlyList<float> Weights => new WeightList(this);

    public float Bias { get; protected set; }

    internal int FeatureCount => Weight.Length;

    internal float Score(in VBuffer<float> features) => Bias + FeatureVector.Dot(features, _denseWeights);

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.Writer.Write(Bias);
        ctx.Writer.Write(Weight.Length);
        ctx.Writer.WriteInts(Weight.GetIndices());
        ctx.Writer.WriteSingles(Weight.GetValues());
    }

    private static float[] Densify(in VBuffer<float> weights)
    {
        var dense = new float[weights.Length];
        weights.CopyTo(dense);
        return dense;
    }

    private sealed class WeightList(LinearModelParameters model) : IReadOnlyList<float>
    {
        public int Count => model.Weight.Length;

        public float this[int index]
        {
            get
            {
                Contracts.CheckParam(0 <= index && index < Count, nameof(index), $"There are {Count} weights; {index} is out of range.");
                return model._denseWeights[index];
            }
        }

        public IEnumerator<float> GetEnumerator() => model._denseWeights.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
