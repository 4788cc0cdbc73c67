namespace MLNet.BatchNorm.Tests.Support;

/// <summary>Seeded samples.</summary>
internal static class RandomData
{
    /// <summary>Independent normal values by the Box-Muller method.</summary>
    public static double[] Normal(int seed, int count, double mean = 0, double standardDeviation = 1)
    {
        var random = new Random(seed);
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = mean + (standardDeviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }

    public static float[] ToSingle(this double[] values) => Array.ConvertAll(values, value => (float)value);
}
