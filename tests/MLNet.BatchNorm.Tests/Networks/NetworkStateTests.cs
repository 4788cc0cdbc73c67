using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>States of networks that no save has written, past the checksum: an error that says so, and no memory for what is not there.</summary>
public class NetworkStateTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly DataViewSchema Label = LabelSchema();
    private static readonly byte[] State = Write(writer => NetworkState.Write(writer, Fitted()));

    [Fact]
    public void A_state_is_read_as_it_was_written()
    {
        var read = NetworkState.Read(new StatisticsReader(State, "test", NetworkState.Version));

        read.Should().BeEquivalentTo(Fitted(), options => options.WithStrictOrdering().Excluding(fitted => fitted.LabelSchema).Excluding(fitted => fitted.Label));
        SchemaText.Of(read.LabelSchema).Should().Equal(SchemaText.Of(Label));
    }

    [Fact]
    public void Any_byte_turned_gives_a_transformer_or_an_exception_that_means_damage()
    {
        int refused = 0;
        for (int position = 0; position < State.Length; position++)
        {
            byte[] forged = [.. State];
            forged[position] ^= 0xFF;
            refused += IsRefused(forged) ? 1 : 0;
        }
        refused.Should().BeGreaterThan(State.Length / 3, "most of what is written is checked");
    }

    [Fact]
    public void A_state_cut_off_anywhere_is_refused() =>
        Enumerable.Range(0, State.Length).Where(length => !IsRefused(State[..length])).Should().BeEmpty();

    [Fact]
    public void Layers_beyond_all_reason_allocate_nothing()
    {
        byte[] state = Write(writer =>
        {
            Begin(writer, [int.MaxValue, int.MaxValue]);
            writer.WriteInt32(3);
            writer.WriteDouble(0);
            writer.WriteDouble(1);
            writer.WriteInt32(1 << 29); // weights that are not there
        });
        long before = GC.GetAllocatedBytesForCurrentThread();

        IsRefused(state).Should().BeTrue();

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void Outputs_must_be_as_many_as_the_label_has_classes(int outputCount)
    {
        byte[] state = Write(writer =>
        {
            Begin(writer, []);
            writer.WriteInt32(outputCount);
        });

        Reading(state).Should().Throw<InvalidDataException>().WithMessage($"*Key*claims {outputCount} outputs*");
    }

    [Fact]
    public void A_weight_that_is_no_number_is_damage()
    {
        var fitted = Fitted();
        var layer = fitted.Network.Layers[0] with { Weights = [.. fitted.Network.Layers[0].Weights] };
        byte[] state = Write(writer => NetworkState.Write(writer, fitted));
        byte[] first = BitConverter.GetBytes(layer.Weights[0]);
        int position = state.AsSpan().IndexOf(first);
        BitConverter.GetBytes(float.NaN).CopyTo(state, position);

        Reading(state).Should().Throw<ArgumentException>().WithMessage("Layer 1: its weights are not all finite.");
    }

    [Theory]
    [InlineData(3e38f)]
    [InlineData(1e38f)]
    public void Weights_that_are_finite_but_would_score_nothing_finite_are_refused(float weight)
    {
        byte[] state = Write(writer => NetworkState.Write(writer, Fitted()));
        int position = state.AsSpan().IndexOf(MemoryMarshal.AsBytes<float>([0.1234567f, 2, 3, 4]));
        MemoryMarshal.AsBytes<float>([weight, weight, weight, weight]).CopyTo(state.AsSpan(position));

        Reading(state).Should().Throw<ArgumentException>().WithMessage("Layer *: its parameters are so large that scores would not be finite numbers.");
    }

    [Fact]
    public void The_schema_of_another_column_is_damage()
    {
        byte[] state = Write(writer =>
        {
            writer.WriteEnum(NetworkTask.MulticlassClassification);
            writer.WriteInt32s([2]);
            LabelState.Write(writer, Label[0]);
            NetworkOptionsState.Write(writer, new MultilayerPerceptronOptions { LabelColumnName = "Another" });
        });

        Reading(state).Should().Throw<InvalidDataException>().WithMessage("*holds label column 'Label', and options for 'Another'*");
    }

    [Fact]
    public void Classes_named_by_anything_but_dates_keep_their_names()
    {
        Check(TextDataViewType.Instance, "one".AsMemory(), ReadOnlyMemory<char>.Empty);
        Check(BooleanDataViewType.Instance, false, true);
        Check(NumberDataViewType.Single, 0.1f, float.MaxValue);
        Check(NumberDataViewType.Double, 0.1, double.MinValue);
        Check<sbyte>(NumberDataViewType.SByte, -128, 127);
        Check<byte>(NumberDataViewType.Byte, 0, 255);
        Check(NumberDataViewType.Int16, short.MinValue, short.MaxValue);
        Check<ushort>(NumberDataViewType.UInt16, 0, ushort.MaxValue);
        Check(NumberDataViewType.Int32, int.MinValue, int.MaxValue);
        Check<uint>(NumberDataViewType.UInt32, 0, uint.MaxValue);
        Check(NumberDataViewType.Int64, long.MinValue, long.MaxValue);
        Check<ulong>(NumberDataViewType.UInt64, 0, ulong.MaxValue);

        static void Check<T>(PrimitiveDataViewType type, params T[] names)
        {
            var label = ReadBack(KeyNamedBy(type, names));
            var read = default(VBuffer<T>);
            label.Annotations.GetValue("KeyValues", ref read);
            read.DenseValues().Select(value => $"{value}").Should().Equal(names.Select(value => $"{value}"));
        }
    }

    [Fact]
    public void Labels_of_every_type_come_back_and_names_of_another_type_are_refused()
    {
        foreach (DataViewType type in (DataViewType[])[BooleanDataViewType.Instance, NumberDataViewType.Single, NumberDataViewType.Double, new KeyDataViewType(typeof(uint), 7)])
        {
            var builder = new DataViewSchema.Builder();
            builder.AddColumn("L", type);
            var label = ReadBack(builder.ToSchema()[0]);
            (label.Name, label.Type).Should().Be(("L", type));
        }
        ((Action)(() => ReadBack(KeyNamedBy(RowIdDataViewType.Instance, [default(DataViewRowId)])))).Should().Throw<NotSupportedException>().WithMessage("*'Label'*cannot be saved*");
    }

    private static DataViewSchema.Column ReadBack(DataViewSchema.Column label) =>
        LabelState.Read(new StatisticsReader(Write(writer => LabelState.Write(writer, label)), "test", NetworkState.Version))[0];

    private static DataViewSchema.Column KeyNamedBy<T>(PrimitiveDataViewType type, T[] names)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("KeyValues", new VectorDataViewType(type, names.Length), (ref VBuffer<T> target) => target = new VBuffer<T>(names.Length, names));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), names.Length), annotations.ToAnnotations());
        return builder.ToSchema()[0];
    }

    private static Action Reading(byte[] state) => () => NetworkState.Read(new StatisticsReader(state, "test", NetworkState.Version));

    private static void Begin(StatisticsWriter writer, int[] hiddenLayers)
    {
        writer.WriteEnum(NetworkTask.MulticlassClassification);
        writer.WriteInt32s([2]);
        LabelState.Write(writer, Label[0]);
        NetworkOptionsState.Write(writer, new MultilayerPerceptronOptions { HiddenLayers = [.. hiddenLayers] });
    }

    private static bool IsRefused(byte[] state)
    {
        try
        {
            var reader = new StatisticsReader(state, "test", NetworkState.Version);
            MultilayerPerceptronTransformer.FromState(reader, HostEnvironment.Of(Context.Model));
            reader.CheckAtEnd();
            return false;
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            // What the network's own checks refuse as an argument, StatisticsEntry reports as damage, too.
            return true;
        }
    }

    private static FittedNetwork Fitted()
    {
        var options = new MultilayerPerceptronOptions { HiddenLayers = [2], Seed = 5, KeepTrainingState = true };
        var network = new TrainedNetwork(
            NetworkTask.MulticlassClassification, 2, 3, ActivationFunction.ReLU,
            [
                new TrainedLayer([0.1234567f, 2, 3, 4], [5, 6], NetworkNormalization.Batch, NormalizationPlacement.BeforeActivation, [1, 2], [3, 4], [5, 6], [7, 8], options.NormalizationEpsilon),
                new TrainedLayer([1, 2, 3, 4, 5, 6], [7, 8, 9], NetworkNormalization.None, NormalizationPlacement.BeforeActivation, null, null, null, null, options.NormalizationEpsilon),
            ],
            0, 1);
        return new FittedNetwork(
            NetworkTask.MulticlassClassification, "Features", new VectorDataViewType(NumberDataViewType.Single, 1, 2), Label, options, network,
            [new EpochProgress { Epoch = 1, EpochCount = 2, TrainingLoss = 3, ValidationLoss = 4, LearningRate = 5, Elapsed = new TimeSpan(6), Activations = [new(7, 8, 9)] }])
        {
            EpochCount = 1,
            State = new TrainingState(
                new OptimizerState(7, [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10], [11, 12], [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], [1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4], [5, 6], [7, 8]]),
                [new RunningMomentsState(options.BatchNormMomentum, VarianceEstimator.Population, RunningStart.Debiased, 3, [1, 2], [3, 4], [0.25, 0.25], [3, 2])]),
        };
    }

    private static DataViewSchema LabelSchema() =>
        FittedNetwork.SchemaOf(Examples.WithKeys(Context, Examples.View(Context, ["a", "b", "c"], 2)).Schema["Label"]);

    private static byte[] Write(Action<StatisticsWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write(new StatisticsWriter(writer));
        writer.Flush();
        return stream.ToArray();
    }
}
