namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>What all data sets together show, counted from the results.</summary>
internal static class Summary
{
    /// <summary>A few sentences for the top of the report.</summary>
    public static IReadOnlyList<string> Draw(IReadOnlyList<DataSetResult> dataSets, StudySettings settings)
    {
        var tolerance = settings.Tolerances[settings.Tolerances.Count / 2];
        var races = (from data in dataSets
                     from race in data.Curves.GroupBy(curve => (curve.Optimizer, curve.C))
                     where race.Any(curve => curve.Arrivals.Any(arrival => arrival.TriedUpTo > 1))
                     select new Race(data.Name, race.Key.Optimizer, [.. race], tolerance)).ToArray();
        return races.Length == 0 ? [] :
        [
            $"{races.Length} comparisons (data set, optimizer, strength of the penalty) ask how many iterations it takes to come within {Numbers.Brief(tolerance)} of the optimum.",
            .. Counts(races),
            .. LargestGain(races),
        ];
    }

    private static IEnumerable<string> Counts(Race[] races)
    {
        var rawLast = races.Count(race => race.Best is not null && race.Raw is null);
        var rawSlower = races.Count(race => race is { Best: { } best, Raw: { } raw } && best < raw);
        var rawBest = races.Count(race => race is { Best: { } best, Raw: { } raw } && best >= raw);
        var nobody = races.Count(race => race.Best is null && race.Raw is null);
        yield return $"In {rawLast} of them raw features do not arrive at all and a scaling does; in {rawSlower} they arrive later than the best scaling; in {rawBest} no scaling is faster than raw; in {nobody} nothing arrives within the budget.";
        var wins = races.Where(race => race.Winner is not null).GroupBy(race => race.Winner).OrderByDescending(group => group.Count());
        yield return $"The fewest iterations are those of {string.Join(", ", wins.Select(group => $"{group.Key} in {group.Count()}"))}.";
    }

    private static IEnumerable<string> LargestGain(Race[] races)
    {
        var gains = races.Where(race => race is { Best: not null, Raw: not null }).OrderByDescending(race => (double)race.Raw! / race.Best!.Value);
        foreach (var race in gains.Take(1))
        {
            yield return $"Where both arrive, the largest gain is on {race.DataSet}: {race.Optimizer} needs {Numbers.Whole(race.Raw!.Value)} iterations raw and {Numbers.Whole(race.Best!.Value)} {race.BestScaling}.";
        }
    }

    private sealed record Race(string DataSet, string Optimizer, CurveResult[] Curves, double Tolerance)
    {
        public int? Raw => Curves.Where(curve => curve.Scaling == Training.Scalings.Raw).Select(At).FirstOrDefault();

        public int? Best => Scaled.Select(At).Min();

        public string? BestScaling => Scaled.FirstOrDefault(curve => At(curve) == Best)?.Scaling;

        public string? Winner => Curves.Where(curve => At(curve) is not null).MinBy(At)?.Scaling;

        private IEnumerable<CurveResult> Scaled => Curves.Where(curve => curve.Scaling != Training.Scalings.Raw);

        private int? At(CurveResult curve) => curve.Arrivals.First(arrival => arrival.Tolerance == Tolerance).Iterations;
    }
}
