namespace MLNet.BatchNorm.Tests.Support;

/// <summary>A fact about stock components of Microsoft.ML that MLNet.Offline lacks: skipped, with that reason, on the offline provider.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PackageFactAttribute : FactAttribute
{
    public PackageFactAttribute()
    {
#if !MLNET_PACKAGE
        Skip = "Needs components of Microsoft.ML that src/MLNet.Offline does not have.";
#endif
    }
}
