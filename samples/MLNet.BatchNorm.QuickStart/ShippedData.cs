namespace MLNet.BatchNorm.QuickStart;

internal static class ShippedData
{
    public static string PathOf(string fileName) => Path.Combine(AppContext.BaseDirectory, "data", fileName);
}
