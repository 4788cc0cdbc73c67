using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Offline;

public class LbfgsMulticlassTests
{
    private static readonly Example[] Examples = Example.Load("iris.csv");

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Weights_are_those_of_Newtons_method(float l2)
    {
        // 1e-3 of the larger weights: the loss is float, and flat around its minimum.
        Parameters(Train(Examples, Smooth(l2))).ShouldBeClose(LinearReference.Softmax(Examples, 3, l2), 1e-3, floor: 1);
    }

    [Fact]
    public void An_L1_penalty_sets_weights_to_zero()
    {
        LbfgsMaximumEntropyMulticlassTrainer.Options options = Smooth(1);
        options.L1Regularization = 5;

        int zeros = Parameters(Train(Examples, options)).Count(value => value == 0);

        zeros.Should().BeInRange(4, 8);
    }

    [Fact]
    public void Sparse_features_give_the_weights_of_dense_ones()
    {
        Example[] withZeros = [.. Examples.Select(example => example.Map(x => Math.Abs(x) < 0.5f ? 0 : x))];

        Parameters(Train([.. withZeros.AsSparse()], Smooth(1))).ShouldBeClose(Parameters(Train(withZeros, Smooth(1))), 1e-3, floor: 1);
    }

    [Fact]
    public void Training_can_go_on_from_a_model()
    {
        var context = new MLContext(1);
        LbfgsMaximumEntropyMulticlassTrainer.Options options = Smooth(1);
        MaximumEntropyModelParameters optimum = Train(Examples, options);
        options.MaximumNumberOfIterations = 1;

        MaximumEntropyModelParameters further = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options)
            .Fit(context.View(Examples), optimum).Model;

        TrainedParameters.Of(further).ShouldBeClose(TrainedParameters.Of(optimum), 1e-2, floor: 1);
    }

    [Fact]
    public void A_model_of_other_features_is_refused_as_a_start()
    {
        var context = new MLContext(1);
        MaximumEntropyModelParameters model = Train(Examples, Smooth(1));
        Example[] wider = [.. Examples.Select(example => example.With(new(5, [.. Example.Dense(example), 0])))];

        Action train = () => context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(Smooth(1)).Fit(context.View(wider), model);

        train.Should().Throw<InvalidOperationException>();
    }

    private static LbfgsMaximumEntropyMulticlassTrainer.Options Smooth(float l2) => new()
    {
        LabelColumnName = nameof(Example.Class),
        L1Regularization = 0,
        L2Regularization = l2,
        OptimizationTolerance = 1e-10f,
        NumberOfThreads = 1,
    };

    private static MaximumEntropyModelParameters Train(Example[] examples, LbfgsMaximumEntropyMulticlassTrainer.Options options)
    {
        var context = new MLContext(1);
        return context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options).Fit(context.View(examples)).Model;
    }

    /// <summary>With the biases' common shift, which the loss does not determine, taken out.</summary>
    private static double[] Parameters(MaximumEntropyModelParameters model)
    {
        double[] parameters = TrainedParameters.Of(model);
        double shift = parameters.Where((_, i) => i % 5 == 0).Average();
        return [.. parameters.Select((value, i) => i % 5 == 0 ? value - shift : value)];
    }
}
