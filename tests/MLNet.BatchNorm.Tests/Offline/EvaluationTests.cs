using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>Metrics of scores that were written down, against numbers worked out by hand.</summary>
public class EvaluationTests
{
    private static readonly BinaryRow[] Binary =
    [
        new() { Label = true, Score = 2, Probability = 0.8f },
        new() { Label = true, Score = 1, Probability = 0.5f },
        new() { Label = true, Score = -1, Probability = 0.25f },
        new() { Label = false, Score = 1, Probability = 0.5f },
        new() { Label = false, Score = -2, Probability = 0.125f },
    ];

    private static readonly MulticlassRow[] Multiclass =
    [
        new() { Label = 0, Score = [0.5f, 0.25f, 0.25f] },
        new() { Label = 0, Score = [0.25f, 0.5f, 0.25f] },
        new() { Label = 1, Score = [0.25f, 0.5f, 0.25f] },
        new() { Label = 2, Score = [0.5f, 0.375f, 0.125f] },
    ];

    [Fact]
    public void Two_classes()
    {
        var context = new MLContext(1);

        CalibratedBinaryClassificationMetrics metrics = context.BinaryClassification.Evaluate(context.Data.LoadFromEnumerable(Binary));

        // True positives 2, false negatives 1, false positives 1, true negatives 1.
        metrics.Accuracy.Should().BeApproximately(3.0 / 5, 1e-12);
        metrics.PositivePrecision.Should().BeApproximately(2.0 / 3, 1e-12);
        metrics.PositiveRecall.Should().BeApproximately(2.0 / 3, 1e-12);
        metrics.NegativePrecision.Should().BeApproximately(1.0 / 2, 1e-12);
        metrics.NegativeRecall.Should().BeApproximately(1.0 / 2, 1e-12);
        metrics.F1Score.Should().BeApproximately(2.0 / 3, 1e-12);
        // Of 6 pairs the positive wins 2 + 1.5 + 1.
        metrics.AreaUnderRocCurve.Should().BeApproximately(4.5 / 6, 1e-12);
        // Recall grows at precision 1, 1 and, behind a negative, from 2/3 to 3/4: thirds of 1, 1 and the mean of the last two.
        metrics.AreaUnderPrecisionRecallCurve.Should().BeApproximately((1 + 1 + ((2.0 / 3) + (3.0 / 4)) / 2) / 3, 1e-9);
        // In bits: -log2 of 0.8, 0.5, 0.25, 0.5 and 0.875.
        double logLoss = (-Math.Log2(0.8f) + 1 + 2 + 1 - Math.Log2(0.875)) / 5;
        double entropy = (-0.6 * Math.Log2(0.6)) - (0.4 * Math.Log2(0.4));
        metrics.LogLoss.Should().BeApproximately(logLoss, 1e-9);
        metrics.Entropy.Should().BeApproximately(entropy, 1e-9);
        metrics.LogLossReduction.Should().BeApproximately((entropy - logLoss) / entropy, 1e-9);
        metrics.ConfusionMatrix.Counts.Should().BeEquivalentTo(new[] { new[] { 2.0, 1 }, [1, 1] }, order => order.WithStrictOrdering());
        metrics.ConfusionMatrix.NumberOfClasses.Should().Be(2);
        metrics.ConfusionMatrix.GetCountForClassPair(1, 0).Should().Be(1);
        metrics.ConfusionMatrix.PerClassPrecision.Should().Equal(metrics.PositivePrecision, metrics.NegativePrecision);
        metrics.ConfusionMatrix.PerClassRecall.Should().Equal(metrics.PositiveRecall, metrics.NegativeRecall);
    }

    [Fact]
    public void Two_classes_without_probabilities()
    {
        var context = new MLContext(1);
        IDataView view = context.Data.LoadFromEnumerable(Binary);

        BinaryClassificationMetrics metrics = context.BinaryClassification.EvaluateNonCalibrated(view);

        metrics.Accuracy.Should().BeApproximately(3.0 / 5, 1e-12);
        metrics.AreaUnderRocCurve.Should().BeApproximately(4.5 / 6, 1e-12);
    }

    [Fact]
    public void A_probability_of_zero_for_the_truth_is_an_infinite_loss()
    {
        var context = new MLContext(1);
        BinaryRow[] rows = [new() { Label = true, Score = -9, Probability = 0 }, new() { Label = false, Score = -9, Probability = 0 }];

        CalibratedBinaryClassificationMetrics metrics = context.BinaryClassification.Evaluate(context.Data.LoadFromEnumerable(rows));

        metrics.LogLoss.Should().Be(double.PositiveInfinity);
        metrics.AreaUnderRocCurve.Should().Be(0.5);
        metrics.F1Score.Should().Be(0);
    }

