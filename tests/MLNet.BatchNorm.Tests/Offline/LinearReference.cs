using MathNet.Numerics.LinearAlgebra;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>The optimum of a regularized linear model in double, by damped Newton steps: independent of every trainer.</summary>
internal static class LinearReference
{
    /// <summary>Parameters, bias first, that minimize sum of weight * log(1 + exp(-y s)) + penalty / 2 * |w|^2.</summary>
    public static double[] Logistic(IReadOnlyList<Example> examples, double penalty, bool penalizesBias)
    {
        int count = examples[0].Features.Length + 1;
        return Minimize(new double[count], parameters =>
        {
            var gradient = new double[count];
            var hessian = new double[count, count];
            double value = AddPenalty(parameters, penalty, j => penalizesBias || j > 0, gradient, hessian);
            foreach (Example example in examples)
            {
                double[] row = [1, .. Example.Dense(example)];
                double truth = example.IsPositive ? 1 : -1;
                AddLogistic(parameters, row, j => j, truth, example.Weight, gradient, hessian, ref value);
            }
            return (value, gradient, hessian);
        });
    }

    /// <summary>Parameters by class, each bias first, that minimize the sum of -log softmax at the class.</summary>
    public static double[] Softmax(IReadOnlyList<Example> examples, int classCount, double penalty)
    {
        int width = examples[0].Features.Length + 1;
        return Minimize(new double[classCount * width], parameters =>
        {
            var gradient = new double[parameters.Length];
            var hessian = new double[parameters.Length, parameters.Length];
            // A tiny penalty on the biases: without one they are only determined up to a common shift.
            double value = AddPenalty(parameters, penalty, j => j % width > 0, gradient, hessian);
            value += AddPenalty(parameters, 1e-7, j => j % width == 0, gradient, hessian);
            foreach (Example example in examples)
            {
                double[] row = [1, .. Example.Dense(example)];
                double[] scores = [.. Enumerable.Range(0, classCount).Select(c => row.Select((x, i) => x * parameters[(c * width) + i]).Sum())];
                double normalizer = scores.Max() + Math.Log(scores.Sum(score => Math.Exp(score - scores.Max())));
                double[] p = [.. scores.Select(score => Math.Exp(score - normalizer))];
                int truth = (int)example.Class;
                value += normalizer - scores[truth];
                for (int a = 0; a < parameters.Length; a++)
                {
                    gradient[a] += (p[a / width] - (a / width == truth ? 1 : 0)) * row[a % width];
                    for (int b = 0; b < parameters.Length; b++)
                    {
                        double share = a / width == b / width ? p[a / width] * (1 - p[a / width]) : -p[a / width] * p[b / width];
                        hessian[a, b] += share * row[a % width] * row[b % width];
                    }
                }
            }
            return (value, gradient, hessian);
        });
    }

    /// <summary>Parameters by class, each bias first, that minimize the sum over the other classes of log(1 + exp(score of that class - score of the class)).</summary>
    public static double[] Pairwise(IReadOnlyList<Example> examples, int classCount, double penalty)
    {
        int width = examples[0].Features.Length + 1;
        return Minimize(new double[classCount * width], parameters =>
        {
            var gradient = new double[parameters.Length];
            var hessian = new double[parameters.Length, parameters.Length];
            double value = AddPenalty(parameters, penalty, _ => true, gradient, hessian);
            foreach (Example example in examples)
            {
                double[] row = [1, .. Example.Dense(example)];
                int truth = (int)example.Class;
                for (int c = 0; c < classCount; c++)
                {
                    if (c != truth)
                    {
                        // The score of the class minus that of the other is linear in both blocks of parameters.
                        int other = c;
                        double[] difference = [.. row, .. row.Select(x => -x)];
                        AddLogistic(
                            parameters, difference, j => j < width ? (truth * width) + j : (other * width) + j - width, 1, 1, gradient, hessian, ref value);
                    }
                }
            }
            return (value, gradient, hessian);
        });
    }

    private static double AddPenalty(double[] parameters, double penalty, Func<int, bool> isPenalized, double[] gradient, double[,] hessian)
    {
        double value = 0;
        for (int j = 0; j < parameters.Length; j++)
        {
            if (isPenalized(j))
            {
                value += penalty / 2 * parameters[j] * parameters[j];
                gradient[j] += penalty * parameters[j];
                hessian[j, j] += penalty;
            }
        }
        return value;
    }

    private static void AddLogistic(
        double[] parameters, double[] row, Func<int, int> at, double truth, double weight, double[] gradient, double[,] hessian, ref double value)
    {
        double margin = truth * row.Select((x, j) => x * parameters[at(j)]).Sum();
        double wrong = 1 / (1 + Math.Exp(margin));
        value += weight * (margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : -margin + Math.Log(1 + Math.Exp(margin)));
        for (int a = 0; a < row.Length; a++)
        {
            gradient[at(a)] -= weight * wrong * truth * row[a];
            for (int b = 0; b < row.Length; b++)
            {
                hessian[at(a), at(b)] += weight * wrong * (1 - wrong) * row[a] * row[b];
            }
        }
    }

    private static double[] Minimize(double[] start, Func<double[], (double Value, double[] Gradient, double[,] Hessian)> function)
    {
        double[] point = start;
        var (value, gradient, hessian) = function(point);
        for (int iteration = 0; iteration < 100; iteration++)
        {
            Vector<double> slope = Vector<double>.Build.Dense(gradient);
            if (slope.L2Norm() < 1e-7)
            {
                return point;
            }
            Vector<double> direction = -Matrix<double>.Build.DenseOfArray(hessian).Cholesky().Solve(slope);
            double step = 1;
            double[] next;
            do
            {
                next = [.. point.Select((x, j) => x + (step * direction[j]))];
                (double nextValue, double[] nextGradient, double[,] nextHessian) = function(next);
                if (nextValue <= value + (1e-4 * step * slope.DotProduct(direction)) || step < 1e-10)
                {
                    (value, gradient, hessian) = (nextValue, nextGradient, nextHessian);
                    break;
                }
                step /= 2;
            }
            while (true);
            point = next;
            if (step < 1e-10)
            {
                return point;
            }
        }
        throw new InvalidOperationException("Newton's method did not converge.");
    }
}
