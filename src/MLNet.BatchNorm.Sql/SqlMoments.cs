using System.Data.Common;

namespace MLNet.BatchNorm.Sql;

/// <summary>Moments of columns that are in a database, computed there: few numbers travel, and no rows.</summary>
/// <remarks>
/// <para>
/// One statement takes per column count, missing and infinite values, minimum, maximum and mean, and around that mean the sums of
/// deviations and of their squares, all in double precision: the engine's own variance is not asked. It sees one state of the table. What
/// comes out is equal to <see cref="FeatureMoments"/> of the same rows up to rounding, and as good: it can be merged, added to, and fitted from.
/// </para>
/// <para>
/// NULL and NaN count as missing. Integers and decimals are converted to double. Rows of weight zero count as rows and for nothing else.
/// Where the columns are more than the engine gives in one result (PostgreSQL and SQLite: a little over 200), further statements follow in the same
/// transaction, one that sees one state of the table; where it does not, an error tells that rows came or went. Before the statement, a
/// query without rows gets the names and types of the source's columns.
/// </para>
/// <para>
/// A closed connection is opened, and closed again. A connection runs one statement at a time: these methods are as safe to use from many
/// threads as the connection is. A failure leaves no half result: the exception is all there is.
/// </para>
/// </remarks>
public static class SqlMoments
{
    /// <summary>The moments of columns over all rows of a table or query.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="source">The table's name, or <see cref="SqlSource.Query"/>.</param>
    /// <param name="columns">The numeric columns, as the database spells them, without quotes: the features, in this order.</param>
    /// <param name="options">Weight column, filter, infinities, timeout and more.<value>The defaults</value></param>
    /// <param name="cancellationToken">Stops the statement.<value>None</value></param>
    /// <returns>Moments of as many features as columns; of no rows, where there are none.</returns>
    /// <exception cref="ArgumentException">A column is missing, named twice, or not numeric; an option is outside its range.</exception>
    /// <exception cref="InvalidOperationException">
    /// The database refused the statement, or the connection was lost; a value is infinite and the options do not leave those out; a weight
    /// is not valid; sums overflowed.
    /// </exception>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="NotSupportedException">The connection is of no known type, and the options name no dialect.</exception>
    public static FeatureMoments ComputeFeatureMoments(
        this DbConnection connection, SqlSource source, IReadOnlyList<string> columns, SqlMomentsOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = Request(connection, source, columns, null, options);
        // Blocking calls have ended when they return.
        return Merge(request, MomentsQuery.Run(connection, request, isAsync: false, cancellationToken).AsTask().GetAwaiter().GetResult());
    }

