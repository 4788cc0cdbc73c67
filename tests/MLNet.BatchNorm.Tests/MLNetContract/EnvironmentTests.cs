using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.BatchNorm.Tests.MLNetContract;

/// <summary>Messages and random numbers of a context.</summary>
public class EnvironmentTests
{
    [Fact]
    public void Messages_of_any_host_reach_the_context_with_their_source_and_kind()
    {
        var context = new MLContext(seed: 1);
        var messages = new List<LoggingEventArgs>();
        context.Log += (_, message) => messages.Add(message);
        var host = ((IHostEnvironment)context).Register("Scaler");

        using (var channel = host.Start("Fit"))
        {
            channel.Info(MessageSensitivity.None, "{0} rows", 3);
            channel.Warning(MessageSensitivity.Schema, "Column {constant}");
        }

        var own = messages.Where(message => message.Source == "Scaler; Fit").ToList();
        own.Select(message => message.Kind).Should().Equal(
            ChannelMessageKind.Trace, ChannelMessageKind.Info, ChannelMessageKind.Warning, ChannelMessageKind.Trace, ChannelMessageKind.Trace);
        own[0].RawMessage.Should().Be("Channel started");
        own[1].Message.Should().Be("[Source=Scaler; Fit, Kind=Info] 3 rows");
        own[2].RawMessage.Should().Be("Column {constant}", "a message without arguments is no format");
        own[3].RawMessage.Should().StartWith("Channel finished. Elapsed ");
        own[4].RawMessage.Should().Be("Channel disposed");
    }

    [Fact]
    public void A_channel_of_the_context_is_named_after_itself()
    {
        var context = new MLContext();
        string? source = null;
        context.Log += (_, message) => source = message.Source;

        using (((IHostEnvironment)context).Start("Work"))
        {
            source.Should().Be("Work");
        }
    }

    [Fact]
    public void Hosts_draw_ML_NETs_random_numbers_from_the_contexts_seed()
    {
        var context = (IHostEnvironment)new MLContext(seed: 1);
        var host = context.Register("First");
        var seeded = context.Register("Second", seed: 7);

        // Read off Microsoft.ML 5.0.1.
        Enumerable.Range(0, 4).Select(_ => host.Rand.Next(1000)).Should().Equal(408, 466, 532, 933);
        Enumerable.Range(0, 4).Select(_ => seeded.Rand.Next(1000)).Should().Equal(670, 625, 838, 193);
        seeded.Rand.NextDouble().Should().Be(0.6208119671791792);
        seeded.Rand.Next(-5, 5).Should().Be(4);
        seeded.Rand.Next().Should().Be(1522573860);
    }

    [Fact]
    public void An_unnamed_host_is_refused()
    {
        var context = (IHostEnvironment)new MLContext();

        context.Invoking(c => c.Register("")).Should().Throw<ArgumentOutOfRangeException>();
    }
}
