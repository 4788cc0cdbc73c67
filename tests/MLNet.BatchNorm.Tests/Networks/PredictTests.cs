using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Rows scored as spans, without a data view.</summary>
public class PredictTests
{
    private static readonly MultilayerPerceptronOptions Quick = new() { HiddenLayers = [8, 4], Epochs = 3, Seed = 3 };

    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(NetworkNormalization.None)]
    [InlineData(NetworkNormalization.Batch)]
    [InlineData(NetworkNormalization.Layer)]
    public void Scores_are_those_of_the_score_column(NetworkNormalization normalization)
    {
        var options = Quick with { Normalization = normalization };
        IDataView data = Examples.Learnable(_context, 100);
        float[][] rows = [.. data.GetColumn<float[]>("Features")];

        var binary = _context.BinaryClassification.Trainers.MultilayerPerceptron(options with { LabelColumnName = "Flag" }).Fit(data);
        float[][] scores = [.. binary.Transform(data).GetColumn<float>("Score").Select(score => new[] { score })];
        Check(binary.Model, rows, scores);
        var regression = _context.Regression.Trainers.MultilayerPerceptron(options with { LabelColumnName = "Target" }).Fit(data);
        Check(regression.Model, rows, [.. regression.Transform(data).GetColumn<float>("Score").Select(score => new[] { score })]);
        var classes = _context.MulticlassClassification.Trainers.MultilayerPerceptron(options).Fit(data);
        Check(classes.Model, rows, [.. classes.Transform(data).GetColumn<float[]>("Score")]);
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_call()
    {
        var model = Classes(Examples.Learnable(_context, 60)).Model;
        var row = new float[] { 1, 2, 3, 4 };
        var scores = new float[3];
        model.Predict(row, scores);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            model.Predict(row, scores);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        scores.Sum().Should().BeApproximately(1, 1e-6f);
    }

    [Fact]
    public void Many_threads_at_once_give_what_one_gives()
    {
        IDataView data = Examples.Learnable(_context, 100);
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        var classes = Classes(data);
        float[][] expected = [.. classes.Transform(data).GetColumn<float[]>("Score")];

        // More threads than there are buffers kept.
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, (2 * Environment.ProcessorCount) + 3).Select(_ => new Thread(() =>
        {
            try
            {
                for (int repeat = 0; repeat < 20; repeat++)
                {
                    Check(classes.Model, rows, expected);
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        failure.Should().BeNull();
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        var model = Classes(Examples.Learnable(_context, 60)).Model;
        model.Invoking(it => it.Predict(new float[3], new float[3])).Should().Throw<ArgumentException>()
            .WithMessage("Expected a row of 4 feature(s), those of the training; found 3.*").WithParameterName("features");
        model.Invoking(it => it.Predict(new float[4], new float[1])).Should().Throw<ArgumentException>()
            .WithMessage("Expected room for 3 score(s)*found 1.*").WithParameterName("scores");
        var memory = new float[6];
        model.Invoking(it => it.Predict(memory.AsSpan(0, 4), memory.AsSpan(3, 3))).Should().Throw<ArgumentException>().WithMessage("*overlap*");
    }

    private MultilayerPerceptronTransformer Classes(IDataView data) => _context.MulticlassClassification.Trainers.MultilayerPerceptron(Quick).Fit(data);

    private static void Check(MultilayerPerceptronModel model, float[][] rows, float[][] expected)
    {
        var scores = new float[model.OutputCount];
        for (int i = 0; i < rows.Length; i++)
        {
            model.Predict(rows[i], scores);
            scores.AsSpan().SequenceEqual(expected[i]).Should().BeTrue($"row {i}: {string.Join(", ", scores)} and {string.Join(", ", expected[i])}");
        }
    }
}
