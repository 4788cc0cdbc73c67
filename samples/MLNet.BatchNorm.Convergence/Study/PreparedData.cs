using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.ML;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Objectives;
using MLNet.BatchNorm.Convergence.Optimizers;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>A data set under one scaling, fitted to all its rows: what the trainers see, and the same in double.</summary>
internal sealed class PreparedData
{
    private const string ScaledColumn = "Scaled";

    // Several curves minimize the same objective: it is solved once.
    private readonly ConcurrentDictionary<(MethodInfo Loss, bool PenalizesIntercept, double C), Lazy<(LinearObjective, Optimum)>> _solved = [];

    private PreparedData(Scaling scaling, TabularData data)
    {
        (Scaling, Data, Matrix) = (scaling, data, DesignMatrix.FromRows(data.Rows));

        // A cursor over ML.NET's cache takes a third of the time of one over objects.
        var mlContext = new MLContext(1);
        View = mlContext.Data.Cache(DataViews.Create(mlContext, data));
    }

    public Scaling Scaling { get; }

    /// <summary>The scaled rows.</summary>
    public TabularData Data { get; }

    public DesignMatrix Matrix { get; }

    /// <summary>The scaled rows in memory, so that a training's time is the trainer's own.</summary>
    public IDataView View { get; }

    public static PreparedData Create(TabularData data, Scaling scaling, int seed)
    {
        var mlContext = new MLContext(seed);
        var view = DataViews.Create(mlContext, data);
        var scaled = scaling.Create(mlContext, ScaledColumn, DataViews.Features).Fit(view).Transform(view);
        return new PreparedData(scaling, data.WithRows(DataViews.ReadFeatures(scaled, ScaledColumn), data.Labels));
    }

    /// <summary>An objective on these rows, and its minimum.</summary>
    public (LinearObjective Objective, Optimum Optimum) Solve(
        Func<TabularData, DesignMatrix, Regularization, LinearObjective> loss, bool penalizesIntercept, double c, CancellationToken cancellation) =>
        _solved.GetOrAdd((loss.Method, penalizesIntercept, c), _ => new Lazy<(LinearObjective, Optimum)>(() =>
        {
            var objective = loss(Data, Matrix, new Regularization(Strength(c), penalizesIntercept));
            return (objective, NewtonSolver.Minimize(objective, cancellation));
        })).Value;

    /// <summary>The task's usual loss, its intercept not penalized, and its minimum.</summary>
    public (LinearObjective Objective, Optimum Optimum) SolveUsual(double c, CancellationToken cancellation) => Solve(Losses.Usual, penalizesIntercept: false, c, cancellation);

    /// <summary>lambda for scikit-learn's C.</summary>
    public double Strength(double inverseStrength) => 1 / (inverseStrength * Data.Rows.Length);
}
