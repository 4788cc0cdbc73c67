namespace Microsoft.ML.Training;

/// <summary>What one example does to the dual variables and weights, and adds to the losses; the order of examples and when to stop are the solver's.</summary>
internal abstract class SdcaProblem(int outputCount)
{
    private float[] _duals = [];

    /// <summary>Dual variables per example, and weight vectors.</summary>
    public int OutputCount => outputCount;

    public SdcaWeights[] Outputs { get; private set; } = [];

    /// <summary>1 / (l2 * number of examples).</summary>
    protected float InverseScale { get; private set; }

    /// <summary>How fast a free bias takes over from the penalized one.</summary>
    protected float FreeBiasRate { get; private set; }

    protected bool PenalizesBias { get; private set; }

    protected int ThreadCount { get; private set; }

    public void Start(int rowSlotCount, int rowCount, int featureCount, float l2, float l1Threshold, SdcaSettings settings)
    {
        if ((long)rowSlotCount * outputCount > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"Too many dual variables: {rowSlotCount} rows times {outputCount} outputs, at most {Array.MaxLength}. Use L-BFGS or fewer rows.");
        }
        _duals = new float[rowSlotCount * outputCount];
        PenalizesBias = settings.BiasLearningRate == 0;
        FreeBiasRate = settings.BiasLearningRate * l2;
        ThreadCount = settings.ThreadCount;
        InverseScale = 1 / (l2 * rowCount);
        Outputs = [.. Enumerable.Range(0, outputCount).Select(_ => new SdcaWeights(featureCount, l1Threshold, PenalizesBias))];
    }

    /// <summary>Maximizes the dual over the variables of one example.</summary>
    public void Step(TrainingCursor example, int row) => Step(example, DualsOf(row));

    /// <summary>The example's primal and dual loss, both weighted.</summary>
    public (double Primal, double Dual) Losses(TrainingCursor example, int row) => Losses(example, DualsOf(row));

    protected abstract void Step(TrainingCursor example, Span<float> duals);

    protected abstract (double Primal, double Dual) Losses(TrainingCursor example, ReadOnlySpan<float> duals);

    /// <summary>|x|^2 with the constant feature that a penalized bias stands for.</summary>
    protected float NormSquared(TrainingCursor example) => FeatureVector.NormSquared(example.Features) + (PenalizesBias ? 1 : 0);

    private Span<float> DualsOf(int row) => _duals.AsSpan(row * outputCount, outputCount);
}
