using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Affine;

/// <summary>Linear models trained behind a scaling, in the units before it: same scores from the raw rows.</summary>
public class FoldingTests
{
    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Scalings => ["standardize", "batch", "minmax", "robust", "magnitude"];

    [Theory]
    [MemberData(nameof(Scalings))]
    public void A_binary_model_gives_the_same_probabilities_on_raw_rows(string scaling)
    {
        var rows = Load("breast_cancer.csv");
        var data = View(rows);
        var scaler = Scale(scaling, data);
        var trained = _context.BinaryClassification.Trainers.LbfgsLogisticRegression(nameof(Row.IsPositive), "Scaled").Fit(scaler.Transform(data));
        var folded = scaler.FoldInto(trained.Model);

        var scored = trained.Transform(scaler.Transform(data));
        Compare(rows, folded, scored.GetColumn<float>("Score"));
        foreach (var (row, probability) in rows.Zip(scored.GetColumn<float>("Probability")))
        {
            (1 / (1 + Math.Exp(-folded.Score(row.Features)))).Should().BeApproximately(probability, 1e-6);
        }
        scaler.FoldInto(trained.Model.SubModel).Weights.Should().Equal(folded.Weights);
    }

    [Theory]
    [MemberData(nameof(Scalings))]
    public void A_multiclass_model_folds_class_by_class(string scaling)
    {
        var rows = Load("iris.csv");
        var data = View(rows);
        var scaler = Scale(scaling, data);
        var trained = _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(nameof(Row.Class), "Scaled").Fit(scaler.Transform(data));
        var folded = scaler.FoldInto(trained.Model);

        folded.Should().HaveCount(3);
        var scores = trained.Transform(scaler.Transform(data)).GetColumn<float[]>("Score");
        foreach (var (row, expected) in rows.Zip(scores))
        {
            double[] exponentials = [.. folded.Select(model => Math.Exp(model.Score(row.Features)))];
            exponentials.Select(value => value / exponentials.Sum()).ShouldBeClose(expected.Select(value => (double)value), 1e-6, floor: 1);
        }
    }

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Regression_models_give_the_same_predictions_on_raw_rows(string scaling)
    {
        var rows = Load("diabetes.csv");
        var data = View(rows);
        var scaler = Scale(scaling, data);
        var scaled = scaler.Transform(data);

        var sdca = _context.Regression.Trainers.Sdca(nameof(Row.Target), "Scaled").Fit(scaled);
        Compare(rows, scaler.FoldInto(sdca.Model), sdca.Transform(scaled).GetColumn<float>("Score"));
        var online = _context.Regression.Trainers.OnlineGradientDescent(nameof(Row.Target), "Scaled").Fit(scaled);
        Compare(rows, scaler.FoldInto(online.Model), online.Transform(scaled).GetColumn<float>("Score"));
    }

    [Fact]
    public void Sparse_weights_fold_like_dense_ones()
    {
        var rows = Load("breast_cancer.csv");
        var data = View(rows);
        var scaler = Scale("standardize", data);
        var trained = _context.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options { LabelColumnName = nameof(Row.IsPositive), FeatureColumnName = "Scaled", L1Regularization = 20 })
            .Fit(scaler.Transform(data));
        var folded = scaler.FoldInto(trained.Model);

