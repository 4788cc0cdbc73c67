namespace Microsoft.ML.Runtime;

/// <summary>The environment of one <see cref="MLContext"/>, and, as a child of it, the host of one component.</summary>
internal sealed class LocalEnvironment : IHost
{
    private readonly LocalEnvironment? _parent;
    private readonly Lock _randomLock = new();
    private readonly string _name;

    public LocalEnvironment(int? seed)
    {
        _name = "";
        Seed = seed;
        Rand = TauswortheHybrid.Create(seed);
    }

    private LocalEnvironment(LocalEnvironment parent, string name, Random random)
    {
        _parent = parent;
        _name = name;
        Seed = parent.Seed;
        Rand = random;
    }

    /// <summary>Raised at the root, whichever host's channel sends.</summary>
    public event Action<string, ChannelMessage>? MessageSent;

    /// <summary>The seed that the user gave to the context, or null.</summary>
    public int? Seed { get; }

    public Random Rand { get; }

    public string ContextDescription => FullName.Length == 0 ? "HostEnvironment" : FullName;

    // A host names itself after its parent's parent, as in ML.NET; messages there show "grandparent; host; channel".
    private string FullName => Qualify(_parent?._parent?.FullName, _name);

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_randomLock)
        {
            return new LocalEnvironment(this, name, seed is null ? new TauswortheHybrid(Rand) : TauswortheHybrid.Create(seed));
        }
    }

    public IChannel Start(string name) => new Channel(this, Qualify(FullName, name));

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        ex.Data["Throwing component"] = ContextDescription;
        return ex;
    }

    private static string Qualify(string? owner, string name) => string.IsNullOrEmpty(owner) ? name : $"{owner}; {name}";

    private void Send(string source, ChannelMessage message)
    {
        var root = this;
        while (root._parent is { } parent)
        {
            root = parent;
        }

        root.MessageSent?.Invoke(source, message);
    }

    private sealed class Channel : IChannel
    {
        private readonly LocalEnvironment _environment;
        private readonly long _started = System.Diagnostics.Stopwatch.GetTimestamp();
        private readonly string _source;
        private bool _disposed;

        public Channel(LocalEnvironment environment, string source)
        {
            _environment = environment;
            _source = source;
            Trace(MessageSensitivity.None, "Channel started");
        }

        public string ContextDescription => _source;

        public TException Process<TException>(TException ex)
            where TException : Exception => _environment.Process(ex);

        public void Send(ChannelMessage msg) => _environment.Send(_source, msg);

        public void Trace(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt));

        public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) =>
            Send(new(ChannelMessageKind.Trace, sensitivity, fmt, args));

        public void Error(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Error, sensitivity, fmt));

        public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) =>
            Send(new(ChannelMessageKind.Error, sensitivity, fmt, args));

        public void Warning(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt));

        public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) =>
            Send(new(ChannelMessageKind.Warning, sensitivity, fmt, args));

        public void Info(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Info, sensitivity, fmt));

        public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) =>
            Send(new(ChannelMessageKind.Info, sensitivity, fmt, args));

        public void Dispose()
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            Trace(MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", System.Diagnostics.Stopwatch.GetElapsedTime(_started));
            Trace(MessageSensitivity.None, "Channel disposed");
        }
    }
}
