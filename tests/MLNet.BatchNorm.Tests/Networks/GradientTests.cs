namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Backpropagation against central differences of <see cref="ReferenceNetwork"/>, which is in double precision and shares no code with it.</summary>
public sealed class GradientTests
{
    private const double Step = 1e-5;
    private const int Rows = 7;
    private const int Features = 5;

    public static TheoryData<NetworkTask2, ActivationFunction, NetworkNormalization, NormalizationPlacement> Cases
    {
        get
        {
            var cases = new TheoryData<NetworkTask2, ActivationFunction, NetworkNormalization, NormalizationPlacement>();
            foreach (var activation in Enum.GetValues<ActivationFunction>())
            {
                foreach (var normalization in Enum.GetValues<NetworkNormalization>())
                {
                    foreach (var placement in Enum.GetValues<NormalizationPlacement>())
                    {
                        cases.Add(NetworkTask2.Multiclass, activation, normalization, placement);
                    }
                }
            }

            cases.Add(NetworkTask2.Binary, ActivationFunction.Tanh, NetworkNormalization.Batch, NormalizationPlacement.BeforeActivation);
            cases.Add(NetworkTask2.Regression, ActivationFunction.Sigmoid, NetworkNormalization.Layer, NormalizationPlacement.AfterActivation);
            cases.Add(NetworkTask2.Binary, ActivationFunction.ReLU, NetworkNormalization.None, NormalizationPlacement.BeforeActivation);
            return cases;
        }
    }

    [Theory]
    [InlineData(NormalizationPlacement.BeforeActivation)]
    [InlineData(NormalizationPlacement.AfterActivation)]
    public void Every_gradient_through_ghost_batches_is_the_slope_of_the_loss(NormalizationPlacement placement) =>
        CheckGradients(NetworkTask2.Multiclass, ActivationFunction.Tanh, NetworkNormalization.Batch, placement, ghostBatchSize: 3);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_gradient_is_the_slope_of_the_loss(
        NetworkTask2 taskName, ActivationFunction activation, NetworkNormalization normalization, NormalizationPlacement placement) =>
        CheckGradients(taskName, activation, normalization, placement, ghostBatchSize: null);

    [Theory]
    [InlineData(NetworkNormalization.None)]
    [InlineData(NetworkNormalization.Batch)]
    [InlineData(NetworkNormalization.RMS)]
    public void Every_gradient_through_dropout_is_the_slope_of_the_loss(NetworkNormalization normalization)
    {
        const float Delta = 0.01f;
        var options = PlainOptions.Value with { HiddenLayers = [9, 7], Activation = ActivationFunction.Tanh, Normalization = normalization, Dropout = 0.4, Seed = 3 };
        var network = new NeuralNetwork(5, 3, options, 30, team: null);
        float[] features = [.. Examples.Features(30, 5).SelectMany(row => row)];
        float[] targets = [.. Enumerable.Range(0, 30).Select(row => (float)(row % 3))];
        Loss();
        foreach (DenseLayer layer in network.HiddenLayers.Select(hidden => hidden.Dense).Append(network.OutputLayer))
        {
            float[] gradient = [.. layer.WeightGradient];
            for (int i = 0; i < gradient.Length; i++)
            {
                float weight = layer.Weights[i];
                layer.Weights[i] = weight + Delta;
                double above = Loss();
                layer.Weights[i] = weight - Delta;
                double slope = (above - Loss()) / (2 * Delta);
                layer.Weights[i] = weight;

                // Single precision over a step of 0.01, and its square.
                gradient[i].Should().BeApproximately((float)slope, 2e-3f, $"weight {i}");
            }
            Loss();
        }

        // An epoch that begins anew draws the same masks.
        double Loss()
        {
            network.Begin(epoch: 1);
            return network.ComputeGradients(NetworkTask.MulticlassClassification, features, targets, default);
        }
    }

