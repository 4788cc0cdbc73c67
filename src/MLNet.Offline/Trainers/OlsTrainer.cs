using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Training;

namespace Microsoft.ML.Trainers;

/// <summary>Least squares by the normal equations, with the significance of each parameter.</summary>
/// <remarks>The L2 penalty is (l2)^2 * number of examples on each weight, none on the bias. Example weights select rows but do not weigh them, as in ML.NET.</remarks>
public sealed class OlsTrainer : TrainerEstimatorBase<RegressionPredictionTransformer<OlsModelParameters>, OlsModelParameters>
{
    private readonly Options _options;

    internal OlsTrainer(IHostEnvironment env, Options options)
        : base(env.Register("OLSLinearRegression"), options, NumberDataViewType.Single)
    {
        Contracts.CheckParam(options.L2Regularization >= 0, nameof(options.L2Regularization), "L2 regularization term cannot be negative");
        _options = options;
    }

    public override TrainerInfo Info { get; } = new(caching: false);

    private protected override OlsModelParameters Train(TrainingData data, object? start, IChannel channel)
    {
        var equations = NormalEquations.Sum(data, channel);
        var (parameterCount, exampleCount) = (equations.ParameterCount, equations.ExampleCount);
        if (_options.L2Regularization == 0 && exampleCount < parameterCount)
        {
            throw new InvalidOperationException(
                $"Ordinary least squares requires more examples than parameters. There are {parameterCount} parameters, but {exampleCount} examples. " +
                "To enable training, use a positive L2 weight so this behaves as ridge regression.");
        }
        var penalty = (double)_options.L2Regularization * _options.L2Regularization * exampleCount;
        var (solution, inverse) = equations.Solve(penalty);
        float[] parameters = [.. solution.Select(value => (float)value)];
        var (weights, bias) = (new VBuffer<float>(parameterCount - 1, parameters[1..]), parameters[0]);
        if (_options.L2Regularization == 0 && exampleCount == parameterCount)
        {
            return new OlsModelParameters(weights, bias);
        }
        var (residuals, total) = SumSquares(data, new LinearRegressionModelParameters(weights, bias), equations.LabelMean);
        var rSquared = Math.Clamp(1 - residuals / total, 0, 1);
        if (exampleCount <= parameterCount)
        {
            return new OlsModelParameters(weights, bias, rSquared);
        }
        var degreesOfFreedom = exampleCount - parameterCount;
        var adjusted = Math.Clamp(1 - (1 - rSquared) * (exampleCount - 1) / degreesOfFreedom, 0, 1);
        var significance = _options.CalculateStatistics
            ? Significance(solution, inverse, penalty, residuals / degreesOfFreedom, degreesOfFreedom)
            : null;
        return new OlsModelParameters(weights, bias, rSquared, adjusted, significance);
    }

    private protected override RegressionPredictionTransformer<OlsModelParameters> MakeTransformer(
        OlsModelParameters model, DataViewSchema trainSchema) => new(model, trainSchema, FeatureColumn.Name);

    private protected override IEnumerable<SchemaShape.Column> GetOutputColumns(SchemaShape inputSchema) => ScoreShapes.Regression();

    /// <summary>Sums of squares of the residuals, and of the labels around their mean.</summary>
    private static (double Residuals, double Total) SumSquares(TrainingData data, LinearRegressionModelParameters model, double labelMean)
    {
        var (residuals, total) = (0.0, 0.0);
        using var cursor = data.Open();
        while (cursor.MoveNext())
        {
            var residual = cursor.Label - model.Score(cursor.Features);
            residuals += residual * residual;
            total += (cursor.Label - labelMean) * (cursor.Label - labelMean);
        }
        return (residuals, total);
    }

    private static OlsSignificance Significance(
        Vector<double> solution, Matrix<double> inverse, double penalty, double variance, long degreesOfFreedom)
    {
        var standardErrors = new double[solution.Count];
        var tValues = new double[solution.Count];
        var pValues = new double[solution.Count];
        for (var i = 0; i < standardErrors.Length; i++)
        {
            // ML.NET adds the penalty's share to the variance where theory subtracts it; it is tiny, and the numbers have to agree.
            var share = i == 0 ? 0 : penalty * inverse.Row(i).DotProduct(inverse.Row(i));
            standardErrors[i] = Math.Sqrt(variance * (inverse[i, i] + share));
            tValues[i] = solution[i] / standardErrors[i];
            pValues[i] = SpecialFunctions.BetaRegularized(
                degreesOfFreedom / 2.0, 0.5, degreesOfFreedom / (degreesOfFreedom + tValues[i] * tValues[i]));
        }
        return new OlsSignificance(standardErrors, tValues, pValues);
    }

    /// <summary>Options of this trainer.</summary>
    public sealed class Options : TrainerInputBaseWithWeight
    {
        public float L2Regularization = 1e-6f;

        public bool CalculateStatistics = true;
    }
}
