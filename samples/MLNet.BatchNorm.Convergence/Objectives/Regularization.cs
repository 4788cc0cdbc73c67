using System.Globalization;

namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>The penalty lambda / 2 |w|^2 that is added to the mean loss.</summary>
/// <param name="Strength">lambda. scikit-learn's C is 1 / (n lambda).</param>
/// <param name="IncludesIntercept">
/// Whether the intercept is penalized too. ML.NET's L-BFGS and OLS leave it out; its SDCA trainers treat it as one more weight.
/// </param>
public readonly record struct Regularization(double Strength, bool IncludesIntercept)
{
    /// <summary>The objective in words, as the report prints it beside each curve.</summary>
    public string Describe(string loss) => string.Create(
        CultureInfo.InvariantCulture,
        $"{loss} + {Strength / 2:0.####e+0} |w|²{(IncludesIntercept ? ", intercept included in |w|²" : string.Empty)}");
}
