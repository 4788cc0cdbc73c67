using Microsoft.ML;
using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>A data set as networks want it: scaled by what the training rows say, and split.</summary>
internal sealed record NetworkData(LearningTask Task, TabularData Training, TabularData Test)
{
    // Handwritten digits are pixels from 0 to 16; all of them share that range.
    private const double LargestPixel = 16;

    public int FeatureCount => Training.FeatureCount;

    public int TrainingRowCount => Training.Rows.Length;

    public int TestRowCount => Test.Rows.Length;

    public int OutputCount => Task == LearningTask.Multiclass ? Training.ClassCount : 1;

    /// <summary>Of the test rows.</summary>
    public double LabelVariance { get; } = Test.Labels.Select(label => label - Test.Labels.Average()).Average(difference => difference * difference);

    public static NetworkData Create(TabularData data, NetworkSettings settings, int seed)
    {
        var (training, test) = data.Split(settings.TestShare, seed);
        var context = new MLContext(seed);
        var trainingRows = DataViews.Create(context, training);
        ITransformer scaling = data.Name == ShippedData.Digits
            ? context.Transforms.ScaleMinMax(DataViews.Features, options: new MinMaxScalingOptions { DataMinimum = 0, DataMaximum = LargestPixel }).Fit(trainingRows)
            : context.Transforms.Standardize(DataViews.Features).Fit(trainingRows);
        return new NetworkData(data.Task, Scaled(training), Scaled(test));

        TabularData Scaled(TabularData part) =>
            part.WithRows(DataViews.ReadFeatures(scaling.Transform(DataViews.Create(context, part)), DataViews.Features), part.Labels);
    }
}
