using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>The lesson's table of four people: age, salary, height, weight.</summary>
public class LessonTableTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IDataView _people;

    public LessonTableTests() => _people = _context.Data.LoadFromEnumerable<Person>(
    [
        new() { Age = 25, Salary = 35000, Height = 170, Weight = 65 },
        new() { Age = 30, Salary = 50000, Height = 175, Weight = 72 },
        new() { Age = 28, Salary = 42000, Height = 168, Weight = 60 },
        new() { Age = 35, Salary = 65000, Height = 180, Weight = 78 },
    ]);

    [Theory]
    [InlineData("Age", new[] { 0.0, 0.5, 0.3, 1.0 })]
    [InlineData("Salary", new[] { 0.0, 0.5, 7.0 / 30, 1.0 })]
    [InlineData("Height", new[] { 2.0 / 12, 7.0 / 12, 0.0, 1.0 })]
    [InlineData("Weight", new[] { 5.0 / 18, 12.0 / 18, 0.0, 1.0 })]
    public void Min_max_maps_the_smallest_to_zero_and_the_largest_to_one(string column, double[] expected)
    {
        var scaled = _context.Transforms.ScaleMinMax(column).Fit(_people).Transform(_people);
        // Results are floats: half a unit in the last place of 1, and one rounding more.
        scaled.GetColumn<float>(column).Select(value => (double)value).ShouldBeClose(expected, 1.2e-7, floor: 1);
    }

    [Theory]
    // Means 29.5, 48000, 173.25, 68.75; deviations sqrt(13.25), sqrt(124.5e6), sqrt(21.6875), sqrt(46.6875).
    [InlineData("Age", new[] { -1.2362450755382013, 0.13736056394868904, -0.4120816918460671, 1.5109662034355793 })]
    [InlineData("Salary", new[] { -1.1650878588653741, 0.17924428597928835, -0.5377328579378651, 1.523576430823951 })]
    [InlineData("Height", new[] { -0.6978765652235247, 0.37577968896651326, -1.1273390668995398, 1.4494359431565513 })]
    [InlineData("Weight", new[] { -0.5488212999484517, 0.4756451266219915, -1.2805830332130541, 1.3537592065395143 })]
    public void Standardizing_gives_mean_zero_and_standard_deviation_one(string column, double[] expected)
    {
        var scaled = _context.Transforms.Standardize(column).Fit(_people).Transform(_people);
        double[] values = [.. scaled.GetColumn<float>(column).Select(value => (double)value)];
        // Floats: one unit in the last place of 1.
        values.ShouldBeClose(expected, 1.2e-7, floor: 1);
        values.Average().Should().BeApproximately(0, 1e-7);
        values.Average(value => value * value).Should().BeApproximately(1, 3e-7);
    }

    [Fact]
    public void Scaled_together_as_one_vector_each_feature_still_has_its_own_statistics()
    {
        var pipeline = _context.Transforms.Concatenate("Features", "Age", "Salary", "Height", "Weight")
            .Append(_context.Transforms.Standardize("Scaled", "Features"));
        var scaled = pipeline.Fit(_people).Transform(_people);

        Rows.Read<float>(scaled, "Scaled")[0].Select(value => (double)value)
            .ShouldBeClose([-1.2362450755382013, -1.1650878588653741, -0.6978765652235247, -0.5488212999484517], 1.2e-7, floor: 1);
        Rows.Read<float>(scaled, "Features")[0].Should().Equal([25f, 35000f, 170f, 65f], "the input column is left as it is");
    }

    private sealed class Person
    {
        public float Age { get; set; }

        public float Salary { get; set; }

        public float Height { get; set; }

        public float Weight { get; set; }
    }
}