    [Fact]
    public void One_class_has_no_area_under_the_curve()
    {
        var context = new MLContext(1);

        Action evaluate = () => context.BinaryClassification.Evaluate(context.Data.LoadFromEnumerable(Binary[..3]));

        evaluate.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*AUC is not defined when there is no negative class in the data*");
    }

    [Fact]
    public void Several_classes()
    {
        var context = new MLContext(1);

        MulticlassClassificationMetrics metrics =
            context.MulticlassClassification.Evaluate(context.Data.LoadFromEnumerable(Multiclass), topKPredictionCount: 2);

        metrics.MicroAccuracy.Should().BeApproximately(2.0 / 4, 1e-12);
        metrics.MacroAccuracy.Should().BeApproximately((0.5 + 1 + 0) / 3, 1e-12);
        // In nats: -ln of 1/2, 1/4, 1/2 and 1/8.
        metrics.LogLoss.Should().BeApproximately(7 * Math.Log(2) / 4, 1e-9);
        metrics.PerClassLogLoss.Should().HaveCount(3);
        metrics.PerClassLogLoss[0].Should().BeApproximately(1.5 * Math.Log(2), 1e-9);
        metrics.PerClassLogLoss[1].Should().BeApproximately(Math.Log(2), 1e-9);
        metrics.PerClassLogLoss[2].Should().BeApproximately(3 * Math.Log(2), 1e-9);
        // Shares of the classes: 1/2, 1/4, 1/4, an entropy of 1.5 bits.
        metrics.LogLossReduction.Should().BeApproximately((1.5 - 1.75) / 1.5, 1e-9);
        metrics.TopKPredictionCount.Should().Be(2);
        metrics.TopKAccuracyForAllK.Should().Equal(0.5, 0.75);
        metrics.TopKAccuracy.Should().Be(0.75);
        metrics.ConfusionMatrix.Counts.Should().BeEquivalentTo(
            new[] { new[] { 1.0, 1, 0 }, [0, 1, 0], [1, 0, 0] }, order => order.WithStrictOrdering());
        metrics.ConfusionMatrix.PerClassPrecision.Should().Equal(0.5, 0.5, 0);
        metrics.ConfusionMatrix.PerClassRecall.Should().Equal(0.5, 1, 0);
    }

    [Fact]
    public void Numbers()
    {
        var context = new MLContext(1);
        RegressionRow[] rows =
        [
            new() { Label = 1, Score = 2 },
            new() { Label = 2, Score = 2 },
            new() { Label = 6, Score = 3 },
            new() { Label = float.NaN, Score = 3 },
        ];

        RegressionMetrics metrics = context.Regression.Evaluate(context.Data.LoadFromEnumerable(rows));

        // Errors 1, 0 and 3; the labels' mean is 3 and their squared deviation 4 + 1 + 9.
        metrics.MeanAbsoluteError.Should().BeApproximately(4.0 / 3, 1e-12);
        metrics.MeanSquaredError.Should().BeApproximately(10.0 / 3, 1e-12);
        metrics.RootMeanSquaredError.Should().BeApproximately(Math.Sqrt(10.0 / 3), 1e-12);
        metrics.LossFunction.Should().BeApproximately(10.0 / 3, 1e-12);
        metrics.RSquared.Should().BeApproximately(1 - (10.0 / 14), 1e-12);
    }

    [Fact]
    public void Columns_that_are_missing_or_of_another_type_are_refused_by_name()
    {
        var context = new MLContext(1);
        IDataView view = context.Data.LoadFromEnumerable(Binary);
        Action missing = () => context.BinaryClassification.Evaluate(view, labelColumnName: "Truth");
        Action wrongLabel = () => context.Regression.Evaluate(view);
        Action wrongScore = () => context.MulticlassClassification.Evaluate(view);

        missing.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Truth*");
        wrongLabel.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Label*");
        wrongScore.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Score*");
    }

    public sealed class BinaryRow
    {
        public bool Label { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel => Score > 0;
    }

    public sealed class MulticlassRow
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }
    }

    public sealed class RegressionRow
    {
        public float Label { get; set; }

        public float Score { get; set; }
    }
}
