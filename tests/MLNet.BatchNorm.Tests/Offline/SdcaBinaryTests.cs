using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Offline;

public class SdcaBinaryTests
{
    private static readonly Example[] Examples = Example.Load("breast_cancer.csv");

    [Theory]
    [InlineData(0.01f)]
    [InlineData(0.1f)]
    public void Weights_are_those_of_Newtons_method(float l2)
    {
        // The objective is the mean loss, and the bias is penalized like a weight.
        Parameters(Examples, Converged(l2)).ShouldBeClose(LinearReference.Logistic(Examples, l2 * Examples.Length, penalizesBias: true), 1e-3, floor: 1);
    }

    [Fact]
    public void Weighted_examples_count_as_often_as_their_weight()
    {
        Example[] weighted = [.. Examples.Select((example, i) => Weigh(example, 1 + (i % 3)))];

        Parameters(weighted, Converged(0.1f))
            .ShouldBeClose(LinearReference.Logistic(weighted, 0.1 * weighted.Length, penalizesBias: true), 1e-3, floor: 1);
    }

    [Fact]
    public void Positive_examples_can_weigh_more()
    {
        SdcaLogisticRegressionBinaryTrainer.Options options = Converged(0.1f);
        options.PositiveInstanceWeight = 3;
        Example[] weighted = [.. Examples.Select(example => Weigh(example, example.IsPositive ? 3 : 1))];

        Parameters(Examples, options).ShouldBeClose(LinearReference.Logistic(weighted, 0.1 * weighted.Length, penalizesBias: true), 1e-3, floor: 1);
    }

    [Fact]
    public void A_bias_learning_rate_frees_the_bias_of_its_penalty()
    {
        SdcaLogisticRegressionBinaryTrainer.Options options = Converged(0.1f);
        options.BiasLearningRate = 1;
        options.MaximumNumberOfIterations = 3000;

        // 1e-2: the free bias is approached slowly.
        Parameters(Examples, options).ShouldBeClose(LinearReference.Logistic(Examples, 0.1 * Examples.Length, penalizesBias: false), 1e-2, floor: 1);
    }

    [Fact]
    public void Sparse_features_give_the_weights_of_dense_ones()
    {
        Example[] withZeros = [.. Examples.Select(example => example.Map(x => Math.Abs(x) < 0.5f ? 0 : x))];

        Parameters([.. withZeros.AsSparse()], Converged(0.1f)).ShouldBeClose(Parameters(withZeros, Converged(0.1f)), 1e-3, floor: 1);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    public void The_same_seed_gives_the_same_weights(float l1)
    {
        SdcaLogisticRegressionBinaryTrainer.Options options = Converged(0.01f);
        options.MaximumNumberOfIterations = 3;
        options.L1Regularization = l1;

        double[] first = Parameters(Examples, options);

        Parameters(Examples, options).Should().Equal(first);
        Parameters(Examples, options, seed: 2).Should().NotEqual(first, "another seed visits the rows in another order");
    }

    [Fact]
    public void An_L1_threshold_leaves_every_weight_at_its_optimum()
    {
        const float L2 = 0.05f;
        const float Threshold = 0.2f;
        SdcaLogisticRegressionBinaryTrainer.Options options = Converged(L2);
        options.L1Regularization = Threshold;
        double[] parameters = Parameters(Examples, options);

        // The L1 penalty is the threshold times the L2 penalty, and is on the bias too.
        for (int j = 0; j < parameters.Length; j++)
        {
            double slope = (L2 * parameters[j]) + Examples.Average(example =>
            {
                double[] row = [1, .. Example.Dense(example)];
                double score = row.Select((x, i) => x * parameters[i]).Sum();
                return row[j] * ((1 / (1 + Math.Exp(-score))) - (example.IsPositive ? 1 : 0));
            });
            if (parameters[j] == 0)
            {
                Math.Abs(slope).Should().BeLessThanOrEqualTo((L2 * Threshold) + 1e-4);
            }
            else
            {
                slope.Should().BeApproximately(-Math.Sign(parameters[j]) * L2 * Threshold, 1e-4);
            }
        }
        parameters.Count(value => value == 0).Should().BePositive();
    }

    [Fact]
    public void A_loose_tolerance_stops_early()
    {
        SdcaLogisticRegressionBinaryTrainer.Options loose = Converged(0.1f);
        loose.ConvergenceTolerance = 0.5f;
        SdcaLogisticRegressionBinaryTrainer.Options once = Converged(0.1f);
        once.MaximumNumberOfIterations = 100;
        once.ConvergenceTolerance = 0.5f;

        Parameters(Examples, loose).Should().Equal(Parameters(Examples, once), "both stop at the first check that is good enough");
    }

    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var options = new SdcaLogisticRegressionBinaryTrainer.Options();

        options.L1Regularization.Should().BeNull();
        options.L2Regularization.Should().BeNull();
        options.MaximumNumberOfIterations.Should().BeNull();
        options.ConvergenceTolerance.Should().Be(0.1f);
        options.ConvergenceCheckFrequency.Should().BeNull();
        options.BiasLearningRate.Should().Be(0);
        options.Shuffle.Should().BeTrue();
        options.NumberOfThreads.Should().BeNull();
        options.PositiveInstanceWeight.Should().Be(1);
        options.LabelColumnName.Should().Be("Label");
        options.FeatureColumnName.Should().Be("Features");
        options.ExampleWeightColumnName.Should().BeNull();
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        SdcaLogisticRegressionBinaryTrainer.Options[] wrong =
        [
            new() { L2Regularization = -1 },
            new() { L1Regularization = -1 },
            new() { MaximumNumberOfIterations = 0 },
            new() { ConvergenceTolerance = 0 },
            new() { ConvergenceTolerance = 1.5f },
            new() { PositiveInstanceWeight = 0 },
        ];

        foreach (SdcaLogisticRegressionBinaryTrainer.Options options in wrong)
        {
            Action create = () => new MLContext(1).BinaryClassification.Trainers.SdcaLogisticRegression(options);
            create.Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    private static SdcaLogisticRegressionBinaryTrainer.Options Converged(float l2) => new()
    {
        LabelColumnName = nameof(Example.IsPositive),
        ExampleWeightColumnName = nameof(Example.Weight),
        L1Regularization = 0,
        L2Regularization = l2,
        ConvergenceTolerance = 1e-6f,
        MaximumNumberOfIterations = 1000,
        NumberOfThreads = 1,
    };

    private static double[] Parameters(Example[] examples, SdcaLogisticRegressionBinaryTrainer.Options options, int seed = 1)
    {
        var context = new MLContext(seed);
        return TrainedParameters.Of(
            context.BinaryClassification.Trainers.SdcaLogisticRegression(options).Fit(context.View(examples)).Model.SubModel);
    }

    private static Example Weigh(Example example, float weight) =>
        new() { Features = example.Features, IsPositive = example.IsPositive, Weight = weight };
}
