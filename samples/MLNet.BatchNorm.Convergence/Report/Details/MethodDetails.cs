using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Report.Details;

/// <summary>How everything was measured, so that a reader can doubt it in the right places.</summary>
internal static class MethodDetails
{
    public static void Write(HtmlWriter html, StudyResults results, TimingResults timings)
    {
        html.List([
            $"Curves of ML.NET's trainers: a training from scratch for each budget (1, 2, 3, 5, 8, ... up to {Numbers.Whole(results.Settings.MaximumIterations)}), through the public API, one thread, seed {Numbers.Whole(results.Settings.Seed)}, explicit L2, no L1, all rows of the sample. The weights are taken out of the model and the objective is evaluated in double. Between two budgets, arrivals are narrowed down to one iteration or 2 percent.",
            "The optimum: damped Newton steps in double on the very rows that the trainer saw. A trainer that stops early has not converged: only its gap counts.",
            "L-BFGS and gradient descent do not penalize the intercept; ML.NET's SDCA does, so its objective is another one, with its own optimum. For three or more classes SDCA minimizes the sum of the pairwise log-losses instead of the softmax log-loss.",
            "SDCA returns the best model it has seen at the end of any pass, so its curves cannot rise.",
            "The penalty is not scale-free: at equal C each scaling has another optimum, and losses of different scalings do not compare. The second, weak C lets the scalings share one optimum where the data have one; classes that can be separated have none without a penalty.",
            "Batch-normalized: BatchNormalize with mini-batches of 32 shuffled rows, 5 passes, momentum 0.1; so it differs from standardized by the noise of its running statistics.",
            $"Whitened: standardized, then turned and stretched to an identity covariance (ZCA), by {Whitening.Source}.",
            timings.HowMeasured,
            "Networks: MultilayerPerceptron of this library, one thread each, the scaling (pixels divided by 16, otherwise standardized) fitted on the training rows alone; the test rows are looked at after every epoch and choose nothing.",
            "Exact statistics: when the training is over, mean and variance of what each normalization receives are taken over all training rows, layer by layer; the weights stay as they are.",
            "Inside the networks: one training stops after some of its epochs to be looked at, and goes on as if it had not stopped, to the bit. What its layers receive, the loss and the gradient are computed in double on 256 training rows, the gradient through the batch's statistics.",
        ]);
        html.Raw($"<p class=\"faint\">The whole study took {HtmlWriter.Number(timings.TotalSeconds)} seconds.</p>");
    }
}
