using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// The innermost part of a matrix product: eight rows by one or two vectors of columns, with all sums in registers.
/// </summary>
internal static unsafe class ProductTile
{
    /// <summary>Rows of a tile. Of a last tile with fewer, the last row is computed again and again, and stored once.</summary>
    public const int Rows = 8;

    /// <summary>Columns of a full panel: two vectors.</summary>
    public static int PanelWidth(bool wideVectors) => wideVectors ? 2 * Lanes512.Count : 2 * Lanes256.Count;

    /// <summary>The width to which a panel of some columns is padded: one vector or two.</summary>
    public static int PaddedWidth(bool wideVectors, int width) => width <= PanelWidth(wideVectors) / 2 ? PanelWidth(wideVectors) / 2 : PanelWidth(wideVectors);

    /// <summary>Computes a tile of C.</summary>
    /// <param name="arguments">The product.</param>
    /// <param name="panel">The panel of B, [inner, padded width].</param>
    /// <param name="firstRow">The first row of the tile.</param>
    /// <param name="firstColumn">The first column of the panel in C.</param>
    /// <param name="width">Columns of the panel.</param>
    /// <param name="padded">The same, padded.</param>
    public static void Compute(in ProductArguments arguments, float* panel, int firstRow, int firstColumn, int width, int padded)
    {
        int rows = Math.Min(Rows, arguments.Rows - firstRow);
        float* a = arguments.A + ((long)firstRow * arguments.RowStride);
        float* tile = stackalloc float[Rows * 32];
        float* c = arguments.C + ((long)firstRow * arguments.Columns) + firstColumn;

        // A full tile is written to its place; another one to the stack first.
        bool inPlace = rows == Rows && width == padded;
        float* target = inPlace ? c : tile;
        int targetStride = inPlace ? arguments.Columns : padded;
        if (padded < PanelWidth(arguments.WideVectors))
        {
            if (arguments.WideVectors)
            {
                Narrow<Lanes512, Vector512<float>>(a, panel, target, arguments.Inner, arguments.RowStride, arguments.InnerStride, rows, targetStride);
            }
            else
            {
                Narrow<Lanes256, Vector256<float>>(a, panel, target, arguments.Inner, arguments.RowStride, arguments.InnerStride, rows, targetStride);
            }
        }
        else if (arguments.WideVectors)
        {
            Wide512(a, panel, target, arguments.Inner, arguments.RowStride, arguments.InnerStride, rows, targetStride);
        }
        else
        {
            // In two halves: sixteen sums leave no register for the factors, where there are sixteen of them.
            for (int half = 0; half < rows; half += 4)
            {
                Wide256(
                    a + ((long)half * arguments.RowStride),
                    panel,
                    target + ((long)half * targetStride),
                    arguments.Inner,
                    arguments.RowStride,
                    arguments.InnerStride,
                    rows - half,
                    targetStride);
            }
        }

        if (!inPlace)
        {
            for (int row = 0; row < rows; row++)
            {
                new ReadOnlySpan<float>(tile + (row * padded), width).CopyTo(new Span<float>(c + ((long)row * arguments.Columns), width));
            }
        }

        if (arguments.Bias != null)
        {
            AddBias(arguments.Bias + firstColumn, c, rows, width, arguments.Columns);
        }
    }

