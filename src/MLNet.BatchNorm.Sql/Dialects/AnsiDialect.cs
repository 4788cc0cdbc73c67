using System.Data;
using System.Globalization;

namespace MLNet.BatchNorm.Sql;

/// <summary>
/// Standard SQL (ISO/IEC 9075: common table expressions, CASE, CAST), with the few things that engines spell differently as properties. It is
/// what the other dialects start from.
/// </summary>
/// <remarks>
/// As it is for Trino and Snowflake; <c>new AnsiDialect("BigQuery") { Quote = '`', DoubleType = "FLOAT64" }</c>,
/// <c>new AnsiDialect("Spark SQL") { Quote = '`', DoubleType = "DOUBLE" }</c>, <c>new AnsiDialect("ClickHouse") { DoubleType = "Nullable(Float64)" }</c>.
/// docs/sql.md says which of these were run and which only read.
/// Immutable, and safe to use from many threads.
/// </remarks>
public record AnsiDialect : ISqlDialect
{
    /// <summary>Standard SQL under an engine's name.</summary>
    /// <param name="name">The engine's name, for messages.</param>
    public AnsiDialect(string name = "ANSI")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The character around names; doubled inside them.</summary>
    /// <value>Default: the double quote.</value>
    public char Quote { get; init; } = '"';

    /// <summary>The type of 64-bit floating point, as CAST takes it.</summary>
    /// <value>Default: DOUBLE PRECISION.</value>
    public string DoubleType { get; init; } = "DOUBLE PRECISION";

    /// <summary>The character before the names of parameters.</summary>
    /// <value>Default: @.</value>
    public char ParameterPrefix { get; init; } = '@';

    /// <inheritdoc/>
    /// <value>Default: nothing.</value>
    public string Materialized { get; init; } = string.Empty;

    /// <inheritdoc/>
    /// <value>Default: COUNT.</value>
    public string CountFunction { get; init; } = "COUNT";

    /// <inheritdoc/>
    /// <value>Default: 1000.</value>
    public int MaximumResultColumns { get; init; } = 1000;

    /// <inheritdoc/>
    /// <value>Default: <see cref="IsolationLevel.Serializable"/>.</value>
    public IsolationLevel SnapshotIsolation { get; init; } = IsolationLevel.Serializable;

    /// <inheritdoc/>
    public virtual string QuoteIdentifier(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string quote = Quote.ToString();
        return $"{quote}{name.Replace(quote, quote + quote, StringComparison.Ordinal)}{quote}";
    }

    /// <inheritdoc/>
    public virtual string ParameterMarker(string name) => $"{ParameterPrefix}{name}";

    /// <inheritdoc/>
    public virtual string ToDouble(string expression) => $"CAST({expression} AS {DoubleType})";

    /// <inheritdoc/>
    public virtual string Literal(double value) => ToDouble(Number(value));

    /// <inheritdoc/>
    public virtual string? Quantile(string expression, double probability) => $"PERCENTILE_CONT({Number(probability)}) WITHIN GROUP (ORDER BY {expression})";

    /// <inheritdoc/>
    public virtual string? IsNoNumber(string expression) => null;

    /// <summary>A number with an exponent, which makes it floating point; in parentheses where it is negative, as two minus signs begin a comment.</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite.</exception>
    protected static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a finite number.");
        }

        // Seventeen digits tell every double from its neighbors.
        string digits = value.ToString("E16", CultureInfo.InvariantCulture);
        return double.IsNegative(value) ? $"({digits})" : digits;
    }
}
