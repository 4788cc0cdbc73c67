namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>Says in sentences what the numbers of a data set show. Every sentence and every figure in it follows from the results.</summary>
internal static class Conclusions
{
    /// <summary>The sentences for one data set.</summary>
    public static IReadOnlyList<string> Draw(DataSetResult result, StudySettings settings) =>
    [
        .. Conditioning(result, settings.InverseStrengths[0]),
        .. result.Curves.GroupBy(curve => (curve.Optimizer, curve.C)).SelectMany(curves => Arrivals([.. curves], settings)),
        .. SharedOptimum(result, settings),
        .. Steps(result),
        .. Tests(result, settings),
    ];

    private static IEnumerable<string> Conditioning(DataSetResult result, double c)
    {
        var known = result.Scalings
            .Select(scaling => (scaling.Name, Condition: scaling.AtOptimum.FirstOrDefault(hessian => hessian.C == c)?.ConditionNumber))
            .Where(entry => entry.Condition is not null)
            .OrderBy(entry => entry.Condition)
            .ToArray();
        if (known.FirstOrDefault(entry => entry.Name == Training.Scalings.Raw) is { Condition: { } raw } && known[0].Condition is { } best)
        {
            yield return raw / best >= 2
                ? $"The condition number of the Hessian at the optimum (C = {Numbers.Brief(c)}) falls from {Numbers.Brief(raw)} raw to {Numbers.Brief(best)} {known[0].Name}, by a factor of {Numbers.Brief(raw / best)}."
                : $"Scaling does not improve the conditioning here: {Numbers.Brief(raw)} raw, at best {Numbers.Brief(best)} ({known[0].Name}).";
        }
    }

    private static IEnumerable<string> Arrivals(CurveResult[] curves, StudySettings settings)
    {
        var tolerance = settings.Tolerances[settings.Tolerances.Count / 2];
        var where = $"{curves[0].Optimizer}, C = {Numbers.Brief(curves[0].C)}";
        if (Array.TrueForAll(curves, curve => curve.DivergedAt is null && curve.Points.Count == 1) && curves[0].Arrivals.All(arrival => arrival.TriedUpTo == 1))
        {
            yield return $"{where}: solved in one step on every scaling, with a gap of at most {Numbers.Brief(Math.Max(0, curves.Max(curve => curve.LastGap)))}: a direct solve needs no scaling at this size.";
            yield break;
        }

        var arrived = curves.Select(curve => (curve.Scaling, At: At(curve, tolerance))).Where(entry => entry.At is not null).OrderBy(entry => entry.At).ToArray();
        var late = curves.Where(curve => At(curve, tolerance) is null).ToArray();
        var sentence = arrived.Length == 0
            ? $"{where}: no scaling brings it within {Numbers.Brief(tolerance)} of its optimum"
            : $"{where}: within {Numbers.Brief(tolerance)} of its optimum after {string.Join(", ", arrived.Select(entry => $"{Numbers.Whole(entry.At!.Value)} iterations {entry.Scaling}"))}";
        yield return sentence + string.Concat(late.Select(Late)) + ".";
    }

    private static string Late(CurveResult curve)
    {
        if (curve.DivergedAt is { } end)
        {
            return $"; {curve.Scaling} diverged within {Numbers.Whole(end)}";
        }

        var stopped = curve.UnchangedFrom is { } budget
            ? $"it stops by itself after {Numbers.Whole(budget)}"
            : $"not reached in {Numbers.Whole(curve.Arrivals[0].TriedUpTo)}";
        return $"; {curve.Scaling} {stopped}, {Numbers.Brief(curve.LastGap)} above";
    }

    private static IEnumerable<string> SharedOptimum(DataSetResult result, StudySettings settings)
    {
        foreach (var c in settings.InverseStrengths)
        {
            var optima = result.Curves.Where(curve => curve.C == c && curve.Optimizer == GradientDescentCurve.Name).ToArray();
            var spread = optima.Max(curve => curve.Optimum / curve.GapUnit) - optima.Min(curve => curve.Optimum / curve.GapUnit);
            yield return spread <= settings.Tolerances[settings.Tolerances.Count / 2]
                ? $"At C = {Numbers.Brief(c)} the scalings share one optimum to {Numbers.Brief(spread)}: their curves compare directly."
                : $"At C = {Numbers.Brief(c)} the penalty gives each scaling an optimum of its own, up to {Numbers.Brief(spread)} apart: each curve is compared with its own.";
        }
    }

    private static IEnumerable<string> Steps(DataSetResult result)
    {
        var raw = result.LearningRates.FirstOrDefault(entry => entry.Scaling == Training.Scalings.Raw);
        var scaled = result.LearningRates.Where(entry => entry.Scaling != Training.Scalings.Raw && entry.LargestStable is not null).MaxBy(entry => entry.LargestStable);
        if (raw is { LargestStable: { } small, BestGap: { } rawGap } && scaled is { LargestStable: { } large, BestGap: { } scaledGap })
        {
            yield return $"Mini-batch gradient descent stays stable up to a learning rate of {Numbers.Brief(small)} raw and {Numbers.Brief(large)} {scaled.Scaling}, {Numbers.Brief(large / small)} times larger steps; at its best rate it ends {Numbers.Brief(rawGap)} above the optimum raw and {Numbers.Brief(scaledGap)} {scaled.Scaling}.";
        }
    }

    private static IEnumerable<string> Tests(DataSetResult result, StudySettings settings)
    {
        var budget = settings.TestBudgets[settings.TestBudgets.Count / 2];
        foreach (var trainer in result.Tests.Where(test => test.Budget == budget).GroupBy(test => test.Trainer))
        {
            var judged = trainer.Where(test => test.Metrics.Count > 0).ToArray();
            if (judged.Length == 0)
            {
                yield return $"On the test rows, {trainer.Key} with a budget of {Numbers.Whole(budget)} diverged on every scaling.";
                continue;
            }

            var metric = judged[0].Metrics[0].Name;
            var ranked = judged.OrderByDescending(test => test.Metrics[0].Value).Select(test => $"{Numbers.Brief(test.Metrics[0].Value)} {test.Scaling}");
            yield return $"On the test rows, {trainer.Key} with a budget of {Numbers.Whole(budget)} reaches {metric} {string.Join(", ", ranked)}.";
        }
    }

    private static int? At(CurveResult curve, double tolerance) => curve.Arrivals.First(arrival => arrival.Tolerance == tolerance).Iterations;
}
