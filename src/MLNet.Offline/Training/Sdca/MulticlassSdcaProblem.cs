using Microsoft.ML.Trainers;

namespace Microsoft.ML.Training;

/// <summary>One output per class: the sum, over the other classes, of the loss of the label's output minus that class's.</summary>
internal sealed class MulticlassSdcaProblem(ISupportSdcaLoss loss, int classCount) : SdcaProblem(classCount)
{
    protected override void Step(TrainingCursor example, Span<float> duals)
    {
        ref readonly var features = ref example.Features;
        var label = (int)example.Label;
        var normSquared = NormSquared(example);
        var scale = InverseScale * example.Weight;

        // A difference of two outputs moves with both of their weights: twice the norm.
        var invariant = loss.ComputeDualUpdateInvariant(2 * normSquared * scale);
        var labelScore = Outputs[label].Output(features);
        var labelDual = 0f;
        var labelStep = 0f;
        var labelAdjustment = 0f;
        for (var c = 0; c < OutputCount; c++)
        {
            if (c == label)
            {
                continue;
            }
            var output = Outputs[c];
            var margin = labelScore + labelStep * normSquared - output.Output(features);
            var adjustment = FreeBiasRate * output.DualConstraint;
            var update = loss.DualUpdate(margin, 1, duals[c], invariant, ThreadCount) - adjustment;
            duals[c] += update;
            labelDual -= duals[c];
            labelStep += update * scale;
            output.FreeBias += adjustment * scale;
            labelAdjustment -= adjustment;
            output.Move(features, -update * scale);
        }
        duals[label] = labelDual;
        Outputs[label].FreeBias += labelAdjustment * scale;
        Outputs[label].Move(features, labelStep, alwaysMovesBias: true);
    }

    protected override (double Primal, double Dual) Losses(TrainingCursor example, ReadOnlySpan<float> duals)
    {
        var label = (int)example.Label;
        var labelScore = Outputs[label].Output(example.Features);
        var (primal, dual) = (0.0, 0.0);
        for (var c = 0; c < OutputCount; c++)
        {
            if (c != label)
            {
                primal += loss.Loss(labelScore - Outputs[c].Output(example.Features), 1);
                dual += loss.DualLoss(1, duals[c]);
            }
        }
        return (primal * example.Weight, dual * example.Weight);
    }
}
