namespace MLNet.BatchNorm.Tests.Support;

/// <summary>A fact about stock components of Microsoft.ML that MLNet.Offline lacks: skipped, with that reason, on the offline provider.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PackageFactAttribute : FactAttribute
{
    /// <summary>Whether the tests run on the real Microsoft.ML.</summary>
    public static bool HasPackage =>
#if MLNET_PACKAGE
        true;
#else
        false;
#endif

    public PackageFactAttribute()
    {
        if (!HasPackage)
        {
            Skip = "Needs components of Microsoft.ML that src/MLNet.Offline does not have.";
        }
    }
}
