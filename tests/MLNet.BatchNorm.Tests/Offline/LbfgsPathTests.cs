using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>Not only where L-BFGS ends but how it gets there: the objective after k iterations, as Microsoft.ML 5.0 reaches it.</summary>
public class LbfgsPathTests
{
    private static readonly Example[] Cancer = Example.Load("breast_cancer.csv");
    private static readonly Example[] Iris = Example.Load("iris.csv");

    [Theory]
    [InlineData(1, 0, 0.1917894)]
    [InlineData(2, 0, 0.1597830)]
    [InlineData(3, 0, 0.1103661)]
    [InlineData(5, 0, 0.0789200)]
    [InlineData(10, 0, 0.0670168)]
    [InlineData(20, 0, 0.0663604)]
    [InlineData(1, 1, 0.2000968)]
    [InlineData(2, 1, 0.1710921)]
    [InlineData(3, 1, 0.1249260)]
    [InlineData(5, 1, 0.0990257)]
    [InlineData(10, 1, 0.0929873)]
    [InlineData(20, 1, 0.0927576)]
    public void Two_classes(int iterations, float l1, double expected)
    {
        var context = new MLContext(1);
        LinearBinaryModelParameters model = context.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                LabelColumnName = nameof(Example.IsPositive),
                MaximumNumberOfIterations = iterations,
                L1Regularization = l1,
                NumberOfThreads = 1,
            }).Fit(context.View(Cancer)).Model.SubModel;

        double loss = Cancer.Average(example =>
        {
            double score = model.Bias + Example.Dense(example).Select((x, j) => (double)x * model.Weights[j]).Sum();
            return Math.Log(1 + Math.Exp(example.IsPositive ? -score : score));
        });
        double penalty = model.Weights.Sum(weight => (0.5 * weight * weight) + (l1 * Math.Abs(weight)));
        (loss + (penalty / Cancer.Length)).Should().BeApproximately(expected, 1e-5 * expected);
    }

    [Theory]
    [InlineData(1, 0, 0.5380670)]
    [InlineData(2, 0, 0.4437759)]
    [InlineData(3, 0, 0.3429230)]
    [InlineData(5, 0, 0.2277559)]
    [InlineData(10, 0, 0.2093502)]
    [InlineData(20, 0, 0.2091918)]
    [InlineData(1, 1, 0.5576456)]
    [InlineData(2, 1, 0.4735720)]
    [InlineData(3, 1, 0.3900180)]
    [InlineData(5, 1, 0.3110305)]
    [InlineData(10, 1, 0.2892752)]
    [InlineData(20, 1, 0.2886995)]
    public void Three_classes(int iterations, float l1, double expected)
    {
        var context = new MLContext(1);
        MaximumEntropyModelParameters model = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = nameof(Example.Class),
                MaximumNumberOfIterations = iterations,
                L1Regularization = l1,
                NumberOfThreads = 1,
            }).Fit(context.View(Iris)).Model;

        VBuffer<float>[] weights = [];
        model.GetWeights(ref weights, out _);
        float[] biases = [.. model.GetBiases()];
        double loss = Iris.Average(example =>
        {
            float[] features = Example.Dense(example);
            double[] scores = [.. biases.Select((bias, c) => bias + features.Select((x, j) => (double)x * weights[c].GetItemOrDefault(j)).Sum())];
            return Math.Log(scores.Sum(Math.Exp)) - scores[example.Class];
        });
        double penalty = weights.Sum(row => row.DenseValues().Sum(weight => (0.5 * weight * weight) + (l1 * Math.Abs(weight))));
        (loss + (penalty / Iris.Length)).Should().BeApproximately(expected, 1e-5 * expected);
    }
}
