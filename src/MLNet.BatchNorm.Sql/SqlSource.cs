namespace MLNet.BatchNorm.Sql;

/// <summary>Where rows come from: a table or view by its name, or a query by its text.</summary>
/// <remarks>
/// A string stands for a table of that name. A name is always quoted, so that it means the table that is spelled exactly so and nothing
/// else. The text of a query goes to the database as it is: never build it from what users typed, but give their values as parameters.
/// Immutable, and safe to use from many threads.
/// </remarks>
public sealed class SqlSource
{
    private readonly string[] _nameParts;

    private SqlSource(string[] nameParts, string? text, IReadOnlyDictionary<string, object?> parameters)
    {
        _nameParts = nameParts;
        Text = text;
        Parameters = parameters;
    }

    /// <summary>The text of the query; null of a table.</summary>
    public string? Text { get; }

    /// <summary>The values of the query's parameters, by name without the marker (<c>@</c>, <c>$</c>); empty of a table.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; }

    /// <summary>A table or view of the given name.</summary>
    /// <param name="name">The name, as the database spells it, without quotes.</param>
    /// <exception cref="ArgumentException">The name is empty or has a NUL character.</exception>
    public static implicit operator SqlSource(string name) => FromString(name);

    /// <inheritdoc cref="op_Implicit(string)"/>
    public static SqlSource FromString(string name) => Table(name);

    /// <summary>A table or view.</summary>
    /// <param name="nameParts">Its name, after its schema's and its database's where they are needed: <c>Table("sales", "orders")</c>.</param>
    /// <exception cref="ArgumentException">There is no name, or one is empty or has a NUL character.</exception>
    public static SqlSource Table(params string[] nameParts)
    {
        ArgumentNullException.ThrowIfNull(nameParts);
        if (nameParts.Length == 0)
        {
            throw new ArgumentException("Expected the name of a table; found none.", nameof(nameParts));
        }

        foreach (string part in nameParts)
        {
            SqlNames.Check(part, nameof(nameParts));
        }

        return new SqlSource([.. nameParts], null, new Dictionary<string, object?>());
    }

    /// <summary>A query.</summary>
    /// <param name="text">
    /// A SELECT statement in the database's SQL. It is read twice in one statement: it must give the same rows both times, so no random
    /// sampling without a seed.
    /// </param>
    /// <param name="parameters">The values of its parameters, by name without the marker.<value>None</value></param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static SqlSource Query(string text, IReadOnlyDictionary<string, object?>? parameters = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return new SqlSource([], text.TrimEnd().TrimEnd(';'), parameters is null ? new Dictionary<string, object?>() : parameters.ToDictionary());
    }

    /// <summary>The table's name, or the beginning of the query, for messages.</summary>
    public override string ToString()
    {
        const int Shown = 60;
        return Text switch
        {
            null => $"table {string.Join('.', _nameParts.Select(part => $"'{part}'"))}",
            { Length: > Shown } => $"query '{Text[..Shown]}...'",
            _ => $"query '{Text}'",
        };
    }

    /// <summary>What stands after FROM, without an alias. A comment at a query's end must not swallow the parenthesis.</summary>
    internal string ToSql(ISqlDialect dialect) => Text is null
        ? string.Join('.', _nameParts.Select(dialect.QuoteIdentifier))
        : $"({Text}\n)";
}
