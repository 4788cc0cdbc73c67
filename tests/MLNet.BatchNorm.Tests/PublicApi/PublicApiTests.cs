using Microsoft.ML;
using MLNet.BatchNorm.Tests.Packaging;
using PublicApiGenerator;

namespace MLNet.BatchNorm.Tests.PublicApi;

/// <summary>The public API is what MLNet.BatchNorm.approved.txt says: a change of it is seen in review.</summary>
public sealed class PublicApiTests
{
    private const string Accept = "ACCEPT_PUBLIC_API";

    private static readonly string Approved =
        Path.Combine(DotnetCommand.RepositoryRoot, "tests", "MLNet.BatchNorm.Tests", "PublicApi", "MLNet.BatchNorm.approved.txt");

    [Fact]
    public void The_public_API_is_the_approved_one()
    {
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false };
        // Extension methods stand in ML.NET's own namespace, which the generator leaves out unless told.
        options.DenyNamespacePrefixes = [];
        var actual = typeof(ScalingCatalog).Assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(Approved, actual);
        }

        var approved = File.ReadAllText(Approved).ReplaceLineEndings("\n");
        actual.Should().Be(approved, $"""
            the public API has changed. If that is meant, accept it with

                dotnet test tests/MLNet.BatchNorm.Tests --filter {nameof(PublicApiTests)} -e {Accept}=1

            then commit {Path.GetFileName(Approved)} and add a line to CHANGELOG.md. No longer there: {Difference(approved, actual)}. New: {Difference(actual, approved)}
            """);
    }

    private static string Difference(string from, string other) => string.Join(" | ", from.Split('\n').Except(other.Split('\n')).Select(line => line.Trim()));
}
