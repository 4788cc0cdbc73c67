using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>The options of a network's training in the statistics entry; those that only say how the training runs are left out.</summary>
internal static class NetworkOptionsState
{
    private enum OptimizerKind
    {
        Sgd,
        Adam,
        AdamW,
    }

    private enum ScheduleKind
    {
        Constant,
        Cosine,
        StepDecay,
    }

    private enum InitializationKind
    {
        He,
        Xavier,
        Normal,
    }

    // *** Binary format ***
    // string: label column; string: feature column; string or null: weight column
    // ints: hidden layers; enum: activation; enum: normalization; enum: its placement; double: momentum; double: epsilon
    // enum: optimizer, 0 SGD (double: momentum; flag: Nesterov), 1 Adam or 2 AdamW (doubles one by one: beta1, beta2, epsilon)
    // double: learning rate; enum: schedule, 0 constant, 1 cosine (double: final fraction), 2 steps (int: epochs, double: factor)
    // int: warm-up epochs; int: batch size; int: epochs; double: weight decay; double: dropout
    // enum: initialization, 0 He, 1 Xavier, 2 normal (double: standard deviation)
    // optional double: gradient clipping; double: validation fraction; optional int: patience; int: seed
    // since version 2: enum: statistics of the normalization
    // since version 3: int: groups; optional int: rows of a ghost batch
    public static void Write(StatisticsWriter writer, MultilayerPerceptronOptions options)
    {
        writer.WriteString(options.LabelColumnName);
        writer.WriteString(options.FeatureColumnName);
        writer.WriteString(options.ExampleWeightColumnName);
        writer.WriteInt32s(options.HiddenLayers.AsSpan());
        writer.WriteEnum(options.Activation);
        writer.WriteEnum(options.Normalization);
        writer.WriteEnum(options.NormalizationPlacement);
        writer.WriteDouble(options.BatchNormMomentum);
        writer.WriteDouble(options.NormalizationEpsilon);
        WriteOptimizer(writer, options.Optimizer);
        writer.WriteDouble(options.LearningRate);
        WriteSchedule(writer, options.LearningRateSchedule);
        writer.WriteInt32(options.WarmUpEpochs);
        writer.WriteInt32(options.BatchSize);
        writer.WriteInt32(options.Epochs);
        writer.WriteDouble(options.WeightDecay);
        writer.WriteDouble(options.Dropout);
        WriteInitialization(writer, options.Initialization);
        writer.WriteOptional(options.GradientClipping, writer.WriteDouble);
        writer.WriteDouble(options.ValidationFraction);
        writer.WriteOptional(options.EarlyStoppingPatience, writer.WriteInt32);
        writer.WriteInt32(options.Seed);
        writer.WriteEnum(options.NormalizationStatistics);
        writer.WriteInt32(options.GroupCount);
        writer.WriteOptional(options.GhostBatchSize, writer.WriteInt32);
    }

    // Initializers run in the order in which they are written: the order of the format.
    public static MultilayerPerceptronOptions Read(StatisticsReader reader)
    {
        var options = new MultilayerPerceptronOptions
        {
            LabelColumnName = reader.ReadString(),
            FeatureColumnName = reader.ReadString(),
            ExampleWeightColumnName = reader.ReadStringOrNull(),
            HiddenLayers = [.. reader.ReadInt32s()],
            Activation = reader.ReadEnum<ActivationFunction>(),
            Normalization = reader.ReadEnum<NetworkNormalization>(),
            NormalizationPlacement = reader.ReadEnum<NormalizationPlacement>(),
            BatchNormMomentum = reader.ReadDouble(),
            NormalizationEpsilon = reader.ReadDouble(),
            Optimizer = ReadOptimizer(reader),
            LearningRate = reader.ReadDouble(),
            LearningRateSchedule = ReadSchedule(reader),
            WarmUpEpochs = reader.ReadInt32(),
            BatchSize = reader.ReadInt32(),
            Epochs = reader.ReadInt32(),
            WeightDecay = reader.ReadDouble(),
            Dropout = reader.ReadDouble(),
            Initialization = ReadInitialization(reader),
            GradientClipping = reader.ReadOptional(reader.ReadDouble),
            ValidationFraction = reader.ReadDouble(),
            EarlyStoppingPatience = reader.ReadOptional(reader.ReadInt32),
            Seed = reader.ReadInt32(),
            NormalizationStatistics = reader.Version >= 2 ? reader.ReadEnum<NormalizationStatistics>() : NormalizationStatistics.Running,
            GroupCount = reader.Version >= 3 ? reader.ReadInt32() : MultilayerPerceptronOptions.DefaultGroupCount,
            GhostBatchSize = reader.Version >= 3 ? reader.ReadOptional(reader.ReadInt32) : null,
        };
        options.Validate();
        return options;
    }

