using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>Weights after a few passes, as Microsoft.ML 5.0 reaches them from the same seed: the same order of rows and the same steps.</summary>
public class SdcaPathTests
{
    // The bias and two of the weights. 2e-5: Microsoft.ML's sigmoid is approximate.
    [Theory]
    [InlineData(1, false, 0.5601223, -0.2389651, -0.0606038)]
    [InlineData(5, false, 0.4004890, -0.1126137, 0.0889549)]
    [InlineData(1, true, 0.4654360, -0.1276420, -0.0419405)]
    [InlineData(5, true, 0.3845265, -0.0964154, 0.0852238)]
    public void Two_classes(int iterations, bool isCached, double bias, double fifth, double sixth)
    {
        var context = new MLContext(1);
        SdcaLogisticRegressionBinaryTrainer trainer = context.BinaryClassification.Trainers.SdcaLogisticRegression(
            new SdcaLogisticRegressionBinaryTrainer.Options
            {
                LabelColumnName = nameof(Example.IsPositive),
                L2Regularization = 0.01f,
                L1Regularization = 0,
                MaximumNumberOfIterations = iterations,
                NumberOfThreads = 1,
                ConvergenceCheckFrequency = -1,
            });

        double[] parameters = TrainedParameters.Of(trainer.Fit(View(context, "breast_cancer.csv", isCached)).Model.SubModel);

        new[] { parameters[0], parameters[5], parameters[6] }.ShouldBeClose([bias, fifth, sixth], 2e-5, floor: 1);
    }

    [Theory]
    [InlineData(1, false, -0.7337641, -0.8734223, -0.6265637)]
    [InlineData(5, false, -0.4322628, -0.9177630, -0.4700986)]
    [InlineData(1, true, -0.7644115, -0.7146993, -0.6254968)]
    [InlineData(5, true, -0.4300688, -0.9083954, -0.4135168)]
    public void Three_classes(int iterations, bool isCached, double bias, double firstOfFirst, double secondOfSecond)
    {
        var context = new MLContext(1);
        SdcaMaximumEntropyMulticlassTrainer trainer = context.MulticlassClassification.Trainers.SdcaMaximumEntropy(
            new SdcaMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = nameof(Example.Class),
                L2Regularization = 0.01f,
                L1Regularization = 0,
                MaximumNumberOfIterations = iterations,
                NumberOfThreads = 1,
                ConvergenceCheckFrequency = -1,
            });

        double[] parameters = TrainedParameters.Of(trainer.Fit(View(context, "iris.csv", isCached)).Model);

        new[] { parameters[0], parameters[1], parameters[7] }.ShouldBeClose([bias, firstOfFirst, secondOfSecond], 2e-5, floor: 1);
    }

    [Theory]
    [InlineData(1, false, 152.1275, 16.36287, -5.849307)]
    [InlineData(5, false, 147.4985, -25.78091, 8.921156)]
    [InlineData(1, true, 181.2880, -27.45702, 0.1572342)]
    [InlineData(5, true, 148.9579, -28.09121, 12.21726)]
    public void Regression(int iterations, bool isCached, double bias, double fifth, double sixth)
    {
        var context = new MLContext(1);
        SdcaRegressionTrainer trainer = context.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
        {
            LabelColumnName = nameof(Example.Target),
            L2Regularization = 0.01f,
            L1Regularization = 0,
            MaximumNumberOfIterations = iterations,
            NumberOfThreads = 1,
            ConvergenceCheckFrequency = -1,
        });

        double[] parameters = TrainedParameters.Of(trainer.Fit(View(context, "diabetes.csv", isCached)).Model);

        new[] { parameters[0], parameters[5], parameters[6] }.ShouldBeClose([bias, fifth, sixth], 2e-5, floor: 1);
    }

    // A cache can be read in any order; objects pass through a pool of rows.
    private static IDataView View(MLContext context, string name, bool isCached)
    {
        IDataView view = context.View(Example.Load(name));
        return isCached ? context.Data.Cache(view) : view;
    }
}