    private static void CheckGradients(
        NetworkTask2 taskName, ActivationFunction activation, NetworkNormalization normalization, NormalizationPlacement placement, int? ghostBatchSize)
    {
        foreach (bool weighted in new[] { false, true })
        {
            var task = (NetworkTask)taskName;
            var options = PlainOptions.Value with
            {
                HiddenLayers = [6, 4],
                Activation = activation,
                Normalization = normalization,
                NormalizationPlacement = placement,
                NormalizationEpsilon = 1e-3,
                GroupCount = 2,
                GhostBatchSize = ghostBatchSize,
                Seed = 3,
            };
            var (network, reference, features, targets, weights) = Prepare(task, options, weighted);

            network.ComputeGradients(task, features, targets, weights);

            for (int layer = 0; layer < reference.Weights.Count; layer++)
            {
                var dense = layer < network.HiddenLayers.Length ? network.HiddenLayers[layer].Dense : network.OutputLayer;
                Check(reference.Weights[layer], index => dense.WeightGradient[index], $"weights of layer {layer}");
                Check(reference.Biases[layer], index => dense.BiasGradient[index], $"biases of layer {layer}");
            }

            for (int layer = 0; layer < reference.Gammas.Count; layer++)
            {
                double[] gammaGradient = network.HiddenLayers[layer].Normalization!.GammaGradient.ToArray();
                double[] betaGradient = network.HiddenLayers[layer].Normalization!.BetaGradient.ToArray();
                Check(reference.Gammas[layer], index => gammaGradient[index], $"gamma of layer {layer}");
                Check(reference.Betas[layer], index => betaGradient[index], $"beta of layer {layer}");
            }

            void Check(double[] parameters, Func<int, double> gradient, string name)
            {
                for (int i = 0; i < parameters.Length; i++)
                {
                    double slope = Slope(parameters, i, () => reference.Loss(features, targets, weighted ? weights : null));

                    // Single precision on one side, 1e-10 of truncation on the other.
                    gradient(i).Should().BeApproximately(slope, 2e-6 + (2e-5 * Math.Abs(slope)), $"{name}, number {i}");
                }
            }
        }
    }

    private static double Slope(double[] parameters, int index, Func<double> loss)
    {
        double value = parameters[index];
        parameters[index] = value + Step;
        double above = loss();
        parameters[index] = value - Step;
        double below = loss();
        parameters[index] = value;
        return (above - below) / (2 * Step);
    }

    // The rectifiers have no slope at 0: rows are drawn until nothing that an activation receives is so near that a step might cross it.
    private static (NeuralNetwork Network, ReferenceNetwork Reference, float[] Features, float[] Targets, float[] Weights) Prepare(
        NetworkTask task, MultilayerPerceptronOptions options, bool weighted)
    {
        int outputCount = task == NetworkTask.MulticlassClassification ? 3 : 1;
        for (int seed = 1; ; seed++)
        {
            var random = new Random(seed);
            var network = new NeuralNetwork(Features, outputCount, options, Rows, team: null);
            foreach (var dense in network.HiddenLayers.Select(layer => layer.Dense).Append(network.OutputLayer))
            {
                Fill(dense.Bias, () => (float)(random.NextDouble() - 0.5));
            }

            foreach (var normalization in network.HiddenLayers.Select(layer => layer.Normalization).OfType<NormalizationLayer>())
            {
                Fill(normalization.Gamma, () => random.NextDouble() + 0.5);
                Fill(normalization.Beta, () => random.NextDouble() - 0.5);
            }

            var features = new float[Rows * Features];
            Fill(features, () => (float)((random.NextDouble() * 4) - 2));
            var targets = new float[Rows];
            Fill(targets, () => task switch
            {
                NetworkTask.BinaryClassification => random.Next(2),
                NetworkTask.MulticlassClassification => random.Next(outputCount),
                _ => (float)random.NextDouble(),
            });
            var weights = weighted ? new float[Rows] : [];
            Fill(weights, () => (float)(random.NextDouble() + 0.1));
            var reference = new ReferenceNetwork(network, task, options);
            reference.Loss(features, targets, null);
            if (options.Activation is ActivationFunction.Tanh or ActivationFunction.Sigmoid || reference.LeastDistanceFromKink > 100 * Step)
            {
                return (network, reference, features, targets, weights);
            }
        }
    }

    private static void Fill<T>(Span<T> values, Func<T> next)
    {
        foreach (ref T value in values)
        {
            value = next();
        }
    }

    /// <summary>The library's tasks, which are internal, under public names.</summary>
    public enum NetworkTask2
    {
        /// <summary>Two classes.</summary>
        Binary = NetworkTask.BinaryClassification,

        /// <summary>More.</summary>
        Multiclass = NetworkTask.MulticlassClassification,

        /// <summary>A number.</summary>
        Regression = NetworkTask.Regression,
    }
}
