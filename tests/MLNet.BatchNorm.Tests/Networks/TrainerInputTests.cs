using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Catalog;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>What the trainer takes for columns, and what it says of others: when it fits, and when a pipeline asks it for its shape.</summary>
public class TrainerInputTests
{
    private static readonly MultilayerPerceptronOptions Quick = new() { HiddenLayers = [4], Epochs = 2, Seed = 3 };

    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData("Flag")]
    [InlineData("Number")]
    [InlineData("Ratio")]
    [InlineData("Key")]
    public void Two_classes_give_the_same_network_in_whatever_form_they_come(string labelColumnName)
    {
        var data = Data(Rows(50));
        var expected = Binary("Flag").Fit(data).Transform(data).GetColumn<float>("Score");

        Binary(labelColumnName).Fit(data).Transform(data).GetColumn<float>("Score").Should().Equal(expected);
    }

    [Fact]
    public void Numbers_of_either_precision_give_the_same_regression()
    {
        var data = Data(Rows(50));

        Regression("Ratio").Fit(data).Transform(data).GetColumn<float>("Score")
            .Should().Equal(Regression("Number").Fit(data).Transform(data).GetColumn<float>("Score"));
    }

    [Theory]
    [InlineData("binary", "Text", "*label column 'Text': expected Boolean, a key of two values, or Single or Double that are 0 or 1, got *")]
    [InlineData("binary", "Many", "*label column 'Many': expected Boolean, a key of two values*")]
    [InlineData("multiclass", "Text", "*label column 'Text': expected a key, got *MapValueToKey*")]
    [InlineData("multiclass", "Number", "*label column 'Number': expected a key, got Single*MapValueToKey*")]
    [InlineData("multiclass", "One", "*label column 'One': expected a key of 2 to *")]
    [InlineData("regression", "Flag", "*label column 'Flag': expected Single or Double, got Bool*ConvertType*")]
    [InlineData("regression", "Many", "*label column 'Many': expected Single or Double, got Key*")]
    [InlineData("regression", "Features", "*label column 'Features': expected Single or Double, got Vector*")]
    public void Labels_of_other_types_are_refused_with_advice(string task, string labelColumnName, string message)
    {
        Trainer(task, labelColumnName).Invoking(trainer => trainer.Fit(Data(Rows(10)))).Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
    }

    [Theory]
    [InlineData("binary", "Text", "*label column 'Text': expected Boolean, a key of two values*")]
    [InlineData("multiclass", "Number", "*label column 'Number': expected a key, got Single*MapValueToKey*")]
    [InlineData("regression", "Many", "*label column 'Many': expected Single or Double, got *key*")]
    [InlineData("regression", "Nobody", "*Could not find label column 'Nobody'*'Features', 'Flag'*")]
    public void Labels_of_other_types_are_refused_before_any_data_are_read(string task, string labelColumnName, string message)
    {
        var shape = ShapeSpy.ShapeOf(_context, Data(Rows(10)));

        Trainer(task, labelColumnName).Invoking(trainer => trainer.GetOutputSchema(shape)).Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
    }

    [Theory]
    [InlineData("Number", "*feature column 'Number': expected a vector of Single of known size, got Single*Concatenate*")]
    [InlineData("Doubles", "*feature column 'Doubles': expected a vector of Single of known size, got *Double*ConvertType*")]
    [InlineData("Any", "*feature column 'Any': expected a vector of Single of known size, got *VectorType*")]
    [InlineData("Nothing", "*Could not find feature column 'Nothing'*'Features', 'Flag'*")]
    public void Features_of_other_types_are_refused_with_advice(string featureColumnName, string message)
    {
        var trainer = _context.BinaryClassification.Trainers.MultilayerPerceptron("Flag", featureColumnName);
        var data = Data(Rows(10));

        trainer.Invoking(t => t.Fit(data)).Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
        trainer.Invoking(t => t.GetOutputSchema(ShapeSpy.ShapeOf(_context, data))).Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
    }

    [Theory]
    [InlineData(float.NaN, "*'Features', slot 1, holds a missing value (NaN) in row 3 (zero-based)*ReplaceMissingValues*")]
    [InlineData(float.PositiveInfinity, "*'Features', slot 1, holds *in row 3 (zero-based)*")]
    public void A_feature_that_is_no_number_is_named(float value, string message)
    {
        var rows = Rows(6);
        rows[3].Features[1] = value;

        Binary("Flag").Invoking(trainer => trainer.Fit(Data(rows))).Should().Throw<InvalidOperationException>().WithMessage(message);
    }

    [Fact]
    public void Named_slots_are_called_by_their_names()
    {
        var rows = Rows(6);
        rows[2].Number = float.NaN;
        var data = _context.Transforms.Concatenate("Features", "Ratio2", "Number").Fit(Data(rows)).Transform(Data(rows));

        Binary("Flag").Invoking(trainer => trainer.Fit(data)).Should().Throw<InvalidOperationException>().WithMessage("*slot 1 'Number', holds a missing value*row 2*");
    }

    [Fact]
    public void Rows_without_a_label_are_left_out_with_a_warning()
    {
        var messages = new List<string>();
        _context.Log += (_, entry) => messages.Add($"{entry.Kind} {entry.Message}");
        var rows = Rows(50);
        rows[0].Number = float.NaN;
        rows[7].Number = float.NaN;

        var model = Regression("Number").Fit(Data(rows));

        messages.Should().Contain(message => message.Contains("Warning") && message.Contains("Left out 2 row(s) whose label is missing in column 'Number'"));
        var without = Data([.. rows.Where(row => !float.IsNaN(row.Number))]);
        model.Transform(without).GetColumn<float>("Score").Should().Equal(Regression("Number").Fit(without).Transform(without).GetColumn<float>("Score"));
    }

    [Fact]
    public void Rows_of_weight_zero_do_not_count()
    {
        var rows = Rows(50);
        rows[5].Weight = 0;
        var kept = Data([.. rows.Where(row => row.Weight > 0)]);
        var trainer = _context.Regression.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = "Number", ExampleWeightColumnName = "Weight" });

        trainer.Fit(Data(rows)).Transform(kept).GetColumn<float>("Score").Should().Equal(trainer.Fit(kept).Transform(kept).GetColumn<float>("Score"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(float.NaN)]
    public void A_weight_must_be_one(float weight)
    {
        var rows = Rows(50);
        rows[5].Weight = weight;

        _context.Regression.Trainers.MultilayerPerceptron("Number", exampleWeightColumnName: "Weight")
            .Invoking(trainer => trainer.Fit(Data(rows))).Should().Throw<InvalidOperationException>().WithMessage("*'Weight'*row 5*");
    }

    [Fact]
    public void A_weight_column_must_be_there_and_a_number()
    {
        var data = Data(Rows(10));
        var missing = _context.Regression.Trainers.MultilayerPerceptron("Number", exampleWeightColumnName: "Nobody");
        var text = _context.Regression.Trainers.MultilayerPerceptron("Number", exampleWeightColumnName: "Text");

        missing.Invoking(trainer => trainer.Fit(data)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Could not find weight column 'Nobody'*");
        text.Invoking(trainer => trainer.Fit(data)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*weight column 'Text'*");
        text.Invoking(trainer => trainer.GetOutputSchema(ShapeSpy.ShapeOf(_context, data))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*weight column 'Text'*");
    }

    [Fact]
    public void A_vector_of_weights_is_refused_with_advice_that_helps()
    {
        var data = Data(Rows(10));
        var trainer = _context.Regression.Trainers.MultilayerPerceptron("Number", exampleWeightColumnName: "Doubles");
        const string Message = "*weight column 'Doubles'*a scalar Single or Double*A row has one weight: load the column as a scalar*";

        trainer.Invoking(t => t.Fit(data)).Should().Throw<ArgumentOutOfRangeException>().WithMessage(Message);
        trainer.Invoking(t => t.GetOutputSchema(ShapeSpy.ShapeOf(_context, data))).Should().Throw<ArgumentOutOfRangeException>().WithMessage(Message);
        _context.Transforms.Standardize("Features", options: new StandardizationOptions { WeightColumnName = "Doubles" })
            .Invoking(scaler => scaler.Fit(data)).Should().Throw<ArgumentOutOfRangeException>().WithMessage(Message);
    }

    [Fact]
    public void A_weight_that_no_float_can_hold_is_refused()
    {
        var rows = Rows(50);
        rows[5].Ratio = 1e300;
        var trainer = _context.Regression.Trainers.MultilayerPerceptron("Number", exampleWeightColumnName: "Ratio");

        trainer.Invoking(t => t.Fit(Data(rows))).Should().Throw<InvalidOperationException>().WithMessage("*Weight column 'Ratio' holds 1E+300 in row 5*a float can hold*");
    }

    [Theory]
    [InlineData(2_000_000_000L)]
    [InlineData(long.MaxValue)]
    [InlineData(1L)]
    [InlineData(-5L)]
    public void Memory_is_taken_for_the_rows_that_come_not_for_those_that_are_claimed(long claimed)
    {
        var data = Data(Rows(100));
        var expected = Binary("Flag").Fit(data).Transform(data).GetColumn<float>("Score");
        long before = GC.GetAllocatedBytesForCurrentThread();

        var model = Binary("Flag").Fit(new ClaimingView(data, claimed));

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(32 << 20);
        model.Transform(data).GetColumn<float>("Score").Should().Equal(expected);
    }

    [Fact]
    public void Layers_of_more_weights_than_an_array_holds_are_refused_before_anything_is_allocated()
    {
        var data = Data(Rows(10));
        var wide = _context.Regression.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = "Number", HiddenLayers = [1 << 20, 1 << 20] });
        var single = _context.Regression.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = "Number", HiddenLayers = [1 << 25] });

        wide.Invoking(t => t.Fit(data)).Should().Throw<InvalidOperationException>().WithMessage("*1048576 units on 1048576 inputs would have 1099511627776 weights*HiddenLayers*");
        single.Invoking(t => t.Fit(data)).Should().Throw<InvalidOperationException>().WithMessage("*batch of 256 rows would have 8589934592 numbers*BatchSize*");
    }

    [Theory]
    [InlineData(50_000, "*Warning*'Features': 1 of 2 feature(s) are beyond 1000; the largest, slot 1, has a root mean square of *Put Standardize before it.*")]
    [InlineData(1e-6, "*Warning*'Features': all features are tiny; the largest, slot 1, has a root mean square of *Put Standardize before it.*")]
    [InlineData(1, null)]
    public void Features_that_nobody_scaled_give_a_warning(double factor, string? message)
    {
        var messages = new List<string>();
        _context.Log += (_, entry) => messages.Add($"{entry.Kind} {entry.Message}");
        var rows = Rows(50);
        foreach (var row in rows)
        {
            row.Features = [factor < 1 ? 0 : row.Features[0], (float)(row.Features[1] * factor)];
        }

        Binary("Flag").Fit(Data(rows));

        string[] warnings = [.. messages.Where(text => text.StartsWith("Warning", StringComparison.Ordinal) && text.Contains("root mean square", StringComparison.Ordinal))];
        if (message is null)
        {
            warnings.Should().BeEmpty();
        }
        else
        {
            warnings.Should().ContainSingle().Which.Should().Match(message);
        }
    }

    [Fact]
    public void Numbers_that_are_no_classes_are_refused()
    {
        var rows = Rows(10);
        rows[4].Number = 2;

        Binary("Number").Invoking(trainer => trainer.Fit(Data(rows))).Should().Throw<InvalidOperationException>().WithMessage("*'Number' holds 2 in row 4*expected 0 or 1*");
    }

    [Fact]
    public void An_infinite_number_to_predict_is_refused()
    {
        var rows = Rows(10);
        rows[4].Ratio = 1e300;

        Regression("Ratio").Invoking(trainer => trainer.Fit(Data(rows))).Should().Throw<InvalidOperationException>().WithMessage("*'Ratio' holds 1E+300 in row 4*");
    }

    [Fact]
    public void Nothing_to_learn_from_is_said()
    {
        var none = _context.Data.FilterRowsByMissingValues(Data([new Row { Features = [1, float.NaN] }]), "Features");
        var unlabeled = Data([.. Rows(4).Select(row => new Row { Features = row.Features, Number = float.NaN })]);
        var oneClass = Data([.. Rows(8).Where(row => row.Flag)]);

        Regression("Number").Invoking(trainer => trainer.Fit(none)).Should().Throw<InvalidOperationException>().WithMessage("*'Features': the data have no rows*");
        Regression("Number").Invoking(trainer => trainer.Fit(unlabeled)).Should().Throw<InvalidOperationException>().WithMessage("*'Number': every label is missing, in all of the 4 row(s)*");
        Binary("Flag").Invoking(trainer => trainer.Fit(oneClass)).Should().Throw<InvalidOperationException>().WithMessage("*'Flag': all 4 row(s) are of one class*");
    }

    [Fact]
    public void Sparse_features_give_the_network_of_dense_ones()
    {
        var rows = Rows(40);
        foreach (var row in rows)
        {
            row.Features[0] = 0;
        }
        var dense = Data(rows);
        var sparse = _context.Data.LoadFromEnumerable(rows.Select(row => new Sparse
        {
            Features = new VBuffer<float>(2, 1, [row.Features[1]], [1]),
            Flag = row.Flag,
        }).ToList());

        var model = Binary("Flag").Fit(sparse);

        model.Transform(sparse).GetColumn<float>("Score").Should().Equal(Binary("Flag").Fit(dense).Transform(dense).GetColumn<float>("Score"));
    }

    [Fact]
    public void Validation_data_must_have_the_same_columns()
    {
        var data = Data(Rows(30));
        var wide = Examples.View(_context, Examples.Features(5, 3));

        Binary("Flag").Invoking(trainer => trainer.Fit(data, wide)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*'Features'*Vector<Single, 2>*Vector<Single, 3>*").Which.ParamName.Should().Be("validationData");
    }

    [Fact]
    public void Options_are_checked_when_the_trainer_is_made()
    {
        _context.Regression.Trainers.Invoking(trainers => trainers.MultilayerPerceptron(new MultilayerPerceptronOptions { Epochs = 0 }))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Epochs*");
        _context.Regression.Trainers.Invoking(trainers => trainers.MultilayerPerceptron("")).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void No_options_are_the_default_options()
    {
        var data = Data(Rows(20));

        _context.Regression.Trainers.MultilayerPerceptron("Number").Fit(data).Model.Options
            .Should().Be(new MultilayerPerceptronOptions { LabelColumnName = "Number" });
        _context.Regression.Trainers.MultilayerPerceptron().Invoking(trainer => trainer.Fit(data))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*label column 'Label'*");
        _context.Regression.Trainers.MultilayerPerceptron(options: null).Invoking(trainer => trainer.Fit(data))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*label column 'Label'*");
    }

    private MultilayerPerceptronTrainer Binary(string label) => Trainer("binary", label);

    private MultilayerPerceptronTrainer Regression(string label) => Trainer("regression", label);

    private MultilayerPerceptronTrainer Trainer(string task, string label) => task switch
    {
        "binary" => _context.BinaryClassification.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = label }),
        "multiclass" => _context.MulticlassClassification.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = label }),
        _ => _context.Regression.Trainers.MultilayerPerceptron(Quick with { LabelColumnName = label }),
    };

    private IDataView Data(Row[] rows) => _context.Data.LoadFromEnumerable(rows);

    private static Row[] Rows(int count) => [.. Examples.Features(count, 2).Select((features, i) => new Row
    {
        Features = features,
        Flag = i % 2 == 1,
        Number = i % 2,
        Ratio = i % 2,
        Ratio2 = features[0],
        Key = (uint)(i % 2),
        Many = (uint)(i % 3),
        Text = "text",
        Weight = 1 + (i % 3),
        Any = features,
    })];

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Flag { get; set; }

        public float Number { get; set; }

        public double Ratio { get; set; }

        public float Ratio2 { get; set; }

        [KeyType(2)]
        public uint Key { get; set; }

        [KeyType(3)]
        public uint Many { get; set; }

        [KeyType(1)]
        public uint One { get; set; }

        public string Text { get; set; } = "";

        public float Weight { get; set; } = 1;

        public float[] Any { get; set; } = [];

        [VectorType(2)]
        public double[] Doubles { get; set; } = [0, 0];
    }

    /// <summary>A view that says what it likes about its length.</summary>
    private sealed class ClaimingView(IDataView source, long claimed) : IDataView
    {
        public bool CanShuffle => source.CanShuffle;

        public DataViewSchema Schema => source.Schema;

        public long? GetRowCount() => claimed;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => source.GetRowCursor(columnsNeeded, rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => source.GetRowCursorSet(columnsNeeded, n, rand);
    }

    private sealed class Sparse
    {
        [VectorType(2)]
        public VBuffer<float> Features { get; set; }

        public bool Flag { get; set; }
    }
}
