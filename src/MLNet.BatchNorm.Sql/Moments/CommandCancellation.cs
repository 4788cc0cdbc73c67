using System.Data.Common;
using System.Diagnostics;

namespace MLNet.BatchNorm.Sql;

/// <summary>
/// Cancels a command once a token is canceled, and again until the command has ended: a server that is just about to run it does not hear the
/// first time. As there are drivers that ask their server only once (Npgsql), the first time is not before it has had a moment to begin.
/// </summary>
internal sealed class CommandCancellation : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _asked = new();
    private readonly DbCommand _command;
    private readonly Timer _timer;
    private readonly CancellationTokenRegistration _registration;
    private bool _hasEnded;

    public CommandCancellation(DbCommand command, CancellationToken token)
    {
        _command = command;
        _timer = new Timer(_ => Cancel());
        _registration = token.Register(() => _timer.Change(RestOfTheFirstInterval(), Interval));
    }

    /// <summary>For asynchronous calls to the command: canceled when it is.</summary>
    public CancellationToken Token => _asked.Token;

    /// <summary>The command has ended; it is not canceled any more once this has returned.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        _timer.Dispose();
        lock (_lock)
        {
            _hasEnded = true;
        }
        _asked.Dispose();
    }

    private TimeSpan RestOfTheFirstInterval()
    {
        TimeSpan rest = Interval - Stopwatch.GetElapsedTime(_start);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private void Cancel()
    {
        lock (_lock)
        {
            if (_hasEnded)
            {
                return;
            }

            try
            {
                _command.Cancel();
            }
            catch (Exception exception) when (exception is DbException or InvalidOperationException or NotSupportedException)
            {
                // The connection has gone, or has just been closed, or the driver can stop nothing: the command itself says what of it. An exception of a
                // timer would end the process.
            }

            _asked.Cancel();
        }
    }
}
