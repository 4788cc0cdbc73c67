using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>What the linear models of one data set show about scaling, a sentence for each picture. Every figure follows from the results.</summary>
internal static class ScalingClaims
{
    /// <summary>How each iterative trainer fares on each scaling, at the first strength of the penalty.</summary>
    public static IEnumerable<string> Trainers(DataSetResult data, StudySettings settings) =>
        data.Curves.Where(curve => curve.C == settings.InverseStrengths[0]).GroupBy(curve => curve.Optimizer)
            .Where(race => race.Any(curve => curve.Points.Count > 1)).Select(race => Trainer(data, [.. race]));

    /// <summary>How one optimizer fares on each scaling: to the hardest tolerance that any of them arrives at.</summary>
    public static string Trainer(DataSetResult data, IReadOnlyList<CurveResult> race)
    {
        var tolerances = race[0].Arrivals.Count;
        var at = Enumerable.Range(0, tolerances).LastOrDefault(index => race.Any(curve => curve.Arrivals[index].Iterations is not null));
        var arrived = race.Where(curve => curve.Arrivals[at].Iterations is not null)
            .Select((curve, place) => $"{Numbers.Whole(curve.Arrivals[at].Iterations!.Value)}{(place == 0 ? $" {Steps(curve)}" : string.Empty)} on {curve.Scaling}{(place == 0 ? " features" : string.Empty)}").ToArray();
        var others = race.Where(curve => curve.Arrivals[at].Iterations is null).Select(curve => $"on {curve.Scaling} {(arrived.Length == 0 ? "features" : "ones")} it {Fate(curve, at, Unit(data))}");
        return $"{data.Name}: to within {Numbers.Brief(race[0].Arrivals[at].Tolerance)} {Unit(data)} of the optimum, {race[0].Optimizer} takes "
            + $"{string.Join("; ", [arrived.Length == 0 ? "more than it was given" : string.Join(", ", arrived), .. others])}.";
    }

    /// <summary>How gradient descent fares on one of the two surfaces that are pictured.</summary>
    public static string Surface(DataSetResult data, SurfacePanel panel) =>
        $"{data.Name}, two weights, {panel.Scaling} features: after {Numbers.Whole(panel.StepCount)} steps gradient descent is "
        + $"{(panel.FinalGap < 1e-9 ? "less than 1e-9" : Numbers.Brief(panel.FinalGap))} {Unit(data)} above the optimum; the condition number is {Numbers.Brief(panel.ConditionNumber)}.";

    /// <summary>How far scaling brings the condition number down.</summary>
    public static string? Conditions(IReadOnlyList<DataSetResult> dataSets)
    {
        var falls = (from data in dataSets
                     let raw = data.Scalings.First(scaling => scaling.Name == Scalings.Raw).AtZero.ConditionNumber
                     let standardized = data.Scalings.First(scaling => scaling.Name == Scalings.Standardized).AtZero.ConditionNumber
                     where raw is not null && standardized is not null
                     select (data.Name, Text: $"{Numbers.Brief(raw.Value)} to {Numbers.Brief(standardized.Value)}")).ToArray();
        return falls.Length switch
        {
            0 => null,
            1 => $"{falls[0].Name}: standardizing takes the condition number of the loss from {falls[0].Text}.",
            _ => $"All data sets: standardizing takes the condition number of the loss from {string.Join(", ", falls.Select(fall => $"{fall.Text} on {fall.Name}"))}.",
        };
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

    private static string Unit(DataSetResult data) => data.Task == Data.LearningTask.Regression ? "of the target's variance" : "nats";

    private static string Steps(CurveResult curve) => curve.Optimizer switch
    {
        "SDCA" => "passes",
        GradientDescentCurve.Name => "steps",
        _ => "iterations",
    };

    private static string Fate(CurveResult curve, int tolerance, string unit) => curve switch
    {
        { DivergedAt: not null } => "diverges",
        { UnchangedFrom: { } stopped } => $"stops by itself after {Numbers.Whole(stopped)}, {Numbers.Brief(curve.LastGap)} {unit} above",
        _ => $"is still {Numbers.Brief(curve.LastGap)} {unit} above after {Numbers.Whole(curve.Arrivals[tolerance].TriedUpTo)}",
    };
}
