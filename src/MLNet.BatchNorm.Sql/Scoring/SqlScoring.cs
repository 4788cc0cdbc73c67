using System.Text;

namespace MLNet.BatchNorm.Sql;

/// <summary>Fitted scalings and linear models as SELECT statements, to score where the data are.</summary>
/// <remarks>
/// <para>
/// They compute in double precision: equal, but for rounding in the last digits, to what the transformer gives for columns of Double and
/// <see cref="FoldedLinearModel.Score(ReadOnlySpan{double})"/>, and nearer to the exact result than a column of Single. NULL stays NULL, and
/// NaN stays NaN.
/// </para>
/// <para>
/// Names are quoted, and numbers written so that the engine reads back the very same doubles; of a query, the text stands there as it was
/// given. Nothing is asked of a database. Safe to use from many threads.
/// </para>
/// </remarks>
public static class SqlScoring
{
    /// <summary>The longest chain of additions in one expression: engines limit how deeply those nest, SQLite and DuckDB to 1000.</summary>
    private const int TermsPerSum = 200;

    /// <summary>A SELECT that does what the transformer does: y = (x - center) * scale + shift, limited to its range.</summary>
    /// <param name="transformer">The fitted transformer: a standardization, a min-max scaling, a batch normalization, the inverse of one.</param>
    /// <param name="dialect">The database's SQL: a property of <see cref="SqlDialects"/>.</param>
    /// <param name="source">The table's name, or <see cref="SqlSource.Query"/>.</param>
    /// <param name="options">The columns' names, and further columns.<value>The defaults</value></param>
    /// <exception cref="ArgumentException">Names are missing, too many, or twice in the result.</exception>
    public static string ToSql(this AffineTransformer transformer, ISqlDialect dialect, SqlSource source, SqlScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(dialect);
        ArgumentNullException.ThrowIfNull(source);
        options ??= new SqlScoringOptions();
        var slots = ScoredSlot.Of(transformer.Maps, options);
        SqlNames.CheckList([.. options.KeptColumns, .. slots.Select(slot => slot.OutputColumn)], nameof(options));

        List<string> mapped = [.. options.KeptColumns.Select(name => $"source.{dialect.QuoteIdentifier(name)}")];
        mapped.AddRange(slots.Select((slot, i) => $"{slot.Expression(dialect, "source")} AS {(slot.Clips ? $"y{i}" : dialect.QuoteIdentifier(slot.OutputColumn))}"));
        string inner = Select(mapped, source, dialect);
        if (!slots.Any(slot => slot.Clips))
        {
            return inner;
        }

        List<string> clipped = [.. options.KeptColumns.Select(name => $"mapped.{dialect.QuoteIdentifier(name)}")];
        clipped.AddRange(slots.Select((slot, i) => slot.Clips
            ? $"{slot.Clip(dialect, $"mapped.y{i}")} AS {dialect.QuoteIdentifier(slot.OutputColumn)}"
            : $"mapped.{dialect.QuoteIdentifier(slot.OutputColumn)}"));
        return $"SELECT {string.Join(",\n", clipped)}\nFROM (\n{inner}\n) AS mapped";
    }

    /// <summary>A SELECT that scores with a linear model: bias + sum weight x, before any link.</summary>
    /// <param name="model">The model, in the units of the source's columns.</param>
    /// <param name="dialect">The database's SQL: a property of <see cref="SqlDialects"/>.</param>
    /// <param name="source">The table's name, or <see cref="SqlSource.Query"/>.</param>
    /// <param name="columns">The source's columns: one per weight, in their order.</param>
    /// <param name="scoreColumn">The name of the result.<value>Score</value></param>
    /// <param name="keptColumns">Further columns of the source that the result has as they are, before the score: keys, labels.<value>None</value></param>
    /// <exception cref="ArgumentException">There is not one column per weight, or a name is twice in the result.</exception>
    public static string ToSql(
        this FoldedLinearModel model, ISqlDialect dialect, SqlSource source, IReadOnlyList<string> columns, string scoreColumn = "Score", IReadOnlyList<string>? keptColumns = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dialect);
        ArgumentNullException.ThrowIfNull(source);
        SqlNames.CheckList(columns, nameof(columns));
        if (columns.Count != model.Weights.Length)
        {
            throw new ArgumentException($"Expected {model.Weights.Length} columns, one per weight; found {columns.Count}.", nameof(columns));
        }

        string[] kept = [.. keptColumns ?? []];
        SqlNames.CheckList([.. kept, scoreColumn], nameof(keptColumns));
        string score = Sum([dialect.Literal(model.Bias), .. model.Weights.Select(
            (weight, i) => $"{dialect.Literal(weight)} * {dialect.ToDouble($"source.{dialect.QuoteIdentifier(columns[i])}")}")]);
        return Select(
            [.. kept.Select(name => $"source.{dialect.QuoteIdentifier(name)}"), $"{score} AS {dialect.QuoteIdentifier(scoreColumn)}"], source, dialect);
    }

    /// <summary>A sum from left to right, as the model computes it; a long one of partial sums, so that it does not nest too deeply.</summary>
    private static string Sum(string[] terms)
    {
        while (terms.Length > TermsPerSum)
        {
            terms = [.. terms.Chunk(TermsPerSum).Select(part => $"({string.Join(" + ", part)})")];
        }

        return string.Join(" + ", terms);
    }

    private static string Select(IEnumerable<string> columns, SqlSource source, ISqlDialect dialect) =>
        new StringBuilder("SELECT ").AppendJoin(",\n", columns).Append("\nFROM ").Append(source.ToSql(dialect)).Append(" AS source").ToString();
}
