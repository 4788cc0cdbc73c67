using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>What the linear models of one data set show about scaling, a sentence for each picture. Every figure follows from the results.</summary>
internal static class ScalingClaims
{
    /// <summary>How the iterative trainers fare on standardized features and on raw ones.</summary>
    public static IEnumerable<string> Trainers(DataSetResult data, StudySettings settings) =>
        from race in data.Curves.Where(curve => curve.C == settings.InverseStrengths[0]).GroupBy(curve => curve.Optimizer)
        where race.Any(curve => curve.Points.Count > 1) && race.Key != GradientDescentCurve.Name
        let sentence = Trainer(data.Name, race.Key, Of(race, Scalings.Standardized), Of(race, Scalings.Raw))
        where sentence is not null
        select sentence;

    /// <summary>How gradient descent fares on the two surfaces that are pictured.</summary>
    public static string Surface(DataSetResult data)
    {
        var (raw, standardized) = (data.Surface.Panels[0], data.Surface.Panels[1]);
        return $"{data.Name}, two weights: after {Numbers.Whole(raw.StepCount)} steps of gradient descent the raw features are {Numbers.Brief(raw.FinalGap)} above the optimum and the "
            + $"standardized ones {(standardized.FinalGap < 1e-9 ? "less than 1e-9" : Numbers.Brief(standardized.FinalGap))}; the condition numbers are {Numbers.Brief(raw.ConditionNumber)} and {Numbers.Brief(standardized.ConditionNumber)}.";
    }

    /// <summary>How far scaling brings the condition number down.</summary>
    public static string? Conditions(IReadOnlyList<DataSetResult> dataSets)
    {
        var falls = from data in dataSets
                    let raw = data.Scalings.First(scaling => scaling.Name == Scalings.Raw).AtZero.ConditionNumber
                    let standardized = data.Scalings.First(scaling => scaling.Name == Scalings.Standardized).AtZero.ConditionNumber
                    where raw is not null && standardized is not null
                    select $"{Numbers.Brief(raw.Value)} to {Numbers.Brief(standardized.Value)} on {data.Name}";
        var listed = string.Join(", ", falls);
        return listed.Length == 0 ? null : $"Standardizing takes the condition number of the loss from {listed}.";
    }

    /// <summary>How large a learning rate may be.</summary>
    public static string? LearningRates(DataSetResult data)
    {
        var raw = data.LearningRates.First(entry => entry.Scaling == Scalings.Raw).LargestStable;
        var standardized = data.LearningRates.First(entry => entry.Scaling == Scalings.Standardized).LargestStable;
        return (raw, standardized) switch
        {
            ({ } small, { } large) => $"{data.Name}: mini-batch gradient descent is stable up to a learning rate of {Numbers.Brief(small)} on raw features and {Numbers.Brief(large)} on standardized ones.",
            (null, { } large) => $"{data.Name}: mini-batch gradient descent is stable at no learning rate that was tried on raw features, and up to {Numbers.Brief(large)} on standardized ones.",
            _ => null,
        };
    }

    private static CurveResult? Of(IEnumerable<CurveResult> race, string scaling) => race.FirstOrDefault(curve => curve.Scaling == scaling);

    private static string? Trainer(string name, string optimizer, CurveResult? standardized, CurveResult? raw)
    {
        if (standardized is null || raw is null)
        {
            return null;
        }

        // The hardest tolerance that either arrives at.
        var index = standardized.Arrivals.Index().Where(entry => entry.Item.Iterations is not null || raw.Arrivals[entry.Index].Iterations is not null)
            .Select(entry => (int?)entry.Index).LastOrDefault();
        return index is { } at
            ? $"{name}, {optimizer}: within {Numbers.Brief(standardized.Arrivals[at].Tolerance)} of the optimum {Arrival(standardized, at)} on standardized features; on raw ones {Arrival(raw, at)}."
            : $"{name}, {optimizer}: within {Numbers.Brief(standardized.Arrivals[0].Tolerance)} of the optimum neither on standardized features ({Arrival(standardized, 0)}) nor on raw ones ({Arrival(raw, 0)}).";
    }

    private static string Arrival(CurveResult curve, int tolerance) => curve switch
    {
        { DivergedAt: not null } => "it diverges",
        _ when curve.Arrivals[tolerance].Iterations is { } iterations => $"after {Numbers.Whole(iterations)} {(curve.Optimizer == "SDCA" ? "passes" : "iterations")}",
        { UnchangedFrom: { } stopped } => $"never: it stops by itself after {Numbers.Whole(stopped)}, {Numbers.Brief(curve.LastGap)} above",
        _ => $"not in {Numbers.Whole(curve.Arrivals[tolerance].TriedUpTo)}, still {Numbers.Brief(curve.LastGap)} above",
    };
}
