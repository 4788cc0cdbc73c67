using Microsoft.ML;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Offline.Drift;

/// <summary>MLNet.Offline repeats a part of Microsoft.ML's public API; here that part is held against the real one.</summary>
public class DriftTests
{
    private static readonly string Offline = Path.Combine(AppContext.BaseDirectory, "offline-api", "MLNet.Offline.dll");

    [PackageFact]
    [Trait("Provider", "package")]
    public void Every_public_member_of_the_offline_subset_is_in_Microsoft_ML_with_the_same_signature()
    {
        var real = Directory.GetFiles(AppContext.BaseDirectory, "Microsoft.ML*.dll");

        ApiDrift.Find(Offline, real).Should().BeEmpty();
    }

    [PackageFact]
    [Trait("Provider", "package")]
    public void The_comparison_finds_what_the_other_side_lacks()
    {
        // The other way round: the whole of Microsoft.ML's data view assembly is not in the subset.
        var dataView = typeof(IDataView).Assembly.Location;

        ApiDrift.Find(dataView, [Offline]).Should()
            .Contain("Microsoft.ML.Data.DateTimeDataViewType: no such public type")
            .And.Contain(difference => difference.StartsWith(
                "Microsoft.ML.Data.DataViewRowId: no such member: public Microsoft.ML.Data.DataViewRowId Combine(", StringComparison.Ordinal));
    }

    [Fact]
    public void An_assembly_does_not_drift_from_itself()
    {
        var self = typeof(MLContext).Assembly.Location;

        ApiDrift.Find(self, [self]).Should().BeEmpty();
    }
}
