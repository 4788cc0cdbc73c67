using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>Runs the kernels of batch normalization, on several threads where a batch is large enough to be worth it.</summary>
/// <remarks>Sums are divided by channels and maps by rows: the results are the same bits on any number of threads.</remarks>
internal sealed class ChannelJobs
{
    /// <summary>A thread is woken in some microseconds: that should be little beside its work.</summary>
    private const int LeastValuesPerThread = 1 << 15;

    /// <summary>Parts per thread, so that one that starts late or is interrupted has the others wait for little.</summary>
    private const int PartsPerThread = 2;

    // As large as the largest batch so far is worth.
    private ThreadTeam? _team;

    // Of the type of the values of the last batch; without a gradient, and with it.
    private readonly IPartedWork?[] _sums = new IPartedWork?[2];
    private readonly IPartedWork?[] _maps = new IPartedWork?[2];

    /// <summary>The most threads at once.</summary>
    public int MaxDegreeOfParallelism
    {
        get;
        set => (field, _team) = (value, null);
    } = 1;

    /// <summary><see cref="ChannelSums.Compute"/> for all channels.</summary>
    public void Sum<T, TForm>(ReadOnlySpan<T> x, ReadOnlySpan<T> g, ChannelLayout layout, double[] center, double[] sums, double[] products)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
    {
        int threadCount = ThreadCount(x.Length);
        if (threadCount == 1 || layout.ChannelCount <= SumsJob<T, TForm>.ChannelsPerPart)
        {
            ChannelSums.Compute<T, TForm>(x, g, layout, 0, layout.ChannelCount, center, sums, products);
            return;
        }

        ref IPartedWork? kept = ref _sums[TForm.HasGradient ? 1 : 0];
        var job = kept as SumsJob<T, TForm> ?? new SumsJob<T, TForm>();
        kept = job;
        job.Run(x, g, layout, center, sums, products, Team(threadCount), threadCount);
    }

    /// <summary><see cref="ChannelMap.Apply"/> for all rows.</summary>
    public void Map<T, TForm>(ChannelMap map, ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> result, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
    {
        int threadCount = ThreadCount(x.Length);
        if (threadCount == 1 || layout.RowCount == 1)
        {
            map.Apply<T, TForm>(x, g, result, layout);
            return;
        }

        ref IPartedWork? kept = ref _maps[TForm.HasGradient ? 1 : 0];
        var job = kept as MapJob<T, TForm> ?? new MapJob<T, TForm>();
        kept = job;
        job.Run(map, x, g, result, layout, Team(threadCount), threadCount);
    }

    private ThreadTeam Team(int threadCount)
    {
        if (_team is null || _team.ThreadCount < threadCount)
        {
            _team = new ThreadTeam(threadCount);
        }

        return _team;
    }

    private int ThreadCount(int valueCount) => Math.Clamp(valueCount / LeastValuesPerThread, 1, MaxDegreeOfParallelism);

    private sealed unsafe class SumsJob<T, TForm> : IPartedWork
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
    {
        /// <summary>Channels are divided by whole cache lines of single values, eight of them: threads then do not fetch what others need.</summary>
        public const int ChannelsPerPart = 16;

        private T* _x;
        private T* _g;
        private int _length;
        private ChannelLayout _layout;
        private double[] _center = [];
        private double[] _sums = [];
        private double[] _products = [];

        public void Run(
            ReadOnlySpan<T> x, ReadOnlySpan<T> g, ChannelLayout layout, double[] center, double[] sums, double[] products, ThreadTeam team, int threadCount)
        {
            fixed (T* pinnedX = x, pinnedG = g)
            {
                _x = pinnedX;
                _g = pinnedG;
                _length = x.Length;
                _layout = layout;
                (_center, _sums, _products) = (center, sums, products);
                int units = (layout.ChannelCount + ChannelsPerPart - 1) / ChannelsPerPart;
                team.Run(this, Math.Min(threadCount * PartsPerThread, units), threadCount);
            }
        }

        public void DoPart(int thread, int part, int partCount)
        {
            int units = (_layout.ChannelCount + ChannelsPerPart - 1) / ChannelsPerPart;
            int first = units * part / partCount * ChannelsPerPart;
            int end = Math.Min(units * (part + 1) / partCount * ChannelsPerPart, _layout.ChannelCount);
            ChannelSums.Compute<T, TForm>(
                new ReadOnlySpan<T>(_x, _length), new ReadOnlySpan<T>(_g, _length), _layout, first, end, _center, _sums, _products);
        }
    }

    private sealed unsafe class MapJob<T, TForm> : IPartedWork
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
    {
        private ChannelMap? _map;
        private T* _x;
        private T* _g;
        private T* _result;
        private ChannelLayout _layout;

        public void Run(ChannelMap map, ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> result, ChannelLayout layout, ThreadTeam team, int threadCount)
        {
            fixed (T* pinnedX = x, pinnedG = g, pinnedResult = result)
            {
                _map = map;
                _x = pinnedX;
                _g = pinnedG;
                _result = pinnedResult;
                _layout = layout;
                team.Run(this, Math.Min(threadCount * PartsPerThread, layout.RowCount), threadCount);
            }
        }

        public void DoPart(int thread, int part, int partCount)
        {
            int rowLength = _layout.ChannelCount * _layout.SpatialSize;
            int first = (int)((long)_layout.RowCount * part / partCount);
            int end = (int)((long)_layout.RowCount * (part + 1) / partCount);
            nint start = (nint)first * rowLength;
            int length = (end - first) * rowLength;
            _map!.Apply<T, TForm>(
                new ReadOnlySpan<T>(_x + start, length), new ReadOnlySpan<T>(_g + start, length), new Span<T>(_result + start, length), _layout);
        }
    }
}
