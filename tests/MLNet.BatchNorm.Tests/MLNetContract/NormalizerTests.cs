using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.BatchNorm.Tests.MLNetContract;

public class NormalizerTests
{
    private static readonly MLContext Context = new(1);

    [Fact]
    public void Min_max_without_fixed_zero_maps_to_zero_and_one()
        => Fit(Context.Transforms.NormalizeMinMax("X", fixZero: false), [-2, 0, 8]).Should().Equal(0f, 0.2f, 1f);

    [Fact]
    public void Min_max_with_fixed_zero_divides_by_the_largest_magnitude()
        => Fit(Context.Transforms.NormalizeMinMax("X"), [-2, 0, 8]).Should().Equal(-0.25f, 0f, 1f);

    [Fact]
    public void Mean_variance_without_fixed_zero_uses_the_population_variance()
        => Fit(Context.Transforms.NormalizeMeanVariance("X", fixZero: false), [1, 3, 5, 7, 4]).Should().Equal(-1.5f, -0.5f, 0.5f, 1.5f, 0f);

    [Fact]
    public void Mean_variance_with_fixed_zero_divides_by_the_root_mean_square()
        => Fit(Context.Transforms.NormalizeMeanVariance("X"), [-5, 5, 5, -5, 5]).Should().Equal(-1f, 1f, 1f, -1f, 1f);

    [Fact]
    public void Missing_values_are_passed_over_and_stay_missing()
    {
        Fit(Context.Transforms.NormalizeMinMax("X", fixZero: false), [4, float.NaN, 8]).Should().Equal(0f, float.NaN, 1f);
        Fit(Context.Transforms.NormalizeMeanVariance("X", fixZero: false), [4, float.NaN, 8]).Should().Equal(-1f, float.NaN, 1f);
    }

    [Fact]
    public void A_constant_column_becomes_zero()
    {
        Fit(Context.Transforms.NormalizeMinMax("X"), [3, 3, 3]).Should().Equal(0f, 0f, 0f);
        Fit(Context.Transforms.NormalizeMeanVariance("X", fixZero: false), [3, 3, 3]).Should().Equal(0f, 0f, 0f);
    }

    [Fact]
    public void Only_the_first_rows_count_where_so_asked()
        => Fit(Context.Transforms.NormalizeMinMax("X", maximumExampleCount: 2, fixZero: false), [0, 4, 8]).Should().Equal(0f, 1f, 2f);

    [Fact]
    public void Slots_that_sparse_rows_do_not_give_count_as_zero()
    {
        var rows = new[]
        {
            new Sparse { V = new VBuffer<float>(4, 1, [4], [1]) },
            new Sparse { V = new VBuffer<float>(4, 2, [-2, 8], [1, 2]) },
        };
        var data = Context.Data.LoadFromEnumerable(rows);

        var scaled = Context.Transforms.NormalizeMinMax("V").Fit(data).Transform(data).GetColumn<VBuffer<float>>("V").Select(row => row.DenseValues().ToArray());
        var centered = Context.Transforms.NormalizeMinMax("V", fixZero: false).Fit(data).Transform(data).GetColumn<float[]>("V");

        scaled.Should().SatisfyRespectively(row => row.Should().Equal(0, 1, 0, 0), row => row.Should().Equal(0, -0.5f, 1, 0));
        centered.Should().SatisfyRespectively(row => row.Should().Equal(0, 1, 0, 0), row => row.Should().Equal(0, 0, 1, 0));
    }

    [Fact]
    public void Sparse_rows_stay_sparse_where_zero_stays_zero()
    {
        var rows = new[] { new Sparse { V = new VBuffer<float>(4, 1, [4], [1]) }, new Sparse { V = new VBuffer<float>(4, 0, [], []) } };
        var data = Context.Data.LoadFromEnumerable(rows);

        var scaled = Context.Transforms.NormalizeMinMax("V").Fit(data).Transform(data).GetColumn<VBuffer<float>>("V").First();

        scaled.IsDense.Should().BeFalse();
        scaled.GetIndices().ToArray().Should().Equal(1);
    }

    [Fact]
    public void Parameters_are_scale_and_offset_of_each_slot()
    {
        var data = Context.Data.LoadFromEnumerable(new[] { new Pair { V = [0, -1], X = 2 }, new Pair { V = [4, 1], X = 4 } });

        var transformer = Context.Transforms.NormalizeMinMax([new("V"), new("X")], fixZero: false).Fit(data);

        var vector = (NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<double>>)transformer.GetNormalizerModelParameters(0);
        vector.Scale.Should().Equal(0.25, 0.5);
        vector.Offset.Should().Equal(0, -1);
        var scalar = (NormalizingTransformer.AffineNormalizerModelParameters<float>)transformer.GetNormalizerModelParameters(1);
        (scalar.Scale, scalar.Offset).Should().Be((0.5f, 2f));
        transformer.Invoking(it => it.GetNormalizerModelParameters(2)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void The_output_is_annotated_as_normalized_and_hides_its_input()
    {
        var data = Context.Data.LoadFromEnumerable(new[] { new Pair { V = [0, -1] } });

        var schema = Context.Transforms.NormalizeMinMax("V").Fit(data).Transform(data).Schema;

        schema["V"].IsNormalized().Should().BeTrue();
        schema.Select(column => (column.Name, column.IsHidden)).Should().Equal(("V", true), ("V", false), ("X", false));
    }

    [Fact]
    public void A_column_of_another_type_is_an_error_that_names_it()
    {
        var data = Context.Data.LoadFromEnumerable(new[] { new Text { Words = "a" } });

        Context.Transforms.NormalizeMinMax("Words").Append(Context.Transforms.CopyColumns("Copy", "Words")).Invoking(chain => chain.Fit(data))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Words*");
        Context.Transforms.NormalizeMinMax("Missing").Invoking(estimator => estimator.Fit(data))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Missing*");
    }

    private static float[] Fit(NormalizingEstimator estimator, float[] values)
    {
        var data = Context.Data.LoadFromEnumerable(values.Select(value => new Number { X = value }));
        return [.. estimator.Fit(data).Transform(data).GetColumn<float>("X")];
    }

    private sealed class Number
    {
        public float X { get; set; }
    }

    private sealed class Pair
    {
        [VectorType(2)]
        public double[] V { get; set; } = [];

        public float X { get; set; }
    }

    private sealed class Sparse
    {
        [VectorType(4)]
        public VBuffer<float> V { get; set; }
    }

    private sealed class Text
    {
        public string Words { get; set; } = "";
    }
}
