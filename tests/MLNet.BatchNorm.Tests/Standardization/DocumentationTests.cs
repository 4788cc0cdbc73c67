using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Standardization;

/// <summary>The examples in the estimators' documentation, run.</summary>
public class DocumentationTests
{
    [Fact]
    public void The_example_of_StandardizationEstimator()
    {
        var mlContext = new MLContext();
        var data = mlContext.Data.LoadFromEnumerable(new[]
        {
            new { Age = 25f, Salary = 35000f },
            new { Age = 30f, Salary = 50000f },
            new { Age = 28f, Salary = 42000f },
            new { Age = 35f, Salary = 65000f },
        });
        var pipeline = mlContext.Transforms.Standardize([new InputOutputColumnPair("Age"), new InputOutputColumnPair("Salary")]);
        var transformer = pipeline.Fit(data);
        string report = transformer.Report.ToString();
        var scaled = transformer.Transform(data);
        var original = transformer.Inverse().Transform(scaled);

        report.Should().Contain("Age").And.Contain("Salary");
        scaled.GetColumn<float>("Age").Average().Should().BeApproximately(0, 1e-7f);
        original.GetColumn<float>("Salary").Select(value => (double)value).ShouldBeClose([35000, 50000, 42000, 65000], 1.2e-7);
    }

    [Fact]
    public void The_example_of_MinMaxScalingEstimator()
    {
        var mlContext = new MLContext();
        var images = mlContext.Data.LoadFromEnumerable(new[] { new Image { Pixels = [0, 51, 255] }, new Image { Pixels = [102, 204, 153] } });
        // The range of pixels is known: nothing to fit.
        var pipeline = mlContext.Transforms.ScaleMinMax("Pixels", options: new MinMaxScalingOptions { DataMinimum = 0, DataMaximum = 255 });
        var scaled = pipeline.Fit(images).Transform(images);

        scaled.GetColumn<float[]>("Pixels").SelectMany(row => row).Select(value => (double)value).ShouldBeClose([0, 0.2, 1, 0.4, 0.8, 0.6], 1.2e-7);
    }

    private sealed class Image
    {
        [VectorType(3)]
        public float[] Pixels { get; set; } = [];
    }
}
