using System.Collections.Immutable;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>The statistics entry of a <see cref="MultilayerPerceptronTransformer"/>: columns, options, layers, and how the training went.</summary>
internal static class NetworkState
{
    public const string Kind = "MultilayerPerceptron";
    public const int Version = 3;

    // *** Binary format ***
    // enum: task, 0 two classes, 1 more, 2 regression
    // ints: dimensions of the feature column
    // label column (LabelState)
    // options (NetworkOptionsState)
    // int: outputs; double: mean of the target, double: its scale; 0 and 1 for classes
    // for each layer, one more than the options have hidden ones
    //   singles: weights, [outputs, inputs]; singles: bias
    //   of hidden layers that are normalized: doubles: gamma, doubles: beta and, where over batches, doubles: running mean, doubles: running variance
    // history (EpochHistoryState)
    // since version 2: int: epochs of it that the network has come through; flag: whether the state of the training follows
    //   (TrainingStateFormat)
    public static void Write(StatisticsWriter writer, FittedNetwork fitted)
    {
        var network = fitted.Network;
        writer.WriteEnum(fitted.Task);
        writer.WriteInt32s(fitted.FeatureType.Dimensions.AsSpan());
        LabelState.Write(writer, fitted.Label);
        NetworkOptionsState.Write(writer, fitted.Options);
        writer.WriteInt32(network.OutputCount);
        writer.WriteDouble(network.TargetMean);
        writer.WriteDouble(network.TargetScale);
        foreach (TrainedLayer layer in network.Layers)
        {
            writer.WriteSingles(layer.Weights);
            writer.WriteSingles(layer.Bias);
            foreach (double[]? parameters in (double[]?[])[layer.Gamma, layer.Beta, layer.RunningMean, layer.RunningVariance])
            {
                if (parameters is not null)
                {
                    writer.WriteDoubles(parameters);
                }
            }
        }
        EpochHistoryState.Write(writer, fitted.History);
        writer.WriteInt32(fitted.EpochCount);
        writer.WriteBoolean(fitted.State is not null);
        if (fitted.State is { } state)
        {
            TrainingStateFormat.Write(writer, state);
        }
    }

    public static FittedNetwork Read(StatisticsReader reader)
    {
        var task = reader.ReadEnum<NetworkTask>();
        int[] dimensions = reader.ReadInt32s();
        // As a product of doubles, which cannot overflow.
        double featureCount = dimensions.Aggregate(1.0, (product, dimension) => product * dimension);
        if (dimensions.Length == 0 || dimensions.Any(dimension => dimension < 1) || featureCount > int.MaxValue)
        {
            throw reader.Damaged($"the feature column claims the dimensions [{string.Join(", ", dimensions)}]");
        }
        var labels = LabelState.Read(reader);
        var options = NetworkOptionsState.Read(reader);
        if (labels[0].Name != options.LabelColumnName)
        {
            throw reader.Damaged($"it holds label column '{labels[0].Name}', and options for '{options.LabelColumnName}'");
        }
        int outputCount = reader.ReadInt32();
        if (outputCount < 1 || (task != NetworkTask.MulticlassClassification && outputCount != 1)
            || (task == NetworkTask.MulticlassClassification && (labels[0].Type as KeyDataViewType)?.Count != (ulong)outputCount))
        {
            throw reader.Damaged($"a network for {task} and a label of type {labels[0].Type} claims {outputCount} outputs");
        }
        var network = ReadNetwork(reader, task, (int)featureCount, outputCount, options);
        var history = EpochHistoryState.Read(reader);
        int epochCount = reader.Version >= 2 ? reader.ReadInt32() : EpochOf(options, history);
        if (epochCount < 0 || epochCount > history.Length)
        {
            throw reader.Damaged($"a network of {epochCount} epochs has a history of {history.Length}");
        }
        TrainingState? state = reader.Version >= 2 && reader.ReadBoolean() ? TrainingStateFormat.Read(reader, network, options) : null;
        return new FittedNetwork(
            task, options.FeatureColumnName, new VectorDataViewType(NumberDataViewType.Single, dimensions), labels,
            options with { KeepTrainingState = state is not null }, network, history)
        {
            EpochCount = epochCount,
            State = state,
        };
    }

    // Version 1 did not say which epoch's network early stopping had returned: that of the lowest validation loss.
    private static int EpochOf(MultilayerPerceptronOptions options, ImmutableArray<EpochProgress> history)
    {
        if (options.EarlyStoppingPatience is null || history.Any(epoch => epoch.ValidationLoss is null))
        {
            return history.Length;
        }
        double lowest = history.Select(epoch => epoch.ValidationLoss!.Value).DefaultIfEmpty().Min();
        return 1 + history.TakeWhile(epoch => epoch.ValidationLoss > lowest).Count();
    }

    private static TrainedNetwork ReadNetwork(
        StatisticsReader reader, NetworkTask task, int featureCount, int outputCount, MultilayerPerceptronOptions options)
    {
        (double targetMean, double targetScale) = (reader.ReadDouble(), reader.ReadDouble());
        var layers = ImmutableArray.CreateBuilder<TrainedLayer>();
        foreach (int width in options.HiddenLayers)
        {
            layers.Add(ReadLayer(reader, width, options.Normalization, options));
        }
        layers.Add(ReadLayer(reader, outputCount, NetworkNormalization.None, options));
        return new TrainedNetwork(task, featureCount, outputCount, options.Activation, layers.ToImmutable(), targetMean, targetScale);
    }

    private static TrainedLayer ReadLayer(StatisticsReader reader, int width, NetworkNormalization normalization, MultilayerPerceptronOptions options)
    {
        bool hasParameters = normalization != NetworkNormalization.None;
        bool hasStatistics = hasParameters && options.NormalizesOverBatches;
        return new TrainedLayer(
            reader.ReadSingles(),
            reader.ReadSingles(width),
            normalization,
            options.NormalizationPlacement,
            hasParameters ? reader.ReadDoubles(width) : null,
            hasParameters ? reader.ReadDoubles(width) : null,
            hasStatistics ? reader.ReadDoubles(width) : null,
            hasStatistics ? reader.ReadDoubles(width) : null,
            options.NormalizationEpsilon)
        {
            GroupCount = normalization == NetworkNormalization.Group ? options.GroupCount : 1,
        };
    }
}
