namespace MLNet.BatchNorm.Sql;

/// <summary>Options of <see cref="SqlScoring"/>.</summary>
/// <remarks>An immutable record: change one with a <c>with</c> expression.</remarks>
public sealed record SqlScoringOptions
{
    /// <summary>The source's columns: one per slot of the transformer's columns, in their order.</summary>
    /// <value>Default: <see langword="null"/>; of a scalar column its input name, of a vector its slots' names, which are those of the columns that were concatenated.</value>
    public IReadOnlyList<string>? InputColumns { get; init; }

    /// <summary>The names of the results: one per slot of the transformer's columns, in their order.</summary>
    /// <value>Default: <see langword="null"/>; of a scalar column its output name, of a vector the names of its input columns.</value>
    public IReadOnlyList<string>? OutputColumns { get; init; }

    /// <summary>Further columns of the source that the result has as they are, before the others: keys, labels.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> KeptColumns { get; init; } = [];
}