        trained.Model.SubModel.Weights.Should().Contain(0);
        folded.Weights.Select(weight => weight == 0).Should().Equal(trained.Model.SubModel.Weights.Select(weight => weight == 0));
        Compare(rows, folded, trained.Transform(scaler.Transform(data)).GetColumn<float>("Score"));
    }

    [Fact]
    public void Scalar_columns_fold_in_the_order_in_which_they_were_concatenated()
    {
        Person[] people = [new(25, 35000, 20), new(30, 50000, 31), new(28, 42000, 27), new(35, 65000, 45)];
        var data = _context.Data.LoadFromEnumerable(people);
        var scaler = _context.Transforms.BatchNormalize([new("Salary"), new("Age")], new() { Gamma = 2, Beta = 3 }).Fit(data);
        var scaled = scaler.Transform(data);

        var both = _context.Transforms.Concatenate("Features", "Salary", "Age").Append(_context.Regression.Trainers.Sdca("Target", maximumNumberOfIterations: 10)).Fit(scaled);
        var folded = scaler.FoldInto(both.LastTransformer.Model);
        both.Transform(scaled).GetColumn<float>("Score").Select(value => (double)value)
            .ShouldBeClose(people.Select(person => folded.Score([person.Salary, person.Age])), 1e-6, floor: 10);

        var reversed = _context.Transforms.Concatenate("Features", "Age", "Salary").Append(_context.Regression.Trainers.Sdca("Target", maximumNumberOfIterations: 10)).Fit(scaled);
        folded = scaler.FoldInto(reversed.LastTransformer.Model, "Age", "Salary");
        reversed.Transform(scaled).GetColumn<float>("Score").Select(value => (double)value)
            .ShouldBeClose(people.Select(person => folded.Score([person.Age, person.Salary])), 1e-6, floor: 10);

        var one = _context.Transforms.Concatenate("Features", "Age").Append(_context.Regression.Trainers.Sdca("Target", maximumNumberOfIterations: 10)).Fit(scaled);
        folded = scaler.FoldInto(one.LastTransformer.Model, "Age");
        one.Transform(scaled).GetColumn<float>("Score").Select(value => (double)value)
            .ShouldBeClose(people.Select(person => folded.Score([person.Age])), 1e-6, floor: 10);
    }

    [Fact]
    public void Weights_and_bias_are_those_of_the_formula()
    {
        // y = (x - 10) * 0.5 and y = (x - 4) * 0.25.
        var data = _context.Data.LoadFromEnumerable<Pair>([new(8, 0, -1), new(8, 8, 9), new(12, 0, 5), new(12, 8, 15)]);
        var scaler = _context.Transforms.Standardize("Scaled", "Features").Fit(data);
        scaler.Columns[0].Scale.Should().Equal(0.5, 0.25);
        var model = _context.Regression.Trainers.Sdca("Target", "Scaled", maximumNumberOfIterations: 10).Fit(scaler.Transform(data)).Model;
        var folded = scaler.FoldInto(model);

        folded.Weights.Should().Equal(model.Weights[0] * 0.5, model.Weights[1] * 0.25);
        folded.Bias.Should().BeApproximately(model.Bias - (10 * 0.5 * model.Weights[0]) - (4 * 0.25 * model.Weights[1]), 1e-14);
        folded.Score([0.0, 0]).Should().Be(folded.Bias);
    }

    [Fact]
    public void What_does_not_fit_is_an_error_that_says_so()
    {
        var data = View(Load("iris.csv"));
        var scaler = Scale("standardize", data);
        var other = _context.Transforms.Standardize("Scaled", "Features").Fit(View(Load("diabetes.csv")));
        var model = _context.Regression.Trainers.Sdca(nameof(Row.Target), "Scaled").Fit(scaler.Transform(data)).Model;

        other.Invoking(t => t.FoldInto(model)).Should().Throw<ArgumentException>().WithMessage("The model has 4 weight(s), and the column(s) 'Scaled' have 10 slot(s)*");
        scaler.Invoking(t => t.FoldInto(model, "Other")).Should().Throw<ArgumentException>().WithMessage("'Other' is not an output column of this transformer: those are 'Scaled'.*");
        scaler.FoldInto(model).Invoking(folded => folded.Score([1.0, 2])).Should().Throw<ArgumentException>().WithMessage("Expected a row of 4 feature(s), one per weight; found 2.*");
        scaler.FoldInto(model).Invoking(folded => folded.Score([1f, 2])).Should().Throw<ArgumentException>();
        scaler.Invoking(t => t.FoldInto((LinearModelParameters)null!)).Should().Throw<ArgumentNullException>();
        _context.Transforms.ScaleMinMax("Scaled", "Features", new() { Clip = true }).Fit(data).Invoking(t => t.FoldInto(model))
            .Should().Throw<InvalidOperationException>().WithMessage("Column 'Scaled' is clipped to 0 to 1*");
    }

    private AffineTransformer Scale(string how, IDataView data) => how switch
    {
        "standardize" => _context.Transforms.Standardize("Scaled", "Features").Fit(data),
        "minmax" => _context.Transforms.ScaleMinMax("Scaled", "Features", new() { Minimum = -1 }).Fit(data),
        "robust" => _context.Transforms.RobustScale("Scaled", "Features", new() { LowerQuantile = 0.1, UnitVariance = true }).Fit(data),
        "magnitude" => _context.Transforms.ScaleMaxAbs("Scaled", "Features").Fit(data),
        _ => _context.Transforms.BatchNormalize("Scaled", "Features", new() { BatchSize = 64, Shuffle = true, Gamma = 0.7, Beta = -0.2 }).Fit(data),
    };

    // ML.NET scores in single precision: its rounding errors grow with the terms of the sum.
    private static void Compare(Row[] rows, FoldedLinearModel folded, IEnumerable<float> scores)
    {
        foreach (var (row, score) in rows.Zip(scores))
        {
            double terms = Math.Abs(folded.Bias) + row.Features.Zip(folded.Weights, (value, weight) => Math.Abs(value * weight)).Sum();
            folded.Score(row.Features).Should().BeApproximately(score, 1e-6 * Math.Max(1, terms));
        }
    }

    private static Row[] Load(string name) => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", name)).Skip(1)
        .Select(line => line.Split(',').Select(text => float.Parse(text, CultureInfo.InvariantCulture)).ToArray())
        .Select(values => new Row { Features = values[..^1], IsPositive = values[^1] == 1, Class = (uint)Math.Min(values[^1], 2) + 1, Target = values[^1] })];

    private IDataView View(Row[] rows)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        return _context.Data.LoadFromEnumerable(rows, definition);
    }

    private sealed class Row
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public bool IsPositive { get; set; }

        [KeyType(3)]
        public uint Class { get; set; }

        public float Target { get; set; }
    }

    private sealed class Person(float age, float salary, float target)
    {
        public float Age { get; set; } = age;

        public float Salary { get; set; } = salary;

        public float Target { get; set; } = target;
    }

    private sealed class Pair(float first, float second, float target)
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [first, second];

        public float Target { get; set; } = target;
    }
}
