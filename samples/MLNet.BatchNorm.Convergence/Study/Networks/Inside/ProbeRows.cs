using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Convergence.Study.Networks.Inside;

/// <summary>Rows on which a network is looked at, in double: [rows, features], and the label of each.</summary>
internal sealed record ProbeRows(LearningTask Task, double[] Values, int Count, double[] Labels)
{
    /// <summary>The first rows of a data set whose rows are in no order; all of them where there are fewer.</summary>
    public static ProbeRows Of(TabularData data, int most) => Of(data, [.. Enumerable.Range(0, Math.Min(most, data.Rows.Length))]);

    /// <summary>Some rows of a data set.</summary>
    public static ProbeRows Of(TabularData data, IReadOnlyList<int> rows) => new(
        data.Task, [.. rows.SelectMany(row => data.Rows[row]).Select(value => (double)value)], rows.Count, [.. rows.Select(row => data.Labels[row])]);
}
