using System.Collections.Immutable;
using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>One number for every feature, or a number for each: <c>Gamma = 2</c> or <c>Gamma = new[] { 1.0, 2.0, 0.5 }</c>.</summary>
/// <remarks>Immutable, compared by value, and safe to use from many threads.</remarks>
public sealed class FeatureValues : IEquatable<FeatureValues>
{
    private FeatureValues(ImmutableArray<double> values)
    {
        int wrong = values.AsSpan().IndexOfAnyExceptInRange(double.MinValue, double.MaxValue);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Expected finite numbers; found {values[wrong]} for feature {wrong}.", nameof(values));
        }
        Values = values.Length > 0 ? values : throw new ArgumentException("Expected one number, or one per feature; found none.", nameof(values));
    }

    /// <summary>The numbers: one for all features, or one per feature (per channel, with a channel axis).</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>One number for every feature.</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentException">The number is not finite.</exception>
    public static implicit operator FeatureValues(double value) => FromDouble(value);

    /// <summary>A number for each feature; a single one stands for all of them.</summary>
    /// <param name="values">Finite numbers; copied.</param>
    /// <exception cref="ArgumentException">There is no number, or one is not finite.</exception>
    public static implicit operator FeatureValues(double[] values) => FromDoubles(values);

    /// <inheritdoc cref="op_Implicit(double)"/>
    public static FeatureValues FromDouble(double value) => new([value]);

    /// <inheritdoc cref="op_Implicit(double[])"/>
    public static FeatureValues FromDoubles(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new([.. values]);
    }

    /// <summary>Whether the numbers are the same.</summary>
    /// <param name="other">The numbers to compare with.</param>
    public bool Equals(FeatureValues? other) => other is not null && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FeatureValues);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Values.Length, Values[0], Values[^1]);

    /// <summary>The numbers, separated by commas.</summary>
    public override string ToString() => string.Join(", ", Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>The numbers, one per feature of a column.</summary>
    internal double[] ForFeatures(int featureCount, string optionName, string columnName) =>
        ForFeatures(featureCount, optionName, $"column '{columnName}' has", "feature(s)");

    /// <summary>The numbers beside those of another option.</summary>
    internal double[] ForFeatures(int count, string optionName) => ForFeatures(count, optionName, "the other end of the range has", "numbers");

    private double[] ForFeatures(int featureCount, string optionName, string whoHas, string what)
    {
        if (Values.Length == 1)
        {
            var all = new double[featureCount];
            Array.Fill(all, Values[0]);
            return all;
        }
        return Values.Length == featureCount ? [.. Values] : throw new ArgumentException(
            $"{optionName} has {Values.Length} numbers, and {whoHas} {featureCount} {what}: give one number for all, or one per feature.",
            optionName);
    }
}
