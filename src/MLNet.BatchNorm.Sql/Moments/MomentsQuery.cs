using System.Data;
using System.Data.Common;

namespace MLNet.BatchNorm.Sql;

/// <summary>
/// Asks the database: a probe of the columns, then one statement, or several in one transaction where the columns are more than the engine
/// gives in one result.
/// </summary>
internal sealed class MomentsQuery
{
    private const int SecondsToCancel = 10;

    private readonly DbConnection _connection;
    private readonly MomentsRequest _request;
    private readonly DatabaseCalls _calls;

    private MomentsQuery(DbConnection connection, MomentsRequest request, DatabaseCalls calls)
    {
        _connection = connection;
        _request = request;
        _calls = calls;
    }

    /// <summary>The rows of the result: for each, the parts that its columns were asked for in.</summary>
    public static ValueTask<IReadOnlyList<IReadOnlyList<MomentsRow>>> Run(
        DbConnection connection, MomentsRequest request, bool isAsync, CancellationToken cancellationToken) =>
        Run(connection, request, isAsync, (query, guard) => query.ReadParts(guard), cancellationToken);

    /// <summary>The quantiles of each column, NaN where it has no value.</summary>
    public static ValueTask<IReadOnlyList<double[]>> RunQuantiles(
        DbConnection connection, MomentsRequest request, IReadOnlyList<double> probabilities, bool isAsync, CancellationToken cancellationToken) =>
        Run(connection, request, isAsync, (query, guard) => query.ReadQuantiles(guard, probabilities), cancellationToken);

    private static async ValueTask<T> Run<T>(
        DbConnection connection, MomentsRequest request, bool isAsync, Func<MomentsQuery, QueryGuard, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        using var guard = new QueryGuard(connection, request, cancellationToken);
        var query = new MomentsQuery(connection, request, new DatabaseCalls(isAsync));
        try
        {
            return await query.RunOpen(guard, read).ConfigureAwait(false);
        }
        catch (Exception exception) when (guard.Explain(exception) is { } explained)
        {
            throw explained;
        }
    }

