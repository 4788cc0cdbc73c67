using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>A network cannot be exported to ONNX, and ML.NET must not export half a pipeline instead.</summary>
public class NetworkExportTests
{
    private static readonly MLContext Context = new(seed: 1);

    [Theory]
    [InlineData(NetworkNormalization.Batch)]
    [InlineData(NetworkNormalization.Layer)]
    public void The_export_says_that_it_cannot(NetworkNormalization normalization)
    {
        var data = Examples.Learnable(Context, 40);
        var options = new MultilayerPerceptronOptions { LabelColumnName = "Target", HiddenLayers = [3], Epochs = 1, Normalization = normalization };
        var model = Context.Transforms.Standardize("Features")
            .Append(Context.Regression.Trainers.MultilayerPerceptron(options))
            .Append(Context.Transforms.CopyColumns("Prediction", "Score"))
            .Fit(data);

        Context.Invoking(context => OnnxModel.Run(context, model, data, "Prediction"))
            .Should().Throw<NotSupportedException>().WithMessage("*cannot be exported to ONNX*");
    }
}
