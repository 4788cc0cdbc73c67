using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>Whether, and from where, a training can go on from a trained network.</summary>
internal static class NetworkContinuation
{
    /// <summary>The network, if the options describe it.</summary>
    /// <exception cref="ArgumentException">It is for another task, or has other layers.</exception>
    public static FittedNetwork Check(MultilayerPerceptronModel model, NetworkTask task, MultilayerPerceptronOptions options)
    {
        if (model.Fitted.Task != task)
        {
            throw new ArgumentException(
                $"Expected a model for {NetworkText.Of(task)}, as this trainer is, and found one for {NetworkText.Of(model.Fitted.Task)}.", nameof(model));
        }
        (string expected, string found) = (Layers(options), Layers(model.Options));
        return expected == found ? model.Fitted : throw new ArgumentException(
            $"Expected a model of the layers that the options of this trainer have, {expected}; found {found}. Make the trainer with model.Options, changed in what does not make layers.",
            nameof(model));
    }

    /// <summary>Where the training begins; <see langword="null"/> without a network to go on from.</summary>
    public static TrainingStart? Start(FittedNetwork? trained, MultilayerPerceptronOptions options)
    {
        if (trained is null)
        {
            return null;
        }
        TrainingState? state = trained.State;
        if (state is not null && trained.Options.Optimizer.GetType() != options.Optimizer.GetType())
        {
            state = state with { Optimizer = null };
        }
        return new TrainingStart(trained.Network, trained.EpochCount, state);
    }

    private static string Layers(MultilayerPerceptronOptions options) => options.HiddenLayers.IsEmpty ? "no hidden layers" : string.Create(
        CultureInfo.InvariantCulture,
        $"HiddenLayers [{string.Join(", ", options.HiddenLayers)}] with {options.Activation} and {NetworkText.Of(options.Normalization, options.NormalizationPlacement, options.GroupCount)}{(options.Normalization == NetworkNormalization.None ? "" : $" of epsilon {options.NormalizationEpsilon:R}")}");
}
