namespace Microsoft.ML.Runtime;

/// <summary>Marks exceptions with the component that throws them.</summary>
public interface IExceptionContext
{
    string ContextDescription { get; }

    TException Process<TException>(TException ex)
        where TException : Exception;
}

/// <summary>Opens message channels.</summary>
public interface IChannelProvider : IExceptionContext
{
    IChannel Start(string name);
}

/// <summary>What components run in: messages, and children with random generators of their own.</summary>
public interface IHostEnvironment : IChannelProvider
{
    IHost Register(string name, int? seed = null, bool? verbose = null);
}

/// <summary>One component's environment.</summary>
public interface IHost : IHostEnvironment
{
    Random Rand { get; }
}
