namespace MLNet.BatchNorm.Sql;

/// <summary>What is asked for: all of it checked, but for what only the database knows.</summary>
/// <param name="Source">Where the rows come from.</param>
/// <param name="Columns">The features' columns.</param>
/// <param name="GroupColumn">The column that makes the groups; null for all rows together.</param>
/// <param name="Options">The options.</param>
/// <param name="Dialect">The database's SQL.</param>
internal sealed record MomentsRequest(
    SqlSource Source, IReadOnlyList<string> Columns, string? GroupColumn, SqlMomentsOptions Options, ISqlDialect Dialect)
{
    /// <summary>Whether the statement gives a row per group or partition.</summary>
    public string? KeyColumn => GroupColumn ?? Options.PartitionColumnName;

    public bool IsWeighted => Options.WeightColumnName is not null;

    /// <summary>The features of one statement: as many as fit in a result of the engine.</summary>
    public int FeaturesPerStatement => Math.Max(1, (Dialect.MaximumResultColumns - MomentsStatement.ColumnsBeforeFeatures) / MomentsStatement.ColumnsPerFeature);

    /// <summary>All columns that are read, with the role that each has in messages.</summary>
    public IEnumerable<(string Name, string Role)> ColumnsRead()
    {
        foreach (string name in Columns)
        {
            yield return (name, "feature");
        }

        if (Options.WeightColumnName is { } weight)
        {
            yield return (weight, "weight");
        }

        if (KeyColumn is { } key)
        {
            yield return (key, GroupColumn is null ? "partition" : "group");
        }

        foreach (SqlCondition condition in Options.Filter)
        {
            yield return (condition.ColumnName, "filter");
        }
    }
}
