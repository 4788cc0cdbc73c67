using System.Data.Common;

namespace MLNet.BatchNorm.Sql;

/// <summary>Quantiles of columns that are in a database, computed there, exactly: what <c>RobustScale</c> takes as given numbers.</summary>
/// <remarks>
/// Linearly interpolated (PERCENTILE_CONT), as NumPy's and this library's are. NULL and NaN are left out; so are rows that the options filter out.
/// Integers and decimals are converted to double. DuckDB, PostgreSQL and others with the standard's aggregate have them; SQLite and SQL Server do not.
/// What is said of connections, transactions and threads in <see cref="SqlMoments"/> holds here too.
/// </remarks>
/// <example>
/// <code language="none">
/// var quartiles = connection.ComputeQuantiles("readings", ["temperature", "wind"], [0.25, 0.5, 0.75]);
/// var options = new RobustScalingOptions
/// {
///     Median = quartiles.Select(column => column[1]).ToArray(),
///     QuantileRange = quartiles.Select(column => column[2] - column[0]).ToArray(),
/// };
/// </code>
/// </example>
public static class SqlQuantiles
{
    /// <summary>The quantiles of columns over all rows of a table or query.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="source">The table's name, or <see cref="SqlSource.Query"/>.</param>
    /// <param name="columns">The numeric columns, as the database spells them, without quotes.</param>
    /// <param name="probabilities">The share of the values below each quantile, from 0 to 1; at least one.</param>
    /// <param name="options">Filter, infinities, timeout and more; weights and partitions are not for quantiles.<value>The defaults</value></param>
    /// <param name="cancellationToken">Stops the statement.<value>None</value></param>
    /// <returns>Per column, a quantile for each probability; NaN where the column has no value.</returns>
    /// <exception cref="ArgumentException">
    /// A column is missing, named twice, or not numeric; a probability is not one; an option is outside its range, or a weight or partition column is given.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The database refused the statement, or the connection was lost; a value is infinite and the options do not leave those out.
    /// </exception>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <exception cref="NotSupportedException">The engine has no quantiles; or the connection is of no known type, and the options name no dialect.</exception>
    public static IReadOnlyList<double[]> ComputeQuantiles(
        this DbConnection connection,
        SqlSource source,
        IReadOnlyList<string> columns,
        IReadOnlyList<double> probabilities,
        SqlMomentsOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var request = Request(connection, source, columns, probabilities, options);
        // Blocking calls have ended when they return.
        return MomentsQuery.RunQuantiles(connection, request, probabilities, isAsync: false, cancellationToken).AsTask().GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="ComputeQuantiles"/>
    public static async Task<IReadOnlyList<double[]>> ComputeQuantilesAsync(
        this DbConnection connection,
        SqlSource source,
        IReadOnlyList<string> columns,
        IReadOnlyList<double> probabilities,
        SqlMomentsOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var request = Request(connection, source, columns, probabilities, options);
        return await MomentsQuery.RunQuantiles(connection, request, probabilities, isAsync: true, cancellationToken).ConfigureAwait(false);
    }

    private static MomentsRequest Request(
        DbConnection connection, SqlSource source, IReadOnlyList<string> columns, IReadOnlyList<double> probabilities, SqlMomentsOptions? options)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(probabilities);
        SqlNames.CheckList(columns, nameof(columns));
        options ??= new SqlMomentsOptions();
        options.Validate();
        if (probabilities.Count == 0 || probabilities.Any(probability => probability is not (>= 0 and <= 1)))
        {
            throw new ArgumentException($"Expected shares from 0 to 1, at least one; found {(probabilities.Count == 0 ? "none" : string.Join(", ", probabilities))}.", nameof(probabilities));
        }

        if (options.WeightColumnName is not null || options.PartitionColumnName is not null)
        {
            throw new ArgumentException(
                $"Quantiles have neither weights nor partitions, as no engine has them. Leave {nameof(options.WeightColumnName)} and {nameof(options.PartitionColumnName)} out, or fit on the rows.",
                nameof(options));
        }

        ISqlDialect dialect = options.Dialect ?? SqlDialects.For(connection);
        return dialect.Quantile("x", 0.5) is not null
            ? new MomentsRequest(source, [.. columns], GroupColumn: null, options, dialect)
            : throw new NotSupportedException($"{dialect.Name} has no quantiles. Fit on the rows, or give another dialect.");
    }
}
