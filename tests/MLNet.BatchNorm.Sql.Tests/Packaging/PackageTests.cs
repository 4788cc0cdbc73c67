using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLNet.BatchNorm.Tests.Packaging;

namespace MLNet.BatchNorm.Sql.Tests.Packaging;

/// <summary>What <c>dotnet pack</c> makes of the SQL package, and a new project that uses it.</summary>
public sealed class PackageTests : IAsyncLifetime
{
    private const string Name = "MLNet.BatchNorm.Sql";

    // A version of its own, so that no package cache can take one run's package for another's.
    private readonly string _version = $"0.0.1-test.{Guid.NewGuid():N}";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnet-batchnorm-sql-");
    private SourceCopy? _copy;

    private SourceCopy Copy => _copy ?? throw new InvalidOperationException("Nothing has been packed yet.");

    public async Task InitializeAsync()
    {
        _copy = SourceCopy.Create(_folder.CreateSubdirectory("copy"));
        foreach (string project in new[] { "MLNet.BatchNorm", Name })
        {
            var (exitCode, output) = await _copy.PackProject(project, $"-p:Version={_version}");
            exitCode.Should().Be(0, output);
        }
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_holds_the_library_needs_no_driver_and_the_lines_of_its_README_print_what_the_README_says()
    {
        using (var archive = ZipFile.OpenRead(Path.Combine(Copy.Source, $"{Name}.{_version}.nupkg")))
        {
            archive.Entries.Select(entry => entry.FullName)
                .Where(name => !name.StartsWith("package/", StringComparison.Ordinal) && !name.StartsWith("_rels/", StringComparison.Ordinal))
                .Should().BeEquivalentTo(
                [
                    $"lib/net10.0/{Name}.dll", $"lib/net10.0/{Name}.xml", "README.md", "CHANGELOG.md", "LICENSE", "icon.png", $"{Name}.nuspec", "[Content_Types].xml",
                ]);
        }

        var metadata = XDocument.Load(new MemoryStream(Read($"{Name}.nuspec"))).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(dependency => $"{dependency.Attribute("id")!.Value} {dependency.Attribute("version")!.Value}").Should().Equal($"MLNet.BatchNorm {_version}");
        metadata.Elements().Single(element => element.Name.LocalName == "tags").Value.Should().Contain("DuckDB");

        string readme = Encoding.UTF8.GetString(Read("README.md"));
        var program = await RunInNewProject(Block(readme, "csharp"));
        program.ExitCode.Should().Be(0, program.Output);
        program.Output.ReplaceLineEndings("\n").Trim().Should().Be(Block(readme, "text").Trim());
    }

    private async Task<(int ExitCode, string Output)> RunInNewProject(string code)
    {
        string project = _folder.CreateSubdirectory("project").FullName;
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), code);
        // A cache of its own: this package must not stay in the user's, whose other packages serve as they are.
        await File.WriteAllTextAsync(Path.Combine(project, "project.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <UseAppHost>false</UseAppHost>
                <InvariantGlobalization>true</InvariantGlobalization>
                <RestoreFallbackFolders>{DotnetCommand.PackageCache}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{Name}" Version="{_version}" />
                <PackageReference Include="DuckDB.NET.Data.Full" Version="{CentralVersion("DuckDB.NET.Data.Full")}" />
              </ItemGroup>
            </Project>
            """);
        var environment = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = Path.Combine(_folder.FullName, "cache"),
            ["RestoreAdditionalProjectSources"] = $"{Copy.Source};{DotnetCommand.AdditionalSources}",
        };
        var build = await DotnetCommand.Run(project, ["build", "-o", "out", "--disable-build-servers"], environment);
        build.ExitCode.Should().Be(0, build.Output);
        return await DotnetCommand.Run(project, ["exec", "out/project.dll"]);
    }

    private static string CentralVersion(string package) => XDocument.Load(Path.Combine(DotnetCommand.RepositoryRoot, "Directory.Packages.props"))
        .Descendants("PackageVersion").Single(element => element.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

    private byte[] Read(string entry) => Copy.Read($"{Name}.{_version}.nupkg", entry);

    private static string Block(string readme, string language) =>
        Regex.Match(readme, $"```{language}\n(.*?)```", RegexOptions.Singleline) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidDataException($"The package's README has no block of {language}.");
}
