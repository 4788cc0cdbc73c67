using System.Data;

namespace MLNet.BatchNorm.Sql;

/// <summary>
/// What of SQL differs from engine to engine, as far as it is needed here. <see cref="SqlDialects"/> has those that are known; write one for
/// another engine, or set the properties of an <see cref="AnsiDialect"/>. Implementations are safe to use from many threads.
/// </summary>
public interface ISqlDialect
{
    /// <summary>The engine's name, for messages.</summary>
    string Name { get; }

    /// <summary>What stands after AS before a common table expression that is computed once and kept: "MATERIALIZED " or nothing.</summary>
    string Materialized { get; }

    /// <summary>The function that counts beyond 2^31 rows: COUNT, or COUNT_BIG.</summary>
    string CountFunction { get; }

    /// <summary>The number of result columns that one statement may have. More are asked for in several statements of one transaction.</summary>
    int MaximumResultColumns { get; }

    /// <summary>The isolation level in which all statements of a transaction see the same rows.</summary>
    IsolationLevel SnapshotIsolation { get; }

    /// <summary>A name in the engine's quotes, those in the name itself made harmless.</summary>
    /// <param name="name">A name of at least one character, without NUL.</param>
    string QuoteIdentifier(string name);

    /// <summary>The marker of a parameter in a statement's text: @name, or $name.</summary>
    /// <param name="name">Letters and digits, without the marker.</param>
    string ParameterMarker(string name);

    /// <summary>An expression as a double, in the engine's double precision; NULL stays NULL.</summary>
    /// <param name="expression">The quoted name of a numeric column.</param>
    string ToDouble(string expression);

    /// <summary>A finite number that the engine reads as exactly that double, in parentheses where it is negative.</summary>
    /// <param name="value">A finite number.</param>
    string Literal(double value);

    /// <summary>
    /// An aggregate that is a quantile of a column of doubles, linearly interpolated, NULLs left out; null in engines that have none.
    /// </summary>
    /// <param name="expression">The column.</param>
    /// <param name="probability">The share of the values below it, from 0 to 1.</param>
    string? Quantile(string expression, double probability);

    /// <summary>
    /// A condition that is true for values that are no numbers, in engines whose columns can hold such whatever their declared type; null
    /// where a column's type can be relied on.
    /// </summary>
    /// <param name="expression">The quoted name of a column.</param>
    string? IsNoNumber(string expression);
}
