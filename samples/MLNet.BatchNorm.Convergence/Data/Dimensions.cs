namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>Keeps the number of features to what Newton's method, the judge of every curve, can solve in a moment.</summary>
internal static class Dimensions
{
    // Weights of all classes but one: the side of the Hessian.
    private const int LargestHessian = 450;
    private const int FewestFeatures = 100;

    /// <summary>The features that go most with the label, in the order of the file, where there are too many; and a note that says so.</summary>
    public static (IReadOnlyList<string> Names, float[][] Rows) Limit(
        IReadOnlyList<string> names, float[][] rows, double[] labels, LearningTask task, int classCount, List<string> notes)
    {
        // More features than rows can be fitted by anything: the study would show nothing else.
        var outputs = task == LearningTask.Multiclass ? classCount - 1 : 1;
        var most = Math.Min(Math.Max(1, (LargestHessian / outputs) - 1), Math.Max(FewestFeatures, rows.Length));
        if (names.Count <= most)
        {
            return (names, rows);
        }

        int[] chosen = [.. Enumerable.Range(0, names.Count).OrderByDescending(feature => Together(rows, labels, task, feature)).Take(most).Order()];
        notes.Add($"Of {names.Count} features, the {most} that go most with the label are studied, which flatters the test rows. Leave out others with --ignore.");
        return ([.. chosen.Select(feature => names[feature])], [.. rows.Select(row => Array.ConvertAll(chosen, feature => row[feature]))]);
    }

    // The squared correlation; of classes, the share of the variance that lies between them.
    private static double Together(float[][] rows, double[] labels, LearningTask task, int feature)
    {
        var mean = rows.Average(row => (double)row[feature]);
        var total = rows.Sum(row => (row[feature] - mean) * (row[feature] - mean));
        if (task == LearningTask.Regression)
        {
            var labelMean = labels.Average();
            var covariance = rows.Zip(labels, (row, label) => (row[feature] - mean) * (label - labelMean)).Sum();
            return covariance * covariance / total;
        }

        return labels.Index().GroupBy(entry => entry.Item).Sum(group =>
        {
            var difference = group.Average(entry => (double)rows[entry.Index][feature]) - mean;
            return group.Count() * difference * difference;
        }) / total;
    }
}
