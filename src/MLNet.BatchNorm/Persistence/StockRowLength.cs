namespace MLNet.BatchNorm.Persistence;

/// <summary>Scales rows to a length, by stock ML.NET, whatever length they had.</summary>
/// <remarks>
/// <para>
/// The stock transform squares in single precision, which holds lengths of 1e-19 to 1e19, and it leaves a row as it is whose factor would be
/// below 1e-8. Its largest absolute value takes no squares. So rows are first brought to one largest value, and that down to a moderate one in
/// steps that the transform takes; then the length is taken.
/// </para>
/// <para>
/// The first stage lifts rows that are small to 1, and leaves those beyond 1e8. The second brings all to 2^102, from 1 up to the largest float,
/// 2^128, by no less than 2^-26, which is 1.5e-8; and so on down.
/// </para>
/// </remarks>
internal static class StockRowLength
{
    private const byte Euclidean = 0;
    private const byte LargestValue = 3;

    private static readonly float[] LargestValues = [1, MathF.ScaleB(1, 102), MathF.ScaleB(1, 76), MathF.ScaleB(1, 50), MathF.ScaleB(1, 24)];

    /// <summary>The streams of the stages.</summary>
    /// <param name="column">A vector of Single, which is changed in place.</param>
    /// <param name="length">The Euclidean length that rows get.</param>
    public static IEnumerable<byte[]> Create(string column, float length) =>
        LargestValues.Select(largest => CreateStage(column, LargestValue, largest)).Append(CreateStage(column, Euclidean, length));

    private static byte[] CreateStage(string column, byte norm, float scale) => StockModelStream.Create(StockComponent.RowNorm, (writer, strings) =>
    {
        writer.Write(1);
        writer.Write(strings.IndexOf(column)); // output
        writer.Write(strings.IndexOf(column)); // input
        writer.Write(false); // without the mean
        writer.Write(norm);
        writer.Write(scale);
    });
}
