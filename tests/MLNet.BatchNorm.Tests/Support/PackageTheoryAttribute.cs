namespace MLNet.BatchNorm.Tests.Support;

/// <summary>A <see cref="PackageFactAttribute"/> with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PackageTheoryAttribute : TheoryAttribute
{
    public PackageTheoryAttribute() => Skip = new PackageFactAttribute().Skip;
}
