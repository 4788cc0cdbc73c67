using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Five training steps from the same parameters on the same batches end where PyTorch's end.</summary>
public sealed class PyTorchTrainingTests
{
    private const string File = "network_steps.json";
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Names => GoldenFile.Names(File);

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_and_losses_are_PyTorchs(string name)
    {
        GoldenCase golden = GoldenFile.Case(File, name);
        var task = golden.Text("task") switch
        {
            "binary" => NetworkTask.BinaryClassification,
            "multiclass" => NetworkTask.MulticlassClassification,
            _ => NetworkTask.Regression,
        };
        var options = Options(golden);
        int rows = golden.Shape("targets")[1];
        var network = new NeuralNetwork(golden.Shape("features")[2], golden.Integer("outputs"), options, rows, team: null);
        Load(network, golden.At("initial"));
        var update = new NetworkUpdate(network, options);
        for (int step = 0; step < golden.Shape("targets")[0]; step++)
        {
            double loss = network.ComputeGradients(task, golden.Numbers<float>("features", step), golden.Numbers<float>("targets", step), default);
            update.Step(options.LearningRate);

            loss.Should().BeApproximately(golden.Number("expected", "losses", step), Tolerance);
        }

        Check(network, golden.At("expected"));
    }

    private static MultilayerPerceptronOptions Options(GoldenCase golden) => PlainOptions.Value with
    {
        HiddenLayers = [6, 4],
        Activation = Enum.Parse<ActivationFunction>(golden.Text("activation")),
        Normalization = Enum.Parse<NetworkNormalization>(golden.Text("normalization")),
        NormalizationPlacement = Enum.Parse<NormalizationPlacement>(golden.Text("placement")),
        LearningRate = golden.Number("learning_rate"),
        WeightDecay = golden.Number("weight_decay"),
        GradientClipping = golden.Has("clipping") ? golden.Number("clipping") : null,
        Optimizer = golden.Text("optimizer", "name") switch
        {
            "Sgd" => new NetworkOptimizer.Sgd { Momentum = golden.Number("optimizer", "momentum"), Nesterov = golden.Flag("optimizer", "nesterov") },
            "AdamW" => new NetworkOptimizer.AdamW
            {
                Beta1 = golden.Number("optimizer", "beta1"),
                Beta2 = golden.Number("optimizer", "beta2"),
                Epsilon = golden.Number("optimizer", "epsilon"),
            },
            _ => new NetworkOptimizer.Adam
            {
                Beta1 = golden.Number("optimizer", "beta1"),
                Beta2 = golden.Number("optimizer", "beta2"),
                Epsilon = golden.Number("optimizer", "epsilon"),
            },
        },
    };

    private static void Load(NeuralNetwork network, GoldenCase parameters)
    {
        for (int i = 0; i <= network.HiddenLayers.Length; i++)
        {
            DenseLayer dense = Dense(network, i);
            Transposition.Copy(parameters.Numbers<float>("weights", i), dense.Weights, dense.OutputCount, dense.InputCount);
            parameters.Numbers<float>("biases", i).CopyTo(dense.Bias, 0);
            if (i < network.HiddenLayers.Length && network.HiddenLayers[i].Normalization is { } normalization)
            {
                parameters.Numbers("gammas", i).CopyTo(normalization.Gamma);
                parameters.Numbers("betas", i).CopyTo(normalization.Beta);
            }
        }
    }

    private static void Check(NeuralNetwork network, GoldenCase expected)
    {
        for (int i = 0; i <= network.HiddenLayers.Length; i++)
        {
            DenseLayer dense = Dense(network, i);
            var weights = new float[dense.Weights.Length];
            Transposition.Copy(dense.Weights, weights, dense.InputCount, dense.OutputCount);
            Compare(weights, expected.Numbers("weights", i), $"weights {i}");
            Compare(dense.Bias, expected.Numbers("biases", i), $"biases {i}");
            if (i < network.HiddenLayers.Length && network.HiddenLayers[i].Normalization is { } normalization)
            {
                Compare(Array.ConvertAll(normalization.Gamma.ToArray(), value => (float)value), expected.Numbers("gammas", i), $"gamma {i}");
                Compare(Array.ConvertAll(normalization.Beta.ToArray(), value => (float)value), expected.Numbers("betas", i), $"beta {i}");
            }
        }
    }

    private static DenseLayer Dense(NeuralNetwork network, int layer) =>
        layer < network.HiddenLayers.Length ? network.HiddenLayers[layer].Dense : network.OutputLayer;

    private static void Compare(float[] found, double[] expected, string name)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            ((double)found[i]).Should().BeApproximately(expected[i], Tolerance, $"{name}, number {i}");
        }
    }
}
