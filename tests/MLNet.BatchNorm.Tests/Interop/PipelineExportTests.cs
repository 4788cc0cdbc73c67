using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Interop;

/// <summary>ConvertToOnnx over whole pipelines of this library: the graph must hold the scaling, wherever in the pipeline it stands.</summary>
public sealed class PipelineExportTests
{
    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.TakeRows(
        Context.Data.LoadFromTextFile(
            Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer.csv"),
            [new TextLoader.Column("Features", DataKind.Single, 0, 29), new TextLoader.Column("Label", DataKind.Boolean, 30)],
            separatorChar: ',',
            hasHeader: true),
        100);

    public static TheoryData<string> Scalings => ["Standardize", "ScaleMinMax", "ScaleMinMax with Clip", "Standardize, then ScaleMinMax", "inverse"];

    [Theory]
    [MemberData(nameof(Scalings))]
    public void The_exported_graph_gives_the_scaled_features(string scaling)
    {
        var model = Scaler(scaling).Fit(Data);

        var exported = OnnxModel.Run(Context, model, Data, "Scaled");

        var expected = model.Transform(Data).GetColumn<float[]>("Scaled").ToArray();
        exported.Should().HaveSameCount(expected);
        for (int row = 0; row < expected.Length; row++)
        {
            // Single precision, and a graph that may fold (x - offset) * scale in its own way.
            exported[row].Should().Equal(expected[row], (actual, wanted) => Math.Abs(actual - wanted) <= 1e-5 * Math.Max(1, Math.Abs(wanted)));
        }
    }

    [Fact]
    public void A_trained_pipeline_exports_with_its_scaling()
    {
        var model = Context.Transforms.Standardize("Scaled", "Features")
            .Append(Context.BinaryClassification.Trainers.LbfgsLogisticRegression(featureColumnName: "Scaled"))
            .Fit(Data);

        var exported = OnnxModel.Run(Context, model, Data, "Probability");

        exported.Select(row => row.Single()).Should().Equal(
            model.Transform(Data).GetColumn<float>("Probability"), (actual, expected) => Math.Abs(actual - expected) < 1e-5);
    }

    [Fact]
    public void Doubles_are_exported_in_double_precision()
    {
        // 2^53 - 1 is no single, and neither are differences of 1e-9 from 1.
        var data = Context.Data.LoadFromEnumerable(
        [
            new Doubles { Scalar = 9_007_199_254_740_991, Vector = [1, 1e300, 5], Matrix = [1, 2, 3, 4], Limit = 1 },
            new Doubles { Scalar = 9_007_199_254_740_990, Vector = [1 + 1e-9, -1e300, double.NaN], Matrix = [4, 3, 2, 1], Limit = 2 },
        ]);
        var model = Context.Transforms.ScaleMinMax([new("Scalar"), new("Vector"), new("Matrix"), new("Limit")], new MinMaxScalingOptions { Clip = true })
            .Append(Context.Transforms.BatchNormalize("Matrix", options: new BatchNormOptions { Gamma = new double[] { 2, 0, 2, 2 }, Beta = 1 }))
            .Append(Context.Transforms.ScaleMinMax("Matrix", options: new MinMaxScalingOptions { DataMinimum = -1, DataMaximum = 1 }))
            .Fit(data);
        var expected = Context.Data.CreateEnumerable<Doubles>(model.Transform(data), reuseRowObject: false).ToArray();

        OnnxModel.Run(Context, model, data, "Scalar").SelectMany(row => row).Should().Equal(1, 0);
        OnnxModel.Run(Context, model, data, "Limit").SelectMany(row => row).Should().Equal(0, 1);
        OnnxModel.Run(Context, model, data, "Vector").SelectMany(row => row).Should().Equal(0, 1, 0, 1, 0, double.NaN);
        OnnxModel.Run(Context, model, data, "Matrix").SelectMany(row => row).ShouldBeClose(expected.SelectMany(row => row.Matrix), 1e-12);
    }

    [Theory]
    [InlineData(1 + 1e-9, 0)]
    [InlineData(1, 1e-40)]
    public void A_double_that_is_1_or_0_as_a_single_only_is_computed_with(double deviation, double mean)
    {
        var data = Context.Data.LoadFromEnumerable([new Doubles { Scalar = 1, Vector = new double[3], Matrix = new double[4] }, new() { Scalar = 1e-40, Vector = new double[3], Matrix = new double[4] }]);
        var model = Context.Transforms.Standardize("Scalar", options: new() { Mean = mean, StandardDeviation = deviation }).Fit(data);

        OnnxModel.Run(Context, model, data, "Scalar").SelectMany(row => row)
            .ShouldBeClose([(1 - mean) / deviation, (1e-40 - mean) / deviation], 1e-15);
    }

    private static IEstimator<ITransformer> Scaler(string scaling) => scaling switch
    {
        "Standardize" => Context.Transforms.Standardize("Scaled", "Features"),
        "ScaleMinMax" => Context.Transforms.ScaleMinMax("Scaled", "Features"),
        "ScaleMinMax with Clip" => Context.Transforms.ScaleMinMax("Scaled", "Features", new MinMaxScalingOptions { Clip = true, DataMinimum = 0, DataMaximum = 10 }),
        "Standardize, then ScaleMinMax" => Context.Transforms.Standardize("Scaled", "Features").Append(Context.Transforms.ScaleMinMax("Scaled")),
        "inverse" => new Fitted(Context.Transforms.Standardize("Features", "Scaled").Fit(Context.Transforms.CopyColumns("Scaled", "Features").Fit(Data).Transform(Data)).Inverse()),
        _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "No such scaling."),
    };

    private sealed class Fitted(ITransformer transformer) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => transformer;

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    private sealed class Doubles
    {
        public double Scalar { get; set; }

        // A name that might stand among those of the graph's numbers.
        public double Limit { get; set; }

        [VectorType(3)]
        public double[] Vector { get; set; } = [];

        [VectorType(2, 2)]
        public double[] Matrix { get; set; } = [];
    }
}
