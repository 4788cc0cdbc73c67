using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// C = A B, or C = A B + bias in every row, of single-precision matrices: [rows, inner] times [inner, columns].
/// </summary>
/// <remarks>
/// <para>
/// Computed in tiles of eight rows whose sums stay in registers. The columns of B that a tile needs are copied together first, where
/// enough rows use them. Each number of C is one chain of multiply-adds along the inner dimension, whatever the tile and the thread that
/// computes it: the result does not depend on the number of threads. Nothing is allocated once the buffers have grown.
/// </para>
/// <para>Not thread safe: one instance holds the buffers of one product at a time.</para>
/// </remarks>
/// <param name="team">Threads to share products among; null for none.</param>
/// <param name="wideVectors">Whether to compute with vectors of 512 bits rather than 256. The result is the same, to the bit.</param>
internal sealed unsafe class MatrixProduct(ThreadTeam? team, bool wideVectors) : IPartedWork
{
    // With fewer multiply-adds for each thread, the hand-over costs more than it saves.
    private const long SmallestWorkPerThread = 500_000;

    private readonly PanelBuffer[] _panels = [.. Enumerable.Range(0, team?.ThreadCount ?? 1).Select(_ => new PanelBuffer())];
    private ProductArguments _arguments;

    /// <summary>Products with the widest vectors that the processor has.</summary>
    /// <param name="team">Threads to share products among; null for none.</param>
    public MatrixProduct(ThreadTeam? team)
        : this(team, Vector512.IsHardwareAccelerated)
    {
    }

    /// <summary>C = A B.</summary>
    /// <param name="a">[rows, inner].</param>
    /// <param name="b">[inner, columns].</param>
    /// <param name="c">[rows, columns]; shares no memory with the others.</param>
    /// <param name="rowCount">Rows of A and C.</param>
    /// <param name="innerCount">Columns of A, rows of B.</param>
    /// <param name="columnCount">Columns of B and C.</param>
    /// <param name="bias">[columns], added to every row; or empty.</param>
    public void Multiply(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int rowCount, int innerCount, int columnCount, ReadOnlySpan<float> bias = default)
    {
        Check(a.Length, b.Length, c.Length, rowCount, innerCount, columnCount);
        Run(a, b, c, new ProductArguments { Rows = rowCount, Inner = innerCount, Columns = columnCount, RowStride = innerCount, InnerStride = 1 }, bias);
    }

    /// <summary>C = transpose(A) B, with A given as [inner, rows].</summary>
    /// <inheritdoc cref="Multiply"/>
    public void MultiplyTransposed(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int rowCount, int innerCount, int columnCount)
    {
        Check(a.Length, b.Length, c.Length, rowCount, innerCount, columnCount);
        Run(a, b, c, new ProductArguments { Rows = rowCount, Inner = innerCount, Columns = columnCount, RowStride = 1, InnerStride = rowCount }, default);
    }

    void IPartedWork.DoPart(int thread, int part, int partCount)
    {
        int blocks = partCount / PanelCount;
        int tiles = (_arguments.Rows + ProductTile.Rows - 1) / ProductTile.Rows;
        int panel = part / blocks;
        int block = part % blocks;
        Compute(thread, panel, block * tiles / blocks, (block + 1) * tiles / blocks);
    }

    private void Run(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, ProductArguments arguments, ReadOnlySpan<float> bias)
    {
        fixed (float* pa = a, pb = b, pc = c, pBias = bias)
        {
            arguments.A = pa;
            arguments.B = pb;
            arguments.C = pc;
            arguments.Bias = bias.IsEmpty ? null : pBias;
            arguments.WideVectors = wideVectors;
            _arguments = arguments;
            int threads = (int)Math.Min(team?.ThreadCount ?? 1, (long)arguments.Rows * arguments.Inner * arguments.Columns / SmallestWorkPerThread);
            int panels = PanelCount;
            if (team is not null && threads > 1 && panels <= ThreadTeam.MostParts / 2)
            {
                // By whole panels, each of which is copied together once; where there are few, by blocks of rows too.
                team.Run(this, panels * (panels >= 2 * threads ? 1 : ((2 * threads) + panels - 1) / panels), threads);
            }
            else
            {
                int tiles = (arguments.Rows + ProductTile.Rows - 1) / ProductTile.Rows;
                for (int panel = 0; panel < panels; panel++)
                {
                    Compute(thread: 0, panel, 0, tiles);
                }
            }
        }
    }

    private int PanelCount => (_arguments.Columns + ProductTile.PanelWidth(wideVectors) - 1) / ProductTile.PanelWidth(wideVectors);

    private void Compute(int thread, int panel, int firstTile, int endTile)
    {
        if (firstTile >= endTile)
        {
            return;
        }

        ref readonly ProductArguments arguments = ref _arguments;
        int panelWidth = ProductTile.PanelWidth(wideVectors);
        int column = panel * panelWidth;
        int width = Math.Min(panelWidth, arguments.Columns - column);
        int padded = ProductTile.PaddedWidth(wideVectors, width);
        fixed (float* packed = _panels[thread].Pack(arguments.B + column, arguments.Inner, arguments.Columns, width, padded))
        {
            for (int tile = firstTile; tile < endTile; tile++)
            {
                ProductTile.Compute(arguments, packed, tile * ProductTile.Rows, column, width, padded);
            }
        }
    }

    private static void Check(int a, int b, int c, int rowCount, int innerCount, int columnCount)
    {
        if (a != rowCount * innerCount || b != innerCount * columnCount || c != rowCount * columnCount)
        {
            throw new ArgumentException($"Expected matrices of {rowCount} x {innerCount}, {innerCount} x {columnCount} and {rowCount} x {columnCount}; found lengths {a}, {b} and {c}.");
        }
    }
}

/// <summary>What a product works on.</summary>
internal unsafe struct ProductArguments
{
    public float* A;
    public float* B;
    public float* C;

    /// <summary>One number per column, or null.</summary>
    public float* Bias;
    public int Rows;
    public int Inner;
    public int Columns;

    /// <summary>How far apart in A the numbers of two neighbouring rows are.</summary>
    public int RowStride;

    /// <summary>How far apart in A two numbers are that follow each other along the inner dimension.</summary>
    public int InnerStride;

    /// <summary>Vectors of 512 bits rather than 256.</summary>
    public bool WideVectors;
}

/// <summary>Columns of B side by side, padded with zeros to the width that a tile computes.</summary>
internal sealed unsafe class PanelBuffer
{
    private float[] _values = [];

    public float[] Pack(float* source, int rowCount, int stride, int width, int padded)
    {
        if (_values.Length < rowCount * padded)
        {
            _values = new float[rowCount * padded];
        }

        fixed (float* values = _values)
        {
            if (width == padded)
            {
                for (int row = 0; row < rowCount; row++)
                {
                    Unsafe.CopyBlockUnaligned(values + (row * padded), source + ((long)row * stride), (uint)(width * sizeof(float)));
                }
            }
            else
            {
                new Span<float>(values, rowCount * padded).Clear();
                for (int row = 0; row < rowCount; row++)
                {
                    new ReadOnlySpan<float>(source + ((long)row * stride), width).CopyTo(new Span<float>(values + (row * padded), width));
                }
            }
        }

        return _values;
    }
}
