using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace MLNet.BatchNorm.Sql.Tests.Moments;

/// <summary>When a command is told to stop.</summary>
public class CommandCancellationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_command_is_asked_once_it_has_had_a_moment_to_begin_and_again_until_it_has_ended()
    {
        using var source = new CancellationTokenSource();
        using var command = new Command();
        using (var cancellation = new CommandCancellation(command, source.Token))
        {
            source.Cancel();
            command.Asked.Wait(Patience).Should().BeTrue();
            command.AskedAfter.Should().BeGreaterThan(TimeSpan.FromMilliseconds(80), "a driver may ask its server only once, and the server must have begun to hear it");
            command.AskedAgain.Wait(Patience).Should().BeTrue();
            cancellation.Token.WaitHandle.WaitOne(Patience).Should().BeTrue();
        }

        int count = command.Count;
        Thread.Sleep(300);
        command.Count.Should().Be(count);
    }

    [Fact]
    public void A_driver_that_can_stop_nothing_ends_no_process()
    {
        using var source = new CancellationTokenSource();
        using var command = new Command { Refusal = new NotSupportedException() };
        using var cancellation = new CommandCancellation(command, source.Token);
        source.Cancel();
        command.AskedAgain.Wait(Patience).Should().BeTrue();
        cancellation.Token.IsCancellationRequested.Should().BeTrue();
    }

    private sealed class Command : SqliteCommand
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public ManualResetEventSlim Asked { get; } = new();

        public ManualResetEventSlim AskedAgain { get; } = new();

        public TimeSpan AskedAfter { get; private set; }

        public int Count { get; private set; }

        public Exception? Refusal { get; init; }

        public override void Cancel()
        {
            if (Count++ == 0)
            {
                AskedAfter = Stopwatch.GetElapsedTime(_start);
                Asked.Set();
            }
            else
            {
                AskedAgain.Set();
            }

            if (Refusal is not null)
            {
                throw Refusal;
            }
        }
    }
}