    private static void AddBias(float* bias, float* c, int rows, int width, int stride)
    {
        for (int row = 0; row < rows; row++)
        {
            float* values = c + ((long)row * stride);
            int column = 0;
            for (; column <= width - 8; column += 8)
            {
                (Vector256.Load(values + column) + Vector256.Load(bias + column)).Store(values + column);
            }

            for (; column < width; column++)
            {
                values[column] += bias[column];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide512(float* a, float* b, float* c, int inner, int rowStride, int innerStride, int rows, int cStride)
    {
        long last = rows - 1;
        float* a0 = a;
        float* a1 = a + (Math.Min(1, last) * rowStride);
        float* a2 = a + (Math.Min(2, last) * rowStride);
        float* a3 = a + (Math.Min(3, last) * rowStride);
        float* a4 = a + (Math.Min(4, last) * rowStride);
        float* a5 = a + (Math.Min(5, last) * rowStride);
        float* a6 = a + (Math.Min(6, last) * rowStride);
        float* a7 = a + (Math.Min(7, last) * rowStride);
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        Vector512<float> c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        nint offset = 0;
        for (int k = 0; k < inner; k++, b += 32, offset += innerStride)
        {
            Vector512<float> b0 = Vector512.Load(b);
            Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> v = Vector512.Create(a0[offset]);
            c00 = Vector512.FusedMultiplyAdd(v, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(v, b1, c01);
            v = Vector512.Create(a1[offset]);
            c10 = Vector512.FusedMultiplyAdd(v, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(v, b1, c11);
            v = Vector512.Create(a2[offset]);
            c20 = Vector512.FusedMultiplyAdd(v, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(v, b1, c21);
            v = Vector512.Create(a3[offset]);
            c30 = Vector512.FusedMultiplyAdd(v, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(v, b1, c31);
            v = Vector512.Create(a4[offset]);
            c40 = Vector512.FusedMultiplyAdd(v, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(v, b1, c41);
            v = Vector512.Create(a5[offset]);
            c50 = Vector512.FusedMultiplyAdd(v, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(v, b1, c51);
            v = Vector512.Create(a6[offset]);
            c60 = Vector512.FusedMultiplyAdd(v, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(v, b1, c61);
            v = Vector512.Create(a7[offset]);
            c70 = Vector512.FusedMultiplyAdd(v, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(v, b1, c71);
        }

        Store(c, c00, c01);
        Store(c + cStride, c10, c11);
        Store(c + (2 * cStride), c20, c21);
        Store(c + (3 * cStride), c30, c31);
        Store(c + (4 * cStride), c40, c41);
        Store(c + (5 * cStride), c50, c51);
        Store(c + (6 * cStride), c60, c61);
        Store(c + (7 * cStride), c70, c71);

        static void Store(float* target, Vector512<float> first, Vector512<float> second)
        {
            first.Store(target);
            second.Store(target + 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide256(float* a, float* b, float* c, int inner, int rowStride, int innerStride, int rows, int cStride)
    {
        long last = rows - 1;
        float* a0 = a;
        float* a1 = a + (Math.Min(1, last) * rowStride);
        float* a2 = a + (Math.Min(2, last) * rowStride);
        float* a3 = a + (Math.Min(3, last) * rowStride);
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        nint offset = 0;
        for (int k = 0; k < inner; k++, b += 16, offset += innerStride)
        {
            Vector256<float> b0 = Vector256.Load(b);
            Vector256<float> b1 = Vector256.Load(b + 8);
            Vector256<float> v = Vector256.Create(a0[offset]);
            c00 = Vector256.FusedMultiplyAdd(v, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(v, b1, c01);
            v = Vector256.Create(a1[offset]);
            c10 = Vector256.FusedMultiplyAdd(v, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(v, b1, c11);
            v = Vector256.Create(a2[offset]);
            c20 = Vector256.FusedMultiplyAdd(v, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(v, b1, c21);
            v = Vector256.Create(a3[offset]);
            c30 = Vector256.FusedMultiplyAdd(v, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(v, b1, c31);
        }

        Store(c, c00, c01);
        Store(c + cStride, c10, c11);
        Store(c + (2 * cStride), c20, c21);
        Store(c + (3 * cStride), c30, c31);

        static void Store(float* target, Vector256<float> first, Vector256<float> second)
        {
            first.Store(target);
            second.Store(target + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<TLanes, TVector>(float* a, float* b, float* c, int inner, int rowStride, int innerStride, int rows, int cStride)
        where TLanes : ILanes<TVector>
        where TVector : struct
    {
        long last = rows - 1;
        float* a0 = a;
        float* a1 = a + (Math.Min(1, last) * rowStride);
        float* a2 = a + (Math.Min(2, last) * rowStride);
        float* a3 = a + (Math.Min(3, last) * rowStride);
        float* a4 = a + (Math.Min(4, last) * rowStride);
        float* a5 = a + (Math.Min(5, last) * rowStride);
        float* a6 = a + (Math.Min(6, last) * rowStride);
        float* a7 = a + (Math.Min(7, last) * rowStride);
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        nint offset = 0;
        for (int k = 0; k < inner; k++, b += TLanes.Count, offset += innerStride)
        {
            TVector row = TLanes.Load(b);
            c0 = TLanes.MultiplyAdd(a0[offset], row, c0);
            c1 = TLanes.MultiplyAdd(a1[offset], row, c1);
            c2 = TLanes.MultiplyAdd(a2[offset], row, c2);
            c3 = TLanes.MultiplyAdd(a3[offset], row, c3);
            c4 = TLanes.MultiplyAdd(a4[offset], row, c4);
            c5 = TLanes.MultiplyAdd(a5[offset], row, c5);
            c6 = TLanes.MultiplyAdd(a6[offset], row, c6);
            c7 = TLanes.MultiplyAdd(a7[offset], row, c7);
        }

        TLanes.Store(c0, c);
        TLanes.Store(c1, c + cStride);
        TLanes.Store(c2, c + (2 * cStride));
        TLanes.Store(c3, c + (3 * cStride));
        TLanes.Store(c4, c + (4 * cStride));
        TLanes.Store(c5, c + (5 * cStride));
        TLanes.Store(c6, c + (6 * cStride));
        TLanes.Store(c7, c + (7 * cStride));
    }

    /// <summary>Vectors of one width.</summary>
    private interface ILanes<TVector>
    {
        static abstract int Count { get; }

        static abstract TVector Load(float* source);

        static abstract TVector MultiplyAdd(float factor, TVector values, TVector sums);

        static abstract void Store(TVector values, float* target);
    }

    private readonly struct Lanes512 : ILanes<Vector512<float>>
    {
        public static int Count => Vector512<float>.Count;

        public static Vector512<float> Load(float* source) => Vector512.Load(source);

        public static Vector512<float> MultiplyAdd(float factor, Vector512<float> values, Vector512<float> sums) =>
            Vector512.FusedMultiplyAdd(Vector512.Create(factor), values, sums);

        public static void Store(Vector512<float> values, float* target) => values.Store(target);
    }

    private readonly struct Lanes256 : ILanes<Vector256<float>>
    {
        public static int Count => Vector256<float>.Count;

        public static Vector256<float> Load(float* source) => Vector256.Load(source);

        public static Vector256<float> MultiplyAdd(float factor, Vector256<float> values, Vector256<float> sums) =>
            Vector256.FusedMultiplyAdd(Vector256.Create(factor), values, sums);

        public static void Store(Vector256<float> values, float* target) => values.Store(target);
    }
}
