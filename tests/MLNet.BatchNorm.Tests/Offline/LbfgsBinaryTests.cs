using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Offline;

public class LbfgsBinaryTests
{
    private static readonly Example[] Examples = Example.Load("breast_cancer.csv");

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Weights_are_those_of_Newtons_method(float l2)
    {
        LinearBinaryModelParameters model = Train(Examples, Smooth(l2)).SubModel;

        // 1e-3 of the larger weights: the loss is float, and flat around its minimum.
        TrainedParameters.Of(model).ShouldBeClose(LinearReference.Logistic(Examples, l2, penalizesBias: false), 1e-3, floor: 1);
    }

    [Fact]
    public void Weighted_examples_count_as_often_as_their_weight()
    {
        Example[] weighted = [.. Examples.Select((example, i) => Weigh(example, 1 + (i % 3)))];

        TrainedParameters.Of(Train(weighted, Smooth(10)).SubModel)
            .ShouldBeClose(LinearReference.Logistic(weighted, 10, penalizesBias: false), 1e-3, floor: 1);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 0)]
    [InlineData(20, 1)]
    public void An_L1_penalty_leaves_every_weight_at_its_optimum(float l1, float l2)
    {
        LbfgsLogisticRegressionBinaryTrainer.Options options = Smooth(l2);
        options.L1Regularization = l1;
        LinearBinaryModelParameters model = Train(Examples, options).SubModel;

        double[] slopes = Slopes(model, l2);
        slopes[0].Should().BeApproximately(0, 0.02, "the bias is not penalized");
        for (int j = 0; j < model.Weights.Count; j++)
        {
            if (model.Weights[j] == 0)
            {
                Math.Abs(slopes[j + 1]).Should().BeLessThanOrEqualTo(l1 + 0.02f);
            }
            else
            {
                slopes[j + 1].Should().BeApproximately(-Math.Sign(model.Weights[j]) * l1, 0.02);
            }
        }
        model.Weights.Count(weight => weight == 0).Should().BePositive();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Weights_can_be_kept_from_being_negative(float l1)
    {
        LbfgsLogisticRegressionBinaryTrainer.Options options = Smooth(1);
        options.L1Regularization = l1;
        options.EnforceNonNegativity = true;
        LinearBinaryModelParameters model = Train([.. Examples.Select(example => example.Map(x => -x))], options).SubModel;

        model.Weights.Should().OnlyContain(weight => weight >= 0);
        model.Weights.Should().Contain(weight => weight > 0.1);
    }

    [Fact]
    public void Sparse_features_give_the_weights_of_dense_ones()
    {
        Example[] withZeros = [.. Examples.Select(example => example.Map(x => Math.Abs(x) < 0.5f ? 0 : x))];

        TrainedParameters.Of(Train([.. withZeros.AsSparse()], Smooth(1)).SubModel)
            .ShouldBeClose(TrainedParameters.Of(Train(withZeros, Smooth(1)).SubModel), 1e-3, floor: 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_training_twice_gives_the_same_weights(int threads)
    {
        LbfgsLogisticRegressionBinaryTrainer.Options options = Smooth(1);
        options.NumberOfThreads = threads;

        TrainedParameters.Of(Train(Examples, options).SubModel).Should().Equal(TrainedParameters.Of(Train(Examples, options).SubModel));
    }

    [Fact]
    public void The_number_of_threads_changes_no_more_than_rounding()
    {
        LbfgsLogisticRegressionBinaryTrainer.Options options = Smooth(1);
        options.NumberOfThreads = 4;

        TrainedParameters.Of(Train(Examples, options).SubModel).ShouldBeClose(TrainedParameters.Of(Train(Examples, Smooth(1)).SubModel), 1e-3, floor: 1);
    }

    [Fact]
    public void Training_can_go_on_from_a_model()
    {
        var context = new MLContext(1);
        LbfgsLogisticRegressionBinaryTrainer.Options options = Smooth(1);
        LinearBinaryModelParameters optimum = Train(Examples, options).SubModel;
        options.MaximumNumberOfIterations = 1;

        LinearBinaryModelParameters further = context.BinaryClassification.Trainers.LbfgsLogisticRegression(options)
            .Fit(context.View(Examples), optimum).Model.SubModel;

        TrainedParameters.Of(further).ShouldBeClose(TrainedParameters.Of(optimum), 1e-2, floor: 0.05);
    }

    [Fact]
    public void The_calibrator_is_the_logistic_function()
    {
        PlattCalibrator calibrator = Train(Examples, Smooth(1)).Calibrator;

        calibrator.Slope.Should().Be(-1);
        calibrator.Offset.Should().Be(0);
        calibrator.PredictProbability(0).Should().Be(0.5f);
        calibrator.PredictProbability(2).Should().BeApproximately(0.880797f, 1e-6f);
    }

    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var options = new LbfgsLogisticRegressionBinaryTrainer.Options();

        options.L1Regularization.Should().Be(1);
        options.L2Regularization.Should().Be(1);
        options.OptimizationTolerance.Should().Be(1e-7f);
        options.HistorySize.Should().Be(20);
        options.MaximumNumberOfIterations.Should().Be(int.MaxValue);
        options.InitialWeightsDiameter.Should().Be(0);
        options.NumberOfThreads.Should().BeNull();
        options.DenseOptimizer.Should().BeFalse();
        options.EnforceNonNegativity.Should().BeFalse();
        options.Quiet.Should().BeFalse();
        options.LabelColumnName.Should().Be("Label");
        options.FeatureColumnName.Should().Be("Features");
        options.ExampleWeightColumnName.Should().BeNull();
    }

    [Theory]
    [InlineData(-1f, 1f, 1f, 20, 1)]
    [InlineData(1f, -1f, 1f, 20, 1)]
    [InlineData(1f, 1f, 0f, 20, 1)]
    [InlineData(1f, 1f, 1f, 0, 1)]
    [InlineData(1f, 1f, 1f, 20, 0)]
    public void Options_out_of_range_are_refused(float l1, float l2, float tolerance, int history, int iterations)
    {
        var options = new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            L1Regularization = l1,
            L2Regularization = l2,
            OptimizationTolerance = tolerance,
            HistorySize = history,
            MaximumNumberOfIterations = iterations,
        };

        Action create = () => new MLContext(1).BinaryClassification.Trainers.LbfgsLogisticRegression(options);

        create.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static LbfgsLogisticRegressionBinaryTrainer.Options Smooth(float l2) => new()
    {
        LabelColumnName = nameof(Example.IsPositive),
        ExampleWeightColumnName = nameof(Example.Weight),
        L1Regularization = 0,
        L2Regularization = l2,
        OptimizationTolerance = 1e-10f,
        NumberOfThreads = 1,
    };

    private static CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> Train(
        Example[] examples, LbfgsLogisticRegressionBinaryTrainer.Options options)
    {
        var context = new MLContext(1);
        return context.BinaryClassification.Trainers.LbfgsLogisticRegression(options).Fit(context.View(examples)).Model;
    }

    /// <summary>The gradient of loss and L2 penalty, the bias first.</summary>
    private static double[] Slopes(LinearModelParameters model, double l2)
    {
        double[] parameters = TrainedParameters.Of(model);
        double[] slopes = [0, .. model.Weights.Select(weight => l2 * weight)];
        foreach (Example example in Examples)
        {
            double[] row = [1, .. Example.Dense(example)];
            double score = row.Select((x, j) => x * parameters[j]).Sum();
            double error = (1 / (1 + Math.Exp(-score))) - (example.IsPositive ? 1 : 0);
            for (int j = 0; j < row.Length; j++)
            {
                slopes[j] += error * row[j];
            }
        }
        return slopes;
    }

    private static Example Weigh(Example example, float weight) =>
        new() { Features = example.Features, IsPositive = example.IsPositive, Weight = weight };
}
