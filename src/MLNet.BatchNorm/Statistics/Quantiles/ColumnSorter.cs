using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// Sorts 128 rows of eight columns, each column by itself, all of them together: a network of comparisons that does not depend on the values.
/// K. E. Batcher, "Sorting networks and their applications", AFIPS Spring Joint Computing Conference (1968) 307-314: odd-even merge sort.
/// </summary>
internal static class ColumnSorter
{
    public const int RowCount = 128;

    /// <summary>Columns that are sorted together.</summary>
    public const int LaneCount = 8;

    private static readonly Comparison[] Network = CreateNetwork();

    /// <summary>Whether all numbers of a block of rows are finite.</summary>
    public static bool IsFinite(ReadOnlySpan<double> block)
    {
        ref double first = ref MemoryMarshal.GetReference(block);
        var wrong = Vector512<double>.Zero;
        for (int i = 0; i < block.Length; i += LaneCount)
        {
            var values = Vector512.LoadUnsafe(ref first, (nuint)i);
            // 0 for a number; NaN for NaN and infinity, which stays in the sum.
            wrong += values - values;
        }
        return Vector512.EqualsAll(wrong, Vector512<double>.Zero);
    }

    /// <summary>Sorts a block [128, 8] of finite numbers, row-major.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sort(Span<double> block)
    {
        ref double first = ref MemoryMarshal.GetReference(block[..(RowCount * LaneCount)]);
        foreach (Comparison comparison in Network)
        {
            var upper = Vector512.LoadUnsafe(ref first, (nuint)comparison.Upper);
            var lower = Vector512.LoadUnsafe(ref first, (nuint)comparison.Lower);
            Vector512.MinNative(upper, lower).StoreUnsafe(ref first, (nuint)comparison.Upper);
            Vector512.MaxNative(upper, lower).StoreUnsafe(ref first, (nuint)comparison.Lower);
        }
    }

    private static Comparison[] CreateNetwork()
    {
        var network = new List<Comparison>();
        for (int run = 1; run < RowCount; run *= 2)
        {
            for (int distance = run; distance >= 1; distance /= 2)
            {
                for (int start = distance % run; start < RowCount - distance; start += 2 * distance)
                {
                    for (int row = start; row < Math.Min(start + distance, RowCount - distance); row++)
                    {
                        if (row / (2 * run) == (row + distance) / (2 * run))
                        {
                            network.Add(new Comparison((ushort)(row * LaneCount), (ushort)((row + distance) * LaneCount)));
                        }
                    }
                }
            }
        }
        return [.. network];
    }

    /// <summary>Two rows, of which the upper one gets the smaller numbers; where each begins in the block.</summary>
    private readonly record struct Comparison(ushort Upper, ushort Lower);
}
