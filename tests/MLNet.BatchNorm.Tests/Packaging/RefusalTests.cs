namespace MLNet.BatchNorm.Tests.Packaging;

/// <summary>A package is made against the real Microsoft.ML or not at all.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task Packing_against_the_stand_in_is_refused_before_anything_is_built()
    {
        var folder = Directory.CreateTempSubdirectory("mlnet-batchnorm-");
        try
        {
            var copy = SourceCopy.Create(folder);

            var (exitCode, output) = await copy.Pack("offline");

            exitCode.Should().Be(1, output);
            output.Should().Contain("MLNet.BatchNorm can only be packed against the real Microsoft.ML, and this build uses MLNetProvider=offline.")
                .And.Contain("Pack where a NuGet source holds Microsoft.ML 5.0.0");
            Directory.Exists(copy.Source).Should().BeFalse();
            Directory.GetFiles(copy.Artifacts, "*.dll", SearchOption.AllDirectories).Should().BeEmpty();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