    private async ValueTask<T> RunOpen<T>(QueryGuard guard, Func<MomentsQuery, QueryGuard, ValueTask<T>> read)
    {
        bool wasClosed = _connection.State == ConnectionState.Closed;
        if (wasClosed)
        {
            await _calls.Open(_connection, guard.Token).ConfigureAwait(false);
        }

        try
        {
            using (DbCommand probe = CreateCommand(MomentsStatement.BuildProbe(_request), hasFilter: false, _request.Options.Transaction))
            {
                await Read(guard, probe, reader => SourceSchema.Check(_request, reader), reader => 0).ConfigureAwait(false);
            }

            T result = await read(this, guard).ConfigureAwait(false);
            guard.CallersToken.ThrowIfCancellationRequested();
            return result;
        }
        finally
        {
            if (wasClosed)
            {
                await _calls.Close(_connection).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<IReadOnlyList<IReadOnlyList<MomentsRow>>> ReadParts(QueryGuard guard) => Together(await ReadParts(
        guard, _request.FeaturesPerStatement, part => MomentsStatement.Build(_request, part), (reader, part) => MomentsRow.Read(reader, part.Length)).ConfigureAwait(false));

    private async ValueTask<IReadOnlyList<double[]>> ReadQuantiles(QueryGuard guard, IReadOnlyList<double> probabilities)
    {
        var parts = await ReadParts(
            guard,
            Math.Max(1, _request.Dialect.MaximumResultColumns / (probabilities.Count + 1)),
            part => MomentsStatement.BuildQuantiles(_request, part, probabilities),
            (reader, part) => part.Select((column, i) => ReadQuantiles(reader, column, i * (probabilities.Count + 1), probabilities.Count)).ToArray()).ConfigureAwait(false);
        return [.. parts.SelectMany(rows => rows[0])];
    }

    private double[] ReadQuantiles(DbDataReader reader, string column, int start, int count)
    {
        long infinite = Convert.ToInt64(reader.GetValue(start), System.Globalization.CultureInfo.InvariantCulture);
        if (infinite > 0 && _request.Options.Infinity == InfinityPolicy.Throw)
        {
            throw new InvalidOperationException(
                $"Column '{column}' of {_request.Source} has {infinite} infinite value(s). Mend the data, or leave them out with " +
                $"{nameof(SqlMomentsOptions)}.{nameof(SqlMomentsOptions.Infinity)} = {nameof(InfinityPolicy)}.{nameof(InfinityPolicy.LeaveOut)}.");
        }

        return [.. Enumerable.Range(start + 1, count).Select(i => reader.IsDBNull(i) ? double.NaN : reader.GetDouble(i))];
    }

    private async ValueTask<List<List<T>>> ReadParts<T>(
        QueryGuard guard, int featuresPerStatement, Func<string[], string> build, Func<DbDataReader, string[], T> read)
    {
        string[][] parts = [.. _request.Columns.Chunk(featuresPerStatement)];
        DbTransaction? own = parts.Length > 1 && _request.Options.Transaction is null
            ? await _calls.Begin(_connection, _request.Dialect.SnapshotIsolation, guard.Token).ConfigureAwait(false)
            : null;
        try
        {
            List<List<T>> rows = [];
            foreach (string[] part in parts)
            {
                using DbCommand command = CreateCommand(build(part), hasFilter: true, own ?? _request.Options.Transaction);
                rows.Add(await Read(guard, command, _ => { }, reader => read(reader, part)).ConfigureAwait(false));
            }

            return rows;
        }
        finally
        {
            if (own is not null)
            {
                // Nothing was written: rolled back or committed is the same.
                await _calls.End(own).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<List<T>> Read<T>(QueryGuard guard, DbCommand command, Action<DbDataReader> start, Func<DbDataReader, T> read)
    {
        _request.Options.StatementLog?.Invoke(command.CommandText);
        using (CommandCancellation cancellation = guard.CancelWhenAsked(command))
        {
            return await _calls.Read(command, start, read, cancellation.Token).ConfigureAwait(false);
        }
    }

    private DbCommand CreateCommand(string text, bool hasFilter, DbTransaction? transaction)
    {
        DbCommand command = _connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        if (_request.Options.Timeout is { } timeout)
        {
            // The guard cancels in time, which leaves the connection whole; the provider's own limit, which may not, is for when that fails.
            command.CommandTimeout = (int)Math.Min(int.MaxValue, Math.Ceiling(timeout.TotalSeconds) + SecondsToCancel);
        }

        foreach (var (name, value) in _request.Source.Parameters)
        {
            AddParameter(command, name, value);
        }

        for (int i = 0; hasFilter && i < _request.Options.Filter.Count; i++)
        {
            SqlCondition condition = _request.Options.Filter[i];
            if (condition.HasValue)
            {
                AddParameter(command, MomentsStatement.FilterParameter(i), condition.Value);
            }
        }

        return command;
    }

    private static void AddParameter(DbCommand command, string name, object? value)
    {
        DbParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    /// <summary>The parts of each row, which the statements give in the same order.</summary>
    private List<IReadOnlyList<MomentsRow>> Together(List<List<MomentsRow>> parts)
    {
        List<MomentsRow> first = parts[0];
        if (parts.Any(part => part.Count != first.Count || part.Where((row, i) => !Equals(row.Key, first[i].Key)).Any()))
        {
            throw new InvalidOperationException(
                $"{_request.Source} had other values of '{_request.KeyColumn}' when the next of its {_request.Columns.Count} columns were read: " +
                "others write to it, and the transaction does not keep them out. Give a transaction of a stricter isolation.");
        }

        return [.. Enumerable.Range(0, first.Count).Select(row => (IReadOnlyList<MomentsRow>)[.. parts.Select(part => part[row])])];
    }
}
