namespace MLNet.BatchNorm;

/// <summary>How a network normalizes inside its hidden layers.</summary>
public enum NetworkNormalization
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Each neuron over the mini-batch: <see cref="BatchNormLayer"/>. At inference by running statistics, folded into the dense layers.</summary>
    Batch,

    /// <summary>As <see cref="Batch"/>, corrected towards the running statistics: <see cref="BatchRenormLayer"/>, for small batches.</summary>
    BatchRenorm,

    /// <summary>Each row over the neurons of the layer, by itself: <see cref="LayerNormLayer"/>. Batches do not matter.</summary>
    Layer,

    /// <summary>
    /// Each row over groups of neurons, by itself: <see cref="GroupNormLayer"/>, with <see cref="MultilayerPerceptronOptions.GroupCount"/>
    /// groups. Batches do not matter.
    /// </summary>
    Group,

    /// <summary>Each row by its root mean square, by itself, without a mean: <see cref="RMSNormLayer"/>. Batches do not matter.</summary>
    RMS,
}
