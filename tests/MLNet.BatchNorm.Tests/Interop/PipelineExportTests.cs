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
}
