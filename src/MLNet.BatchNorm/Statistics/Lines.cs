using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.BatchNorm;

/// <summary>Where the lines of a tile stand in memory.</summary>
internal interface ILines<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The first value of a line.</summary>
    ref T this[int line] { get; }

    /// <summary>Brings a value of the tile that will follow to the cache; values are counted in the order of memory.</summary>
    void FetchAhead(int value);
}

/// <summary>Lines one after the other.</summary>
internal readonly ref struct MatrixLines<T> : ILines<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ref T _first;
    private readonly ref T _ahead;
    private readonly int _length;

    /// <param name="lines">The tile's lines, and whatever follows them in memory: only the tile counts, the rest may be fetched.</param>
    /// <param name="lineCount">Number of lines of the tile.</param>
    /// <param name="length">Values per line.</param>
    public MatrixLines(ReadOnlySpan<T> lines, int lineCount, int length)
    {
        int tile = lineCount * length;
        _first = ref MemoryMarshal.GetReference(lines);
        _ahead = ref Unsafe.Add(ref _first, lines.Length - tile >= tile ? tile : 0);
        _length = length;
    }

    public ref T this[int line]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref _first, (nint)line * _length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void FetchAhead(int value)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref _ahead, value)));
        }
    }
}

/// <summary>Lines each in an array of its own.</summary>
internal readonly ref struct ArrayLines<T>(ReadOnlySpan<T[]> lines) : ILines<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ref T[] _first = ref MemoryMarshal.GetReference(lines);

    public ref T this[int line]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref MemoryMarshal.GetArrayDataReference(Unsafe.Add(ref _first, line));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void FetchAhead(int value)
    {
        // They have just been written, and are in the cache.
    }
}
