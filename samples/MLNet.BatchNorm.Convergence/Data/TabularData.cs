namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>A data set in memory: numeric features and one label.</summary>
/// <param name="Name">A short name, used in file names and headings.</param>
/// <param name="Description">One sentence about the rows and the label.</param>
/// <param name="Task">What is learned.</param>
/// <param name="FeatureNames">One name per feature.</param>
/// <param name="Rows">The features: [rows][features], all finite.</param>
/// <param name="Labels">One per row: the target, or the index of the class.</param>
/// <param name="ClassNames">The labels that the class indices stand for; empty for regression.</param>
/// <param name="Notes">What the reader of the file had to leave out.</param>
public sealed record TabularData(
    string Name,
    string Description,
    LearningTask Task,
    IReadOnlyList<string> FeatureNames,
    float[][] Rows,
    double[] Labels,
    IReadOnlyList<string> ClassNames,
    IReadOnlyList<string> Notes)
{
    /// <summary>What a file of the user's own was taken for, in one line; empty for shipped data.</summary>
    public string TakenFor { get; init; } = string.Empty;

    /// <summary>The file that it was read from; null where there is none.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The number of features.</summary>
    public int FeatureCount => FeatureNames.Count;

    /// <summary>The number of classes; 0 for regression.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>The same label over other features, or over some of the rows.</summary>
    public TabularData WithRows(float[][] rows, double[] labels) => this with { Rows = rows, Labels = labels };

    /// <summary>Puts a share of the rows aside, chosen by the seed; a class keeps its share in both parts, and has a row in each if it has two.</summary>
    public (TabularData Training, TabularData Test) Split(double testShare, int seed)
    {
        var order = Enumerable.Range(0, Rows.Length).ToArray();
        new Random(seed).Shuffle(order);
        var test = new bool[Rows.Length];
        var groups = Task == LearningTask.Regression ? order.GroupBy(_ => 0d) : order.GroupBy(row => Labels[row]);
        foreach (var group in groups)
        {
            var members = group.ToArray();
            var share = (int)Math.Round(members.Length * testShare);
            foreach (var row in members.Take(members.Length < 2 ? 0 : Math.Clamp(share, 1, members.Length - 1)))
            {
                test[row] = true;
            }
        }

        return (Where(row => !test[row]), Where(row => test[row]));
    }

    /// <summary>The same rows in another order, which the seed decides.</summary>
    public TabularData Shuffled(int seed)
    {
        var order = Enumerable.Range(0, Rows.Length).ToArray();
        new Random(seed).Shuffle(order);
        return WithRows([.. order.Select(row => Rows[row])], [.. order.Select(row => Labels[row])]);
    }

    /// <summary>At most so many of the rows, chosen by the seed; a class keeps its share.</summary>
    public TabularData Sample(int mostRows, int seed) => Rows.Length <= mostRows ? this : Split(mostRows / (double)Rows.Length, seed).Test;

    private TabularData Where(Func<int, bool> keep)
    {
        var kept = Enumerable.Range(0, Rows.Length).Where(keep).ToArray();
        return WithRows([.. kept.Select(row => Rows[row])], [.. kept.Select(row => Labels[row])]);
    }
}
