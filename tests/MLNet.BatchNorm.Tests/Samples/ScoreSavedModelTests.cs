using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Tests.Samples;

/// <summary>A program that references Microsoft.ML and not this library scores what this library's pipelines have saved.</summary>
public sealed class ScoreSavedModelTests
{
    private static readonly string Program = typeof(ScoreSavedModelTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ScoreSavedModelPath").Value!;

    [Fact]
    public void The_program_has_no_copy_of_this_library() =>
        Directory.GetFiles(Path.GetDirectoryName(Program)!, "*.dll").Select(Path.GetFileName)
            .Should().Contain("MLNet.BatchNorm.ScoreSavedModel.dll").And.NotContain("MLNet.BatchNorm.dll");

    [Theory]
    [InlineData("Standardize")]
    [InlineData("ScaleMinMax")]
    [InlineData("ScaleMinMax with Clip")]
    [InlineData("Standardize before a network")]
    public async Task Its_scores_are_those_of_the_pipeline_that_was_saved(string scaling)
    {
        var mlContext = new MLContext(1);
        var (training, _) = ShippedData.Load("breast_cancer").Split(0.2, seed: 1);
        IEstimator<ITransformer> scaler = scaling switch
        {
            "Standardize" or "Standardize before a network" => mlContext.Transforms.Standardize("Scaled", "Features"),
            "ScaleMinMax" => mlContext.Transforms.ScaleMinMax("Scaled", "Features"),
            _ => mlContext.Transforms.ScaleMinMax("Scaled", "Features", new MinMaxScalingOptions { Clip = true }),
        };
        IEstimator<ITransformer> trainer = scaling.EndsWith("network", StringComparison.Ordinal)
            ? mlContext.BinaryClassification.Trainers.MultilayerPerceptron(
                new MultilayerPerceptronOptions { FeatureColumnName = "Scaled", HiddenLayers = [40, 20], Epochs = 10 })
            : mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(featureColumnName: "Scaled");
        var model = scaler.Append(trainer).Fit(DataViews.Create(mlContext, training));
        var rows = mlContext.Data.TakeRows(DataViews.Create(mlContext, ShippedData.Load("breast_cancer")), 100);
        var expected = model.Transform(rows).GetColumn<float>("Probability").ToArray();
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var zip = Path.Combine(folder.FullName, "model.zip");
            mlContext.Model.Save(model, rows.Schema, zip);

            var (exitCode, output, errors) = await SampleProcess.Run(Program, zip, Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer.csv"), "100");

            exitCode.Should().Be(0, errors);
            var scores = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => float.Parse(line, CultureInfo.InvariantCulture));
            scores.Should().Equal(expected, (actual, wanted) => Math.Abs(actual - wanted) <= 1e-6f);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("wine", 3)]
    [InlineData("diabetes", 1)]
    public async Task What_the_study_saves_is_scored_for_more_classes_and_for_numbers(string dataSet, int width)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var zip = Path.Combine(folder.FullName, "model.zip");
            var mlContext = new MLContext(1);
            var rows = DataViews.Create(mlContext, ShippedData.Load(dataSet));
            var best = Convergence.ShortStudy.Outcome.BestPipelines[dataSet]!;
            MLNet.BatchNorm.Convergence.Output.SavedModel.Save(best.Model!, rows.Schema, zip);

            var (exitCode, output, errors) = await SampleProcess.Run(Program, zip, Path.Combine(AppContext.BaseDirectory, "data", $"{dataSet}.csv"), "3");

            exitCode.Should().Be(0, errors);
            var scored = best.Model!.Transform(mlContext.Data.TakeRows(rows, 3));
            float[] expected = width > 1 ? [.. scored.GetColumn<float[]>("Score").SelectMany(scores => scores)] : [.. scored.GetColumn<float>("Score")];
            output.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries).Select(text => float.Parse(text, CultureInfo.InvariantCulture))
                .Should().Equal(expected, (actual, wanted) => Math.Abs(actual - wanted) <= 1e-6f * Math.Max(1, Math.Abs(wanted)));

            var (refused, nothing, message) = await SampleProcess.Run(Program, zip, Path.Combine(AppContext.BaseDirectory, "data", "breast_cancer.csv"));

            refused.Should().Be(1);
            nothing.Should().BeEmpty();
            message.Trim().Split('\n').Should().ContainSingle().Which.Should().StartWith("error: ").And.Contain("which the model takes");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
