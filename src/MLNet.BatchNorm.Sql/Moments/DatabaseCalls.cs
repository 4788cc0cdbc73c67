using System.Data;
using System.Data.Common;

namespace MLNet.BatchNorm.Sql;

/// <summary>The calls to ADO.NET, each either way: blocking, or asynchronously. Blocking ones have ended when they return.</summary>
internal readonly struct DatabaseCalls(bool isAsync)
{
    public async ValueTask Open(DbConnection connection, CancellationToken token)
    {
        if (isAsync)
        {
            await connection.OpenAsync(token).ConfigureAwait(false);
        }
        else
        {
            connection.Open();
        }
    }

    public async ValueTask Close(DbConnection connection)
    {
        if (isAsync)
        {
            await connection.CloseAsync().ConfigureAwait(false);
        }
        else
        {
            connection.Close();
        }
    }

    public async ValueTask<DbTransaction> Begin(DbConnection connection, IsolationLevel isolation, CancellationToken token) => isAsync
        ? await connection.BeginTransactionAsync(isolation, token).ConfigureAwait(false)
        : connection.BeginTransaction(isolation);

    public async ValueTask End(DbTransaction transaction)
    {
        if (isAsync)
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            transaction.Dispose();
        }
    }

    /// <summary>Runs a command and hands every row to a function; the reader itself first, with no row under it.</summary>
    public async ValueTask<List<T>> Read<T>(DbCommand command, Action<DbDataReader> start, Func<DbDataReader, T> read, CancellationToken token)
    {
        var rows = new List<T>();
        DbDataReader reader = isAsync
            ? await command.ExecuteReaderAsync(token).ConfigureAwait(false)
            : command.ExecuteReader();
        try
        {
            start(reader);
            while (isAsync ? await reader.ReadAsync(token).ConfigureAwait(false) : reader.Read())
            {
                token.ThrowIfCancellationRequested();
                rows.Add(read(reader));
            }
        }
        finally
        {
            if (isAsync)
            {
                await reader.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                reader.Dispose();
            }
        }

        return rows;
    }
}
