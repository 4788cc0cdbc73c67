using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Study.Networks.Inside;
using StudiedRows = MLNet.BatchNorm.Convergence.Study.Networks.NetworkData;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

/// <summary>The opened network: its gradient is that of finite differences, and its scores are the model's.</summary>
public sealed class InsideNetworkTests
{
    private static readonly ProbeRows Rows = new(LearningTask.Multiclass, [1, 2, -1, 0.5, 0.25, -3, 2, 1, -2, -1, 0, 0.75], 6, [0, 1, 2, 0, 1, 2]);

    [Theory]
    [InlineData(ActivationFunction.Sigmoid, true)]
    [InlineData(ActivationFunction.ReLU, true)]
    [InlineData(ActivationFunction.Sigmoid, false)]
    public void Its_gradient_is_that_of_central_differences(ActivationFunction activation, bool normalized)
    {
        var network = Network(activation, normalized);
        var (loss, gradient) = network.Differentiate(Rows);

        loss.Should().Be(network.Loss(Rows, network.Run(Rows, byBatch: true)));
        for (var layer = 0; layer < 2; layer++)
        {
            for (var part = 0; part < 4; part++)
            {
                for (var i = 0; i < gradient[layer][part].Length; i++)
                {
                    // Step 1e-5: truncation and rounding of central differences are both near 1e-10.
                    gradient[layer][part][i].Should().BeApproximately((Moved(layer, part, i, 1e-5) - Moved(layer, part, i, -1e-5)) / 2e-5, 1e-8, $"layer {layer}, part {part}, {i}");
                }
            }
        }

        double Moved(int layer, int part, int index, double by)
        {
            var along = gradient.Select(parts => parts.Select(values => new double[values.Length]).ToArray()).ToArray();
            along[layer][part][index] = -1;
            var moved = network.Step(along, by);
            return moved.Loss(Rows, moved.Run(Rows, byBatch: true));
        }
    }

    [Fact]
    public void By_the_running_statistics_a_row_does_not_depend_on_the_others()
    {
        var network = Network(ActivationFunction.ReLU, normalized: true);
        var alone = new ProbeRows(LearningTask.Multiclass, [1, 2], 1, [0]);

        network.Run(Rows, byBatch: false).Outputs.Take(3).Should().Equal(network.Run(alone, byBatch: false).Outputs);
        network.Run(Rows, byBatch: true).Outputs.Take(3).Should().NotEqual(network.Run(Rows, byBatch: false).Outputs.Take(3));
    }

    [Fact]
    public void Opened_networks_learn_and_their_running_means_come_near_the_true_ones()
    {
        var inside = ShortStudy.Outcome.Results.Networks.Single().Inside!;

        inside.Networks.Should().HaveCount(2);
        inside.With.Snapshots.Select(snapshot => snapshot.Epoch).Should().Equal(1, 2, 3, 4, 5, 6, 8, 10, 12);
        inside.With.Snapshots[^1].Loss.Should().BeLessThan(0.2 * inside.With.Snapshots[0].Loss);
        inside.With.RunningScore.Should().BeGreaterThan(0.9);
        inside.With.Snapshots[^1].Layers.Should().AllSatisfy(layer => layer.RunningError.Should().BeLessThan(0.2));
        inside.With.Gamma.Should().HaveCount(2).And.AllSatisfy(layer => layer.Should().HaveCount(100).And.Contain(gamma => gamma != 1));
        inside.Without.Gamma.Should().BeEmpty();
        foreach (var layer in inside.Networks.SelectMany(network => network.Snapshots).SelectMany(snapshot => snapshot.Layers))
        {
            layer.Shares.Sum().Should().BeApproximately(1, 1e-4);
            layer.Shares.Should().HaveCount(inside.BinEdges.Count - 1);
            layer.GradientSize.Should().BePositive();
        }

        // Two rows say little about mean and variance.
        inside.BatchSizes.Single(entry => entry.BatchSize == 2).TrainingScore.Should().BeLessThan(inside.BatchSizes.Single(entry => entry.BatchSize == 64).TrainingScore!.Value);
    }

    [Fact]
    public void A_training_that_was_looked_at_goes_on_as_if_it_had_not_been()
    {
        var settings = ShortStudy.Settings.Networks;
        var data = StudiedRows.Create(ShippedData.Load("digits"), settings, seed: 1);
        var cell = new NetworkCell(ActivationFunction.ReLU, NetworkNormalization.Batch, Initializations.Xavier, settings.LearningRate, settings.BatchSize, settings.Epochs);

        var network = ProbeNetwork.Of(NetworkRun.Train(data, NetworkRun.Options(cell, settings, seed: 1, new NetworkRun.Recorder(), CancellationToken.None), seed: 1).Model);

        var inside = ShortStudy.Outcome.Results.Networks.Single().Inside!;
        inside.With.Gamma[0].Should().Equal(network.Layers[0].Gamma.Select(Numbers.SixDigits));
        inside.With.Beta[1].Should().Equal(network.Layers[1].Beta.Select(Numbers.SixDigits));
    }

    [Fact]
    public void Rows_that_are_sorted_by_their_label_are_looked_at_in_no_order()
    {
        var sorted = new TabularData("t", "", LearningTask.Binary, ["x"], [.. Enumerable.Range(0, 400).Select(i => new float[] { i })], [.. Enumerable.Range(0, 400).Select(i => i < 200 ? 0d : 1)], ["a", "b"], []);

        var probed = ProbeRows.Of(sorted.Shuffled(seed: 1), 100);

        probed.Labels.Sum().Should().BeInRange(30, 70);
        probed.Values.Zip(probed.Labels).Should().AllSatisfy(row => row.Second.Should().Be(row.First < 200 ? 0 : 1));
    }

    private static ProbeNetwork Network(ActivationFunction activation, bool normalized) => new(
        [
            new ProbeLayer(
                [0.4, -0.3, 0.2, 0.7, -0.6, 0.5, 0.1, 0.9], [0.05, -0.1, 0.2, 0.15], normalized ? [1.1, 0.9, 1.2, 0.8] : [], normalized ? [0.1, -0.2, 0.05, 0.3] : [],
                normalized ? [0.1, 0.2, -0.1, 0.3] : [], normalized ? [1, 2, 0.5, 1.5] : [], 1e-5),
            new ProbeLayer([0.3, -0.5, 0.2, 0.6, -0.4, 0.1, 0.8, -0.2, 0.5, 0.35, -0.7, 0.15], [0.1, 0, -0.1], [], [], [], [], 1e-5),
        ],
        activation, targetMean: 0, targetScale: 1);
}
