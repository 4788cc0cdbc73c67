using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
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
    [InlineData(false)]
    [InlineData(true)]
    public async Task Columns_of_words_are_scored_as_the_study_read_them(bool packed)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            // Words with a separator and quotes in them, yes and no, and numbers that only double can tell apart.
            string[] colours = ["red", "blue;green", "5\"\" grey"];
            var text = "\"size\";colour;sold;account;price\n" + string.Concat(Enumerable.Range(0, 90).Select(i => FormattableString.Invariant(
                $"{i * 7 % 90 / 4.0};\"{colours[i * 5 % 7 % 3]}\";{(i % 4 == 0 ? "Yes" : "no")};{5_000_000_000 + (i * 11 % 90)};{(i * 7 % 90) + (i * 5 % 7 % 3 * 20) + (i * i % 5)}\n")));
            var path = Path.Combine(folder.FullName, packed ? "mine.csv.gz" : "mine.csv");
            await using (Stream file = packed ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path))
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes(text));
            }

            var data = TabularDataReader.Read(path, "price", LearningTask.Regression);
            var mlContext = new MLContext(1);
            var rows = DataViews.Create(mlContext, data);
            var model = mlContext.Transforms.Standardize("Features").Append(mlContext.Regression.Trainers.Sdca()).Fit(rows);
            var zip = Path.Combine(folder.FullName, "model.zip");
            MLNet.BatchNorm.Convergence.Output.SavedModel.Save(model, rows.Schema, zip);

            var (exitCode, output, errors) = await SampleProcess.Run(Program, zip, path, "90");

            exitCode.Should().Be(0, errors);
            data.FeatureNames.Should().Contain("account - 5000000000").And.Contain("sold").And.Contain(name => name.StartsWith("colour=", StringComparison.Ordinal));
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => float.Parse(line, CultureInfo.InvariantCulture))
                .Should().Equal(model.Transform(rows).GetColumn<float>("Score"), (actual, wanted) => Math.Abs(actual - wanted) <= 1e-5f * Math.Max(1, Math.Abs(wanted)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("no column for 'colour=blue'", "size;color;price\n1;blue;2\n")]
    [InlineData("line 3, column 'size': 'large' is not a number", "size;colour;price\n1;blue;2\nlarge;red;3\n")]
    [InlineData("line 2, column 'colour': there is no cell", "size;colour;price\n1\n")]
    [InlineData("is empty", "")]
    public async Task A_file_that_does_not_fit_is_refused_in_one_line(string message, string text)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (zip, path) = (Path.Combine(folder.FullName, "model.zip"), Path.Combine(folder.FullName, "mine.csv"));
            var mlContext = new MLContext(1);
            var data = new TabularData("mine", "", LearningTask.Regression, ["size", "colour=blue"], [[1, 0], [2, 1], [4, 0], [3, 1]], [1, 2, 4, 3], [], []);
            var rows = DataViews.Create(mlContext, data);
            MLNet.BatchNorm.Convergence.Output.SavedModel.Save(mlContext.Transforms.Standardize("Features").Append(mlContext.Regression.Trainers.Sdca()).Fit(rows), rows.Schema, zip);
            await File.WriteAllTextAsync(path, text);

            var (exitCode, output, errors) = await SampleProcess.Run(Program, zip, path);

            exitCode.Should().Be(1);
            output.Should().BeEmpty();
            errors.Trim().Split('\n').Should().ContainSingle().Which.Should().StartWith("error: ").And.Contain(message);
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
