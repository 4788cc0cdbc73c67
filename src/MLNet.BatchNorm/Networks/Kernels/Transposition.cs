namespace MLNet.BatchNorm;

/// <summary>Transposes matrices.</summary>
internal static class Transposition
{
    // Blocks that stay in the first cache on both sides.
    private const int Block = 16;

    /// <summary>result [columns, rows] = the transpose of matrix [rows, columns].</summary>
    public static void Copy(ReadOnlySpan<float> matrix, Span<float> result, int rowCount, int columnCount)
    {
        for (int firstRow = 0; firstRow < rowCount; firstRow += Block)
        {
            int endRow = Math.Min(firstRow + Block, rowCount);
            for (int firstColumn = 0; firstColumn < columnCount; firstColumn += Block)
            {
                int endColumn = Math.Min(firstColumn + Block, columnCount);
                for (int column = firstColumn; column < endColumn; column++)
                {
                    Span<float> target = result.Slice((column * rowCount) + firstRow, endRow - firstRow);
                    int source = (firstRow * columnCount) + column;
                    for (int i = 0; i < target.Length; i++, source += columnCount)
                    {
                        target[i] = matrix[source];
                    }
                }
            }
        }
    }
}
