using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study.Networks;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>
/// About how many seconds of one core a study takes. The constants are nanoseconds, of the order of what a core of 2.5 GHz took on the
/// shipped data.
/// </summary>
internal static class StudyCost
{
    // A ladder of budgets adds up to 2.6 times its last one; but many curves arrive before, even where narrowing that down is counted.
    private const double Ladder = 2;
    private const int NewtonSteps = 12;

    public static double OfCurves(TabularData data, StudySettings settings, int mostRows)
    {
        var (rows, columns, outputs) = Size(data, mostRows);
        var trainers = IterativeTrainers(data);
        var training = trainers * Ladder * settings.MaximumIterations * rows * OfTrainingRow(columns, outputs);
        var descent = settings.MaximumGradientSteps * rows * ((15 * outputs) + (columns * outputs));
        var newton = (trainers + 1) * NewtonSteps * OfNewtonStep(rows, columns, outputs);
        var rates = settings.LearningRates.Count * settings.LearningRateEpochs * rows * ((30 * outputs) + (columns * outputs));
        var spectra = (1 + settings.InverseStrengths.Count) * 3 * Math.Pow(columns * Contrasts(outputs), 3);
        return 1e-9 * Scalings.All.Count * ((settings.InverseStrengths.Count * (training + descent + newton)) + rates + spectra);
    }

    public static double OfPipelines(TabularData data, StudySettings settings, int mostRows)
    {
        var (rows, columns, outputs) = Size(data, mostRows);
        return 1e-9 * Scalings.All.Count * IterativeTrainers(data) * settings.TestBudgets.Sum() * rows * OfTrainingRow(columns, outputs);
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

    private static (double Rows, double Columns, double Outputs) Size(TabularData data, int mostRows) =>
        (Math.Min(mostRows, data.Rows.Length), data.FeatureCount + 1, data.Task == LearningTask.Multiclass ? data.ClassCount : 1);

    private static int IterativeTrainers(TabularData data) => MLTrainers.For(data.Task).Count(trainer => !trainer.IsExact);

    // One row in one iteration of L-BFGS, or one pass of SDCA.
    private static double OfTrainingRow(double columns, double outputs) => 500 + (outputs > 1 ? 100 * outputs : 0) + (6 * columns * outputs);

    // The Hessian, class by class, and its factors along the contrasts.
    private static double OfNewtonStep(double rows, double columns, double outputs) =>
        (rows * 0.25 * Math.Pow(columns * outputs, 2)) + (0.5 * Math.Pow(columns * Contrasts(outputs), 3));

    private static double Contrasts(double outputs) => Math.Max(1, outputs - 1);
}