    private static void WriteOptimizer(StatisticsWriter writer, NetworkOptimizer optimizer)
    {
        if (optimizer is NetworkOptimizer.Sgd sgd)
        {
            writer.WriteEnum(OptimizerKind.Sgd);
            writer.WriteDouble(sgd.Momentum);
            writer.WriteBoolean(sgd.Nesterov);
            return;
        }
        var adam = (NetworkOptimizer.Adam)optimizer;
        writer.WriteEnum(adam is NetworkOptimizer.AdamW ? OptimizerKind.AdamW : OptimizerKind.Adam);
        writer.WriteDouble(adam.Beta1);
        writer.WriteDouble(adam.Beta2);
        writer.WriteDouble(adam.Epsilon);
    }

    private static NetworkOptimizer ReadOptimizer(StatisticsReader reader) => reader.ReadEnum<OptimizerKind>() switch
    {
        OptimizerKind.Sgd => new NetworkOptimizer.Sgd { Momentum = reader.ReadDouble(), Nesterov = reader.ReadBoolean() },
        OptimizerKind.Adam => new NetworkOptimizer.Adam { Beta1 = reader.ReadDouble(), Beta2 = reader.ReadDouble(), Epsilon = reader.ReadDouble() },
        _ => new NetworkOptimizer.AdamW { Beta1 = reader.ReadDouble(), Beta2 = reader.ReadDouble(), Epsilon = reader.ReadDouble() },
    };

    private static void WriteSchedule(StatisticsWriter writer, LearningRateSchedule schedule)
    {
        switch (schedule)
        {
            case LearningRateSchedule.Cosine cosine:
                writer.WriteEnum(ScheduleKind.Cosine);
                writer.WriteDouble(cosine.FinalFraction);
                break;
            case LearningRateSchedule.StepDecay steps:
                writer.WriteEnum(ScheduleKind.StepDecay);
                writer.WriteInt32(steps.EpochsPerStep);
                writer.WriteDouble(steps.StepFactor);
                break;
            default:
                writer.WriteEnum(ScheduleKind.Constant);
                break;
        }
    }

    private static LearningRateSchedule ReadSchedule(StatisticsReader reader) => reader.ReadEnum<ScheduleKind>() switch
    {
        ScheduleKind.Cosine => new LearningRateSchedule.Cosine { FinalFraction = reader.ReadDouble() },
        ScheduleKind.StepDecay => new LearningRateSchedule.StepDecay { EpochsPerStep = reader.ReadInt32(), StepFactor = reader.ReadDouble() },
        _ => new LearningRateSchedule.Constant(),
    };

    private static void WriteInitialization(StatisticsWriter writer, WeightInitialization initialization)
    {
        writer.WriteEnum(initialization switch
        {
            WeightInitialization.Normal => InitializationKind.Normal,
            WeightInitialization.Xavier => InitializationKind.Xavier,
            _ => InitializationKind.He,
        });
        if (initialization is WeightInitialization.Normal normal)
        {
            writer.WriteDouble(normal.Deviation);
        }
    }

    private static WeightInitialization ReadInitialization(StatisticsReader reader) => reader.ReadEnum<InitializationKind>() switch
    {
        InitializationKind.Normal => new WeightInitialization.Normal(reader.ReadDouble()),
        InitializationKind.Xavier => new WeightInitialization.Xavier(),
        _ => new WeightInitialization.He(),
    };
}