    /// <inheritdoc cref="ComputeFeatureMoments"/>
    public static async Task<FeatureMoments> ComputeFeatureMomentsAsync(
        this DbConnection connection, SqlSource source, IReadOnlyList<string> columns, SqlMomentsOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = Request(connection, source, columns, null, options);
        return Merge(request, await MomentsQuery.Run(connection, request, isAsync: true, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The moments of columns for each group of rows: each day, partition, or batch.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="source">The table's name, or <see cref="SqlSource.Query"/>.</param>
    /// <param name="columns">The numeric columns, as the database spells them, without quotes: the features, in this order.</param>
    /// <param name="groupColumn">The column whose values make the groups; none of them may be NULL.</param>
    /// <param name="options">Weight column, filter, infinities, timeout and more.<value>The defaults</value></param>
    /// <param name="cancellationToken">Stops the statement.<value>None</value></param>
    /// <returns>The groups in the engine's order of that column, each around its own mean; <see cref="ToRunningMoments"/> averages over them.</returns>
    /// <inheritdoc cref="ComputeFeatureMoments" path="/exception"/>
    public static IReadOnlyList<GroupMoments> ComputeFeatureMomentsByGroup(
        this DbConnection connection,
        SqlSource source,
        IReadOnlyList<string> columns,
        string groupColumn,
        SqlMomentsOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var request = Request(connection, source, columns, groupColumn, options);
        return Groups(request, MomentsQuery.Run(connection, request, isAsync: false, cancellationToken).AsTask().GetAwaiter().GetResult());
    }

    /// <inheritdoc cref="ComputeFeatureMomentsByGroup"/>
    public static async Task<IReadOnlyList<GroupMoments>> ComputeFeatureMomentsByGroupAsync(
        this DbConnection connection,
        SqlSource source,
        IReadOnlyList<string> columns,
        string groupColumn,
        SqlMomentsOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var request = Request(connection, source, columns, groupColumn, options);
        return Groups(request, await MomentsQuery.Run(connection, request, isAsync: true, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The running moments of the groups, each taken as one batch, in order: an exponential average over days, if the groups are days.</summary>
    /// <param name="groups">The groups; at least one.</param>
    /// <param name="momentum">Weight of a new group, in (0, 1], or null for the plain average over groups.<value>0.1</value></param>
    /// <param name="varianceEstimator">Which variance of a group is averaged.<value><see cref="VarianceEstimator.Population"/></value></param>
    /// <param name="runningStart">How the exponential average begins.<value><see cref="RunningStart.Debiased"/></value></param>
    /// <exception cref="ArgumentException">There is no group, or groups differ in their number of features.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public static RunningMoments ToRunningMoments(
        this IEnumerable<GroupMoments> groups,
        double? momentum = 0.1,
        VarianceEstimator varianceEstimator = VarianceEstimator.Population,
        RunningStart runningStart = RunningStart.Debiased)
    {
        ArgumentNullException.ThrowIfNull(groups);
        RunningMoments? running = null;
        foreach (GroupMoments group in groups)
        {
            running ??= new RunningMoments(group.Moments.FeatureCount, momentum, varianceEstimator, runningStart);
            running.Update(group.Moments);
        }

        return running ?? throw new ArgumentException("Expected the moments of at least one group; found none.", nameof(groups));
    }

    private static MomentsRequest Request(
        DbConnection connection, SqlSource source, IReadOnlyList<string> columns, string? groupColumn, SqlMomentsOptions? options)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(source);
        SqlNames.CheckList(columns, nameof(columns));
        options ??= new SqlMomentsOptions();
        options.Validate();
        if (groupColumn is not null)
        {
            SqlNames.Check(groupColumn, nameof(groupColumn));
            if (options.PartitionColumnName is not null)
            {
                throw new ArgumentException(
                    $"Groups by '{groupColumn}' have no partitions by '{options.PartitionColumnName}' as well. Leave {nameof(SqlMomentsOptions.PartitionColumnName)} out.", nameof(options));
            }
        }

        return new MomentsRequest(source, [.. columns], groupColumn, options, options.Dialect ?? SqlDialects.For(connection));
    }

    private static FeatureMoments Merge(MomentsRequest request, IReadOnlyList<IReadOnlyList<MomentsRow>> rows)
    {
        var moments = new FeatureMoments(request.Columns.Count);
        foreach (var parts in rows)
        {
            CheckKey(request, parts[0]);
            moments.Merge(MomentsResult.ToMoments(request, parts));
        }

        return moments;
    }

    private static List<GroupMoments> Groups(MomentsRequest request, IReadOnlyList<IReadOnlyList<MomentsRow>> rows)
    {
        List<GroupMoments> groups = [];
        foreach (var parts in rows)
        {
            CheckKey(request, parts[0]);
            groups.Add(new GroupMoments(parts[0].Key, MomentsResult.ToMoments(request, parts)));
        }

        return groups;
    }

    /// <summary>NULL is in no group; and a NaN, where it is not equal to itself, joins no group either.</summary>
    private static void CheckKey(MomentsRequest request, MomentsRow row)
    {
        if (request.KeyColumn is { } key && row.Key is (DBNull or double.NaN or float.NaN))
        {
            throw new InvalidOperationException(
                $"Column '{key}', which makes the {(request.GroupColumn is null ? "partitions" : "groups")}, is {(row.Key is DBNull ? "NULL" : "NaN")} in {row.RowCount} row(s). " +
                $"Filter them out ({nameof(SqlMomentsOptions)}.{nameof(SqlMomentsOptions.Filter)}), or give them a value in a query.");
        }
    }
}
