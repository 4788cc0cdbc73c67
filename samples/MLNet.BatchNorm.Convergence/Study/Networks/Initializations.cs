namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>The scales of the initial weights.</summary>
public static class Initializations
{
    /// <summary>The usual one, which suits the width of the layer.</summary>
    public const string Xavier = "Xavier";

    /// <summary>Too small: the signal fades from layer to layer.</summary>
    public const string Small = "normal, standard deviation 0.01";

    /// <summary>Too large: activations saturate or explode.</summary>
    public const string Large = "normal, standard deviation 1";

    /// <summary>All of them, from the smallest weights to the largest.</summary>
    public static IReadOnlyList<string> All { get; } = [Small, Xavier, Large];

    /// <summary>The initialization of that name.</summary>
    public static WeightInitialization Of(string name) => name switch
    {
        Small => new WeightInitialization.Normal(0.01),
        Large => new WeightInitialization.Normal(1),
        Xavier => new WeightInitialization.Xavier(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, $"Expected one of: {string.Join("; ", All)}."),
    };
}
