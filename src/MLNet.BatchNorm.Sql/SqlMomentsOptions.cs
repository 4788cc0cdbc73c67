using System.Data.Common;

namespace MLNet.BatchNorm.Sql;

/// <summary>Options of <see cref="SqlMoments"/>.</summary>
/// <remarks>An immutable record: change one with a <c>with</c> expression.</remarks>
public sealed record SqlMomentsOptions
{
    /// <summary>The SQL that the database speaks.</summary>
    /// <value>Default: <see langword="null"/>; told from the type of the connection (<see cref="SqlDialects.For"/>).</value>
    public ISqlDialect? Dialect { get; init; }

    /// <summary>
    /// The column of row weights; a weight of 2 counts like two rows, one of 0 like none. A negative, NULL, NaN or infinite weight is an
    /// error.
    /// </summary>
    /// <value>Default: <see langword="null"/>; every row weighs 1.</value>
    public string? WeightColumnName { get; init; }

    /// <summary>The rows that count: those that fulfil all of these. For anything else, give a query as the source.</summary>
    /// <value>Default: none; all rows.</value>
    public IReadOnlyList<SqlCondition> Filter { get; init; } = [];

    /// <summary>What is done about infinite values: an error that names the column, or they are left out and counted.</summary>
    /// <value>Default: <see cref="InfinityPolicy.Throw"/>.</value>
    public InfinityPolicy Infinity { get; init; } = InfinityPolicy.Throw;

    /// <summary>
    /// The column by which the table is partitioned over servers. Sums are then taken per value of it, around one common mean, so that the
    /// engine can push all of them down to where the partitions lie; the results are merged here. Few values, none of them NULL. Not for
    /// groups, which have their own column.
    /// </summary>
    /// <value>Default: <see langword="null"/>; the engine sums over all rows.</value>
    public string? PartitionColumnName { get; init; }

    /// <summary>
    /// After how long to give up, with a <see cref="TimeoutException"/>; positive. Providers that cannot stop a running statement
    /// (Microsoft.Data.Sqlite) end it first.
    /// </summary>
    /// <value>Default: <see langword="null"/>; the provider's own limit.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The open transaction of the connection, where there is one: the statements then run in it.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public DbTransaction? Transaction { get; init; }

    /// <summary>Is told the text of each statement before it runs: for logs, and for the engine's EXPLAIN.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public Action<string>? StatementLog { get; init; }

    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    internal void Validate()
    {
        if (!Enum.IsDefined(Infinity))
        {
            throw new ArgumentOutOfRangeException(nameof(Infinity), Infinity, $"Expected a value of {nameof(InfinityPolicy)}.");
        }

        if (Timeout is { } timeout && !(timeout > TimeSpan.Zero && timeout.TotalSeconds < int.MaxValue))
        {
            throw new ArgumentOutOfRangeException(nameof(Timeout), timeout, "Expected a positive time of less than 68 years, or null for the provider's own limit.");
        }

        if (WeightColumnName is not null)
        {
            SqlNames.Check(WeightColumnName, nameof(WeightColumnName));
        }

        if (PartitionColumnName is not null)
        {
            SqlNames.Check(PartitionColumnName, nameof(PartitionColumnName));
        }

        ArgumentNullException.ThrowIfNull(Filter, nameof(Filter));
        foreach (SqlCondition condition in Filter)
        {
            ArgumentNullException.ThrowIfNull(condition, nameof(Filter));
            condition.Check(nameof(Filter));
        }
    }
}
