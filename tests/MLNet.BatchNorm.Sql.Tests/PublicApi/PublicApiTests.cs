using MLNet.BatchNorm.Tests.Packaging;
using PublicApiGenerator;

namespace MLNet.BatchNorm.Sql.Tests.PublicApi;

/// <summary>The public API is what MLNet.BatchNorm.Sql.approved.txt says: a change of it is seen in review.</summary>
public sealed class PublicApiTests
{
    private const string Accept = "ACCEPT_PUBLIC_API";

    private static readonly string Approved =
        Path.Combine(DotnetCommand.RepositoryRoot, "tests", "MLNet.BatchNorm.Sql.Tests", "PublicApi", "MLNet.BatchNorm.Sql.approved.txt");

    [Fact]
    public void The_public_API_is_the_approved_one()
    {
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] };
        var actual = typeof(SqlMoments).Assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(Approved, actual);
        }

        File.ReadAllText(Approved).ReplaceLineEndings("\n").Should().Be(
            actual, "the public API has changed; if that is meant, run this test with {0}=1, commit {1} and add a line to CHANGELOG.md", Accept, Path.GetFileName(Approved));
    }
}
