using Microsoft.ML.Trainers;

namespace Microsoft.ML.Training;

/// <summary>One output: regression, or two classes with a weight on the positive one.</summary>
internal sealed class ScalarSdcaProblem(ISupportSdcaLoss loss, float positiveWeight = 1) : SdcaProblem(1)
{
    protected override void Step(TrainingCursor example, Span<float> duals)
    {
        var output = Outputs[0];
        var scale = InverseScale * WeightOf(example);
        var invariant = loss.ComputeDualUpdateInvariant(NormSquared(example) * scale);

        // Successive over-relaxation: the adjustment drives the sum of the dual variables to zero, which frees the bias.
        var adjustment = FreeBiasRate * output.DualConstraint;
        var update = loss.DualUpdate(output.Output(example.Features), example.Label, duals[0], invariant, ThreadCount) - adjustment;
        duals[0] += update;
        output.FreeBias += adjustment * scale;
        output.Move(example.Features, update * scale);
    }

    protected override (double Primal, double Dual) Losses(TrainingCursor example, ReadOnlySpan<float> duals)
    {
        var weight = WeightOf(example);
        return (weight * loss.Loss(Outputs[0].Output(example.Features), example.Label), weight * loss.DualLoss(example.Label, duals[0]));
    }

    private float WeightOf(TrainingCursor example) => example.Label > 0 ? example.Weight * positiveWeight : example.Weight;
}
