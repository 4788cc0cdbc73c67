namespace MLNet.BatchNorm;

/// <summary>
/// Regression is learned on standardized targets, so that learning rates mean the same whatever the label's unit; classes stay as they are.
/// </summary>
/// <param name="Mean">Of the training targets, by weight.</param>
/// <param name="Deviation">Their population standard deviation; 1 where they are constant.</param>
internal readonly record struct TargetScaling(double Mean, double Deviation)
{
    public static TargetScaling Of(NetworkData data, NetworkTask task)
    {
        if (task != NetworkTask.Regression)
        {
            return new TargetScaling(0, 1);
        }

        var moments = new FeatureMoments(1);
        for (int row = 0; row < data.RowCount; row++)
        {
            moments.Add(data.Targets.AsSpan(row, 1), data.Weights?[row] ?? 1);
        }

        double deviation = Math.Sqrt(moments.PopulationVariance[0]);
        return new TargetScaling(moments.Mean[0], deviation > 0 ? deviation : 1);
    }

    public NetworkData Scale(NetworkData data)
    {
        if (Mean == 0 && Deviation == 1)
        {
            return data;
        }

        (double mean, double deviation) = (Mean, Deviation);
        return data with { Targets = Array.ConvertAll(data.Targets, target => (float)((target - mean) / deviation)) };
    }
}
