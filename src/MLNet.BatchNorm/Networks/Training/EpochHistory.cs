using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>Keeps what is reported of each epoch, and passes it on.</summary>
internal sealed class EpochHistory(IProgress<EpochProgress>? listener) : IProgress<EpochProgress>
{
    private readonly List<EpochProgress> _epochs = [];

    public ImmutableArray<EpochProgress> Epochs => [.. _epochs];

    public void Report(EpochProgress value)
    {
        _epochs.Add(value);
        listener?.Report(value);
    }
}
