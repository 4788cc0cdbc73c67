namespace MLNet.BatchNorm;

/// <summary>Scores rows from many threads at once: each call takes buffers that no other call has, and gives them back.</summary>
internal sealed class NetworkSpanScorer(NetworkTask task, FoldedNetwork network)
{
    /// <summary>As many calls as can run at once, and some that were interrupted in the middle.</summary>
    private readonly NetworkScratch?[] _idle = new NetworkScratch?[2 * Environment.ProcessorCount];

    public void Score(ReadOnlySpan<float> row, Span<float> scores)
    {
        NetworkScratch scratch = Take();
        NetworkScores.Compute(task, network, row, scores, scratch);
        Give(scratch);
    }

    private NetworkScratch Take()
    {
        for (int i = 0, place = FirstPlace; i < _idle.Length; i++, place = Next(place))
        {
            if (_idle[place] is not null && Interlocked.Exchange(ref _idle[place], null) is { } scratch)
            {
                return scratch;
            }
        }
        return network.CreateScratch();
    }

    private void Give(NetworkScratch scratch)
    {
        for (int i = 0, place = FirstPlace; i < _idle.Length; i++, place = Next(place))
        {
            if (_idle[place] is null && Interlocked.CompareExchange(ref _idle[place], scratch, null) is null)
            {
                return;
            }
        }
    }

    // Each thread begins elsewhere, so that few meet.
    private int FirstPlace => Environment.CurrentManagedThreadId % _idle.Length;

    private int Next(int place) => place + 1 == _idle.Length ? 0 : place + 1;
}
