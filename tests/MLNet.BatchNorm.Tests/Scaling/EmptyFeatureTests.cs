using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>A feature without a single value, in a shard or a fold: left as it is, with a warning, and updated and merged like any other.</summary>
public class EmptyFeatureTests
{
    private static readonly float[][] Shard = [[1, float.NaN], [3, float.NaN]];

    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Scalings => ["standardize", "min-max", "batch"];

    [Theory]
    [MemberData(nameof(Scalings))]
    public void It_is_left_as_it_is(string scaling)
    {
        foreach (bool isSparse in new[] { false, true })
        {
            var data = isSparse ? Rows.Sparse(_context, Shard) : Rows.Of(_context, Shard);
            var scaler = Fit(scaling, data);

            // In memory, and from the zip as plain ML.NET.
            foreach (var model in new[] { scaler, Reload(scaler, data) })
            {
                Rows.Read<float>(model.Transform(Rows.Of<float>(_context, [[1, 7.5f], [3, float.NaN]]))).Select(row => row[1]).Should().Equal(7.5f, float.NaN);
            }
            scaler.Report.Features[1].Statistics.Count.Should().Be(0);
            scaler.Report.Warnings.Select(warning => warning.Kind).Should().Contain(ScalingWarningKind.EmptyFeature);
            scaler.Report.Warnings.Single(warning => warning.Kind == ScalingWarningKind.EmptyFeature).Message
                .Should().Be("Column 'Features': 1 of 2 slots (1) have no value in any row: nothing to scale by, so it is left as it is.");
        }
    }

    [Theory]
    [MemberData(nameof(Scalings))]
    public void A_scalar_column_too(string scaling)
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new { Features = double.NaN }, new { Features = double.NaN } });

        var scaled = Fit(scaling, data).Transform(_context.Data.LoadFromEnumerable(new[] { new { Features = -2.5 } }));

        scaled.GetColumn<double>("Features").Should().Equal(-2.5);
    }

    [Fact]
    public void Min_max_clips_it_like_any_other()
    {
        var scaler = _context.Transforms.ScaleMinMax(Rows.Column, options: new() { Clip = true, Minimum = -1 }).Fit(Rows.Of(_context, Shard));

        Rows.Read<float>(scaler.Transform(Rows.Of<float>(_context, [[1, 0.25f], [1, 9]]))).Select(row => row[1]).Should().Equal(0.25f, 1);
    }

    [Fact]
    public void The_log_is_told()
    {
        var context = new MLContext(seed: 1);
        var messages = new List<string>();
        context.Log += (_, message) => messages.Add(message.RawMessage);

        context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(context, Shard));

        messages.Should().ContainMatch("*no value in any row*");
    }

    [Fact]
    public void A_shard_without_a_value_merges_and_updates_to_what_a_fit_on_all_gives()
    {
        float[][] other = [[5, 10], [7, 30]];
        var whole = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of<float>(_context, [.. Shard, .. other]));
        var shard = _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, Shard));

        foreach (var both in new[]
        {
            shard.Merge(_context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, other))),
            _context.Transforms.Standardize(Rows.Column).Fit(Rows.Of(_context, other)).Merge(shard),
            shard.Update(Rows.Of(_context, other)),
        })
        {
            both.Columns[0].Scale.Should().Equal(whole.Columns[0].Scale);
            both.Columns[0].Offset.Should().Equal(whole.Columns[0].Offset);
            both.Columns[0].Offset[1].Should().Be(20);
            both.Columns[0].Scale[1].Should().Be(0.1);
        }
    }

    [Fact]
    public void Cross_validation_completes_where_a_column_is_empty_in_a_fold()
    {
        var rows = Enumerable.Range(0, 40).Select(i => new Example { Features = [i, i == 7 ? 1 : float.NaN], Label = i % 3 == 0 }).ToList();
        var pipeline = _context.Transforms.ReplaceMissingValues("Filled", Rows.Column)
            .Append(_context.Transforms.Standardize(Rows.Column))
            .Append(_context.BinaryClassification.Trainers.LbfgsLogisticRegression(featureColumnName: "Filled"));

        _context.BinaryClassification.CrossValidate(_context.Data.LoadFromEnumerable(rows), pipeline, numberOfFolds: 4).Should().HaveCount(4);
    }

    [Fact]
    public void Batch_normalization_gives_it_gamma_and_beta()
    {
        var scaler = _context.Transforms.BatchNormalize(Rows.Column, options: new() { Gamma = 2, Beta = 3 }).Fit(Rows.Of(_context, Shard));

        Rows.Read<float>(scaler.Transform(Rows.Of<float>(_context, [[2, 5]])))[0][1].Should().Be((2 * 5) + 3);
    }

    private ScalingTransformer Fit(string scaling, IDataView data) => scaling switch
    {
        "standardize" => _context.Transforms.Standardize(Rows.Column).Fit(data),
        "min-max" => _context.Transforms.ScaleMinMax(Rows.Column).Fit(data),
        _ => _context.Transforms.BatchNormalize(Rows.Column).Fit(data),
    };

    private static ITransformer Reload(ITransformer model, IDataView data)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(model, data.Schema, stream);
        return new MLContext().Model.Load(stream, out _);
    }

    private sealed class Example
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
