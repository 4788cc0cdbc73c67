using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;

namespace MLNet.BatchNorm.Tests.Packaging;

/// <summary>What <c>dotnet pack</c> makes, and a new project that uses it.</summary>
[Collection(PackedLibrary.Tests)]
public sealed class PackageTests(PackedLibrary package)
{
    private const string Assembly = "lib/net10.0/MLNet.BatchNorm.dll";

    [Fact]
    public void It_holds_the_library_with_its_documentation_and_nothing_else()
    {
        package.Entries().Where(name => !name.StartsWith("package/", StringComparison.Ordinal) && !name.StartsWith("_rels/", StringComparison.Ordinal))
            .Should().BeEquivalentTo(
            [
                Assembly, "lib/net10.0/MLNet.BatchNorm.xml", "README.md", "CHANGELOG.md", "LICENSE", "icon.png",
                "MLNet.BatchNorm.nuspec", "[Content_Types].xml",
            ]);
        Encoding.UTF8.GetString(package.Read("nupkg", "lib/net10.0/MLNet.BatchNorm.xml")).Should().Contain("M:Microsoft.ML.ScalingCatalog.Standardize");
    }

    [Fact]
    public void It_says_what_it_is_and_what_it_needs()
    {
        var metadata = package.Metadata();

        Value("id").Should().Be("MLNet.BatchNorm");
        Value("license").Should().Be("MIT");
        Value("readme").Should().Be("README.md");
        Value("icon").Should().Be("icon.png");
        Value("tags").Should().Contain("batch-normalization");
        Value("releaseNotes").Should().Contain("CHANGELOG.md");
        Value("description").Should().NotBeEmpty();
        metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(dependency => $"{dependency.Attribute("id")!.Value} {dependency.Attribute("version")!.Value}")
            .Should().BeEquivalentTo("Microsoft.ML 5.0.1", "System.IO.Hashing 10.0.0", "System.Numerics.Tensors 10.0.0");

        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
    }

    [Fact]
    public void Its_icon_is_a_picture_of_128_by_128()
    {
        var icon = package.Read("nupkg", "icon.png");

        icon[..8].Should().Equal(0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A);
        icon[16..24].Should().Equal(0, 0, 0, 128, 0, 0, 0, 128);
    }

    [Fact]
    public void Its_symbols_belong_to_the_assembly_and_hold_the_sources_under_paths_of_no_machine()
    {
        using var assembly = new PEReader(new MemoryStream(package.Read("nupkg", Assembly)));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(package.Read("snupkg", Path.ChangeExtension(Assembly, "pdb"))));
        var reader = symbols.GetMetadataReader();

        assembly.ReadDebugDirectory().Select(entry => entry.Type).Should().Contain(DebugDirectoryEntryType.Reproducible);
        var codeView = assembly.ReadCodeViewDebugDirectoryData(assembly.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView));
        new BlobContentId(reader.DebugMetadataHeader!.Id).Guid.Should().Be(codeView.Guid);
        reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name))
            .Should().Contain(name => name.EndsWith("/src/MLNet.BatchNorm/Catalog/ScalingCatalog.cs", StringComparison.Ordinal))
            .And.OnlyContain(name => Regex.IsMatch(name, "^/_[0-9]*/"));
        reader.Documents.Should().OnlyContain(handle => reader.GetCustomDebugInformation(handle).Count > 0);
    }

    [Fact]
    public async Task Packed_again_in_another_folder_the_assembly_is_the_same_to_the_byte()
    {
        var again = SourceCopy.Create(package.Folder.CreateSubdirectory("again"));

        var (exitCode, output) = await again.Pack($"-p:Version={package.Version}");

        exitCode.Should().Be(0, output);
        again.Read($"MLNet.BatchNorm.{package.Version}.nupkg", Assembly).Should().Equal(package.Read("nupkg", Assembly));
    }

    [Fact]
    public async Task In_a_new_project_the_lines_of_its_README_print_what_the_README_says()
    {
        var readme = Encoding.UTF8.GetString(package.Read("nupkg", "README.md"));
        var project = package.Folder.CreateSubdirectory("project").FullName;
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), Block(readme, "csharp"));
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
                <PackageReference Include="MLNet.BatchNorm" Version="{package.Version}" />
              </ItemGroup>
            </Project>
            """);
        var environment = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = Path.Combine(package.Folder.FullName, "cache"),
            ["RestoreAdditionalProjectSources"] = $"{package.Source};{DotnetCommand.AdditionalSources}",
        };

        var build = await DotnetCommand.Run(project, ["build", "-o", "out", "--disable-build-servers"], environment);
        build.ExitCode.Should().Be(0, build.Output);
        var program = await DotnetCommand.Run(project, ["exec", "out/project.dll"]);

        program.ExitCode.Should().Be(0, program.Output);
        program.Output.ReplaceLineEndings("\n").Trim().Should().Be(Block(readme, "text").Trim());
        Directory.Exists(Path.Combine(DotnetCommand.PackageCache, "mlnet.batchnorm", package.Version)).Should().BeFalse();
    }

    private static string Block(string readme, string language) =>
        Regex.Match(readme, $"```{language}\n(.*?)```", RegexOptions.Singleline) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidDataException($"The package's README has no block of {language}.");
}
