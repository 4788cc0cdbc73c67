using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Offline;

public class SdcaMulticlassTests
{
    private static readonly Example[] Examples = Example.Load("iris.csv");

    [Theory]
    [InlineData(0.01f)]
    [InlineData(0.1f)]
    public void Weights_are_those_of_Newtons_method(float l2)
    {
        // The loss of an example is that of its class against each other class, not the softmax.
        Parameters(Examples, Converged(l2)).ShouldBeClose(LinearReference.Pairwise(Examples, 3, l2 * Examples.Length), 1e-3, floor: 1);
    }

    [Fact]
    public void Sparse_features_give_the_weights_of_dense_ones()
    {
        Example[] withZeros = [.. Examples.Select(example => example.Map(x => Math.Abs(x) < 0.5f ? 0 : x))];

        Parameters([.. withZeros.AsSparse()], Converged(0.1f)).ShouldBeClose(Parameters(withZeros, Converged(0.1f)), 1e-3, floor: 1);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights()
    {
        SdcaMaximumEntropyMulticlassTrainer.Options options = Converged(0.01f);
        options.MaximumNumberOfIterations = 3;

        Parameters(Examples, options).Should().Equal(Parameters(Examples, options));
    }

    [Fact]
    public void An_L1_threshold_sets_weights_to_zero()
    {
        SdcaMaximumEntropyMulticlassTrainer.Options options = Converged(0.1f);
        options.L1Regularization = 0.2f;

        Parameters(Examples, options).Count(value => value == 0).Should().BeInRange(2, 8);
    }

    private static SdcaMaximumEntropyMulticlassTrainer.Options Converged(float l2) => new()
    {
        LabelColumnName = nameof(Example.Class),
        L1Regularization = 0,
        L2Regularization = l2,
        ConvergenceTolerance = 1e-6f,
        MaximumNumberOfIterations = 2000,
        NumberOfThreads = 1,
    };

    private static double[] Parameters(Example[] examples, SdcaMaximumEntropyMulticlassTrainer.Options options)
    {
        var context = new MLContext(1);
        return TrainedParameters.Of(context.MulticlassClassification.Trainers.SdcaMaximumEntropy(options).Fit(context.View(examples)).Model);
    }
}
