using System.Data;
using System.Data.Common;
using System.Diagnostics;

namespace MLNet.BatchNorm.Sql;

/// <summary>Stops statements when the caller's token is canceled or time is up, and says of an error which of all it was.</summary>
internal sealed class QueryGuard : IDisposable
{
    private readonly DbConnection _connection;
    private readonly MomentsRequest _request;
    private readonly CancellationTokenSource _stop;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public QueryGuard(DbConnection connection, MomentsRequest request, CancellationToken cancellationToken)
    {
        _connection = connection;
        _request = request;
        CallersToken = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (request.Options.Timeout is { } timeout)
        {
            _stop.CancelAfter(timeout);
        }
    }

    /// <summary>The caller's token.</summary>
    public CancellationToken CallersToken { get; }

    /// <summary>Canceled with the caller's, and when time is up.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose() => _stop.Dispose();

    /// <summary>Until it is disposed of, the command is canceled with <see cref="Token"/>: blocking calls take no token.</summary>
    public CommandCancellation CancelWhenAsked(DbCommand command)
    {
        Token.ThrowIfCancellationRequested();
        return new CommandCancellation(command, Token);
    }

    /// <summary>The exception to throw instead of a provider's; null for those that speak for themselves.</summary>
    public Exception? Explain(Exception exception)
    {
        if (CallersToken.IsCancellationRequested)
        {
            return new OperationCanceledException($"Reading the moments of {_request.Source} was canceled; there is no result.", exception, CallersToken);
        }

        bool isProviders = exception is DbException or OperationCanceledException or TimeoutException or IOException;
        if (isProviders && (Token.IsCancellationRequested || exception is TimeoutException || exception.InnerException is TimeoutException))
        {
            return new TimeoutException(
                $"Reading the moments of {_request.Source} was not done after {_clock.Elapsed.TotalSeconds:F1} s, and was stopped; there is no result. " +
                $"Set {nameof(SqlMomentsOptions)}.{nameof(SqlMomentsOptions.Timeout)} higher, or read less.",
                exception);
        }

        if (isProviders && _connection.State is (ConnectionState.Closed or ConnectionState.Broken))
        {
            return new InvalidOperationException(
                $"The connection to {_request.Dialect.Name} could not be opened or was lost while the moments of {_request.Source} were read; there is no result. " +
                $"Open it again and repeat. {exception.Message}",
                exception);
        }

        return isProviders
            ? new InvalidOperationException($"{_request.Dialect.Name} refused to read the moments of {_request.Source}: {exception.Message}", exception)
            : null;
    }
}
