namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>Tells a training that diverged from one that failed: ML.NET throws in both cases, with the same types of exception.</summary>
internal static class Divergence
{
    private static readonly string[] Words = ["NaN", "infinit", "non-finite", "not finite", "overflow"];

    /// <summary>Whether an exception of a trainer says that its weights, or its loss, are no longer finite numbers.</summary>
    public static bool IsMeantBy(Exception exception) =>
        exception is InvalidOperationException or ArgumentException or ArithmeticException
        && Array.Exists(Words, word => exception.Message.Contains(word, StringComparison.OrdinalIgnoreCase));
}
