using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>Cross-validation; the same on both providers.</summary>
public class CrossValidationTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Regression_is_trained_on_all_folds_but_one_and_evaluated_on_that()
    {
        var data = _context.Data.LoadFromEnumerable(Example.Load("diabetes.csv"), Schema(10));
        var trainer = _context.Regression.Trainers.Ols("Target");

        var results = _context.Regression.CrossValidate(data, trainer, numberOfFolds: 4, labelColumnName: "Target", seed: 3);

        results.Select(result => result.Fold).Should().Equal(0, 1, 2, 3);
        var splits = _context.Data.CrossValidationSplit(data, 4, seed: 3);
        for (int fold = 0; fold < 4; fold++)
        {
            var model = trainer.Fit(splits[fold].TrainSet);
            var expected = _context.Regression.Evaluate(model.Transform(splits[fold].TestSet), "Target");
            results[fold].Metrics.RootMeanSquaredError.Should().BeApproximately(expected.RootMeanSquaredError, 1e-6);
            results[fold].Model.Should().BeOfType(model.GetType());
            results[fold].ScoredHoldOutSet.GetColumn<float>("Target").Should().Equal(splits[fold].TestSet.GetColumn<float>("Target"));
        }
        // Read off Microsoft.ML 5.0.0.
        results.Average(result => result.Metrics.RSquared).Should().BeApproximately(0.480798658, 1e-6);
    }

    [Fact]
    public void Two_and_more_classes_are_cross_validated_alike()
    {
        var cancer = _context.Data.LoadFromEnumerable(Example.Load("breast_cancer.csv"), Schema(30));
        var iris = _context.Data.LoadFromEnumerable(Example.Load("iris.csv"), Schema(4));

        var binary = _context.BinaryClassification.CrossValidate(
            cancer, _context.BinaryClassification.Trainers.LbfgsLogisticRegression("IsPositive"), labelColumnName: "IsPositive", seed: 1);
        var multiclass = _context.MulticlassClassification.CrossValidate(
            iris, _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Class"), labelColumnName: "Class", seed: 1);

        binary.Should().HaveCount(5);
        multiclass.Should().HaveCount(5);
        // Read off Microsoft.ML 5.0.0.
        binary.Average(result => result.Metrics.Accuracy).Should().BeApproximately(0.975041, 1e-3);
        multiclass.Average(result => result.Metrics.MicroAccuracy).Should().BeApproximately(0.953382, 1e-3);
    }

    [Fact]
    public void Stages_for_training_only_make_the_label_of_the_test_rows_too()
    {
        var data = _context.Data.LoadFromEnumerable(Example.Load("iris.csv"), Schema(4));
        var pipeline = _context.Transforms.CopyColumns("Label", "Class")
            .AppendCacheCheckpoint(_context)
            .Append(_context.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
        var labelOnly = new EstimatorChain<ITransformer>()
            .Append(_context.Transforms.CopyColumns("Label", "Class"), TransformerScope.Training)
            .Append(_context.MulticlassClassification.Trainers.LbfgsMaximumEntropy());

        var usual = _context.MulticlassClassification.CrossValidate(data, pipeline, 3, seed: 1);
        var trainingOnly = _context.MulticlassClassification.CrossValidate(data, labelOnly, 3, seed: 1);

        trainingOnly.Select(result => result.Metrics.MicroAccuracy).Should().Equal(usual.Select(result => result.Metrics.MicroAccuracy));
    }

    [Fact]
    public void Rows_of_one_group_are_in_one_fold()
    {
        var rows = Example.Load("diabetes.csv").Take(200).ToArray();
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i].Weight = i % 10;
        }
        var data = _context.Data.LoadFromEnumerable(rows, Schema(10));

        var results = _context.Regression.CrossValidate(
            data, _context.Regression.Trainers.Ols("Target"), 5, "Target", samplingKeyColumnName: "Weight");

        results.SelectMany(result => result.ScoredHoldOutSet.GetColumn<float>("Weight").Distinct()).Should().HaveCount(10);
    }

    [Fact]
    public void One_fold_is_refused()
    {
        var data = _context.Data.LoadFromEnumerable(Example.Load("diabetes.csv"), Schema(10));
        var validate = () => _context.Regression.CrossValidate(data, _context.Regression.Trainers.Ols("Target"), 1, "Target");

        validate.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Must be more than 1*");
    }

    private static SchemaDefinition Schema(int featureCount)
    {
        var schema = SchemaDefinition.Create(typeof(Example));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, featureCount);
        return schema;
    }
}
