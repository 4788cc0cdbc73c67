namespace MLNet.BatchNorm;

/// <summary>Counts that are kept exactly, and saved: up to 2^53, as sums of doubles hold them.</summary>
internal static class Counts
{
    public const long Largest = 1L << 53;

    /// <summary>The sum of two counts.</summary>
    /// <exception cref="InvalidOperationException">It is larger than <see cref="Largest"/>; the message names the count, and the feature if there is one.</exception>
    public static long Add(long count, long added, string name, int? feature = null) =>
        count <= Largest - added ? count + added : throw TooMany(count, added, feature is null ? name : $"{name} of feature {feature}");

    private static InvalidOperationException TooMany(long count, long added, string name) => new(
        $"{name}: {count} and {added} more exceed 2^53 = {Largest}, up to which counts are exact. Were the same rows merged over and over?");
}
