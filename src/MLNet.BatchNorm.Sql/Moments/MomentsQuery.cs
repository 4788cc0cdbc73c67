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
    public static async ValueTask<IReadOnlyList<IReadOnlyList<MomentsRow>>> Run(
        DbConnection connection, MomentsRequest request, bool isAsync, CancellationToken cancellationToken)
    {
        using var guard = new QueryGuard(connection, request, cancellationToken);
        var query = new MomentsQuery(connection, request, new DatabaseCalls(isAsync));
        try
        {
            return await query.RunOpen(guard).ConfigureAwait(false);
        }
        catch (Exception exception) when (guard.Explain(exception) is { } explained)
        {
            throw explained;
        }
    }

    private async ValueTask<IReadOnlyList<IReadOnlyList<MomentsRow>>> RunOpen(QueryGuard guard)
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

            var result = await ReadParts(guard).ConfigureAwait(false);
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

    private async ValueTask<IReadOnlyList<IReadOnlyList<MomentsRow>>> ReadParts(QueryGuard guard)
    {
        string[][] parts = [.. _request.Columns.Chunk(_request.FeaturesPerStatement)];
        DbTransaction? own = parts.Length > 1 && _request.Options.Transaction is null
            ? await _calls.Begin(_connection, _request.Dialect.SnapshotIsolation, guard.Token).ConfigureAwait(false)
            : null;
        try
        {
            List<IReadOnlyList<MomentsRow>> rows = [];
            foreach (string[] part in parts)
            {
                using DbCommand command = CreateCommand(MomentsStatement.Build(_request, part), hasFilter: true, own ?? _request.Options.Transaction);
                rows.Add(await Read(guard, command, _ => { }, reader => MomentsRow.Read(reader, part.Length)).ConfigureAwait(false));
            }

            return Together(rows);
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
        using (guard.CancelWhenAsked(command))
        {
            return await _calls.Read(command, start, read, guard.Token).ConfigureAwait(false);
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
    private List<IReadOnlyList<MomentsRow>> Together(List<IReadOnlyList<MomentsRow>> parts)
    {
        IReadOnlyList<MomentsRow> first = parts[0];
        if (parts.Any(part => part.Count != first.Count || part.Where((row, i) => !Equals(row.Key, first[i].Key)).Any()))
        {
            throw new InvalidOperationException(
                $"{_request.Source} had other values of '{_request.KeyColumn}' when the next of its {_request.Columns.Count} columns were read: " +
                "others write to it, and the transaction does not keep them out. Give a transaction of a stricter isolation.");
        }

        return [.. Enumerable.Range(0, first.Count).Select(row => (IReadOnlyList<MomentsRow>)[.. parts.Select(part => part[row])])];
    }
}
