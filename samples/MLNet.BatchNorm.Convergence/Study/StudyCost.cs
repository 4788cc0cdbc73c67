using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>
/// About how many seconds of one core a study takes, if no curve arrives before its budget ends. The constants are nanoseconds, of
/// the order of what a core of 2.5 GHz took on the shipped data: rough, and rather too high than too low.
/// </summary>
internal static class StudyCost
{
    // A ladder of budgets adds up to 2.6 times its last one; narrowing down the arrivals takes the rest.
    private const double Ladder = 4;
    private const int NewtonSteps = 20;

    public static double OfCurves(TabularData data, StudySettings settings, int mostRows)
    {
        var (rows, columns) = ((double)Math.Min(mostRows, data.Rows.Length), data.FeatureCount + 1d);
        var outputs = Math.Max(1d, data.Task == LearningTask.Multiclass ? data.ClassCount : 1);
        var trainers = MLTrainers.For(data.Task).Count(trainer => !trainer.IsExact);
        var training = trainers * Ladder * settings.MaximumIterations * rows * (200 + (4 * columns * outputs));
        var descent = settings.MaximumGradientSteps * rows * ((15 * outputs) + (columns * outputs));
        var newton = NewtonSteps * Hessian(rows, columns, outputs) * (trainers + 1);
        var rates = settings.LearningRates.Count * settings.LearningRateEpochs * rows * ((30 * outputs) + (columns * outputs));
        var pipelines = trainers * settings.TestBudgets.Sum() * data.Rows.Length * (200 + (4 * columns * outputs));
        return 1e-9 * Scalings.All.Count * ((settings.InverseStrengths.Count * (training + descent + newton)) + rates + pipelines);
    }

    public static double OfNetworks(TabularData data, NetworkSettings settings, int mostRows)
    {
        var rows = (1 - settings.TestShare) * Math.Min(mostRows, data.Rows.Length);
        int[] widths = [data.FeatureCount, .. settings.HiddenLayers, Math.Max(1, data.ClassCount)];
        var weights = widths.Zip(widths.Skip(1), (inputs, outputs) => (double)inputs * outputs).Sum();
        var ofRow = 500 + (0.25 * weights);

        // Small batches cannot use a core well.
        var small = settings.BatchSizes.Sum(size => 1 + (16d / size)) * settings.BatchSizeEpochs * 4;
        var epochs = (((settings.LearningRates.Count * 4) + 8) * settings.Epochs) + (10 * settings.Epochs / settings.Seeds.Count);
        return 1e-9 * settings.Seeds.Count * (epochs + small) * rows * ofRow;
    }

    private static double Hessian(double rows, double columns, double outputs)
    {
        var contrasts = Math.Max(1, outputs - 1);
        return (rows * ((outputs > 1 ? 3000 + (4 * outputs * outputs * contrasts) : 0) + (0.25 * contrasts * (contrasts + 1) * columns * columns)))
            + Math.Pow(contrasts * columns, 3);
    }
}
