using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.BatchNorm.Interop;

/// <summary>The ML.NET environment that a catalog works in: where messages go. They come out at <see cref="MLContext.Log"/>.</summary>
internal sealed class HostEnvironment
{
    private readonly IHostEnvironment _environment;

    private HostEnvironment(IHostEnvironment environment) => _environment = environment;

    public static HostEnvironment Of(TransformsCatalog catalog) => new(MLNetInternals.EnvironmentOf(catalog));

    public static HostEnvironment Of(ModelOperationsCatalog catalog) => new(MLNetInternals.EnvironmentOf(catalog));

    public static HostEnvironment Of(TrainCatalogBase.CatalogInstantiatorBase trainers) => new(MLNetInternals.EnvironmentOf(trainers));

    /// <summary>Sends a piece of information from a component of the given name.</summary>
    public void Inform(string component, string message)
    {
        using IChannel channel = _environment.Start(component);
        channel.Info(MessageSensitivity.None, message);
    }

    /// <summary>Sends a warning from a component of the given name.</summary>
    public void Warn(string component, string message)
    {
        using IChannel channel = _environment.Start(component);
        channel.Warning(MessageSensitivity.None, message);
    }
}
