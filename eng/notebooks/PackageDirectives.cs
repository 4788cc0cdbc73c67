using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.ML;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>Lines such as <c>#r "nuget: MLNet.BatchNorm"</c>, and what they mean here: the assemblies of this build.</summary>
internal static partial class PackageDirectives
{
    /// <summary>A cell without its directives, which only a notebook's kernel understands.</summary>
    public static string Remove(string source) => string.Join('\n', source.Split('\n').Where(line => !Any().IsMatch(line)));

    /// <summary>The packages that a notebook asks for.</summary>
    public static IReadOnlyList<string> PackagesOf(Notebook notebook) =>
        [.. notebook.CodeCells.SelectMany(cell => Package().Matches(cell.Source)).Select(match => match.Groups[1].Value)];

    /// <summary>References to the assemblies of packages and to those of .NET.</summary>
    /// <exception cref="ArgumentException">A notebook asks for a package that this build does not use.</exception>
    public static IReadOnlyList<Assembly> Assemblies(IEnumerable<string> packages) =>
        [.. RuntimeAssemblies(), .. packages.SelectMany(PackageAssemblies).Distinct()];

    public static IEnumerable<MetadataReference> References(IEnumerable<Assembly> assemblies) =>
        assemblies.Select(assembly => MetadataReference.CreateFromFile(assembly.Location));

    private static IEnumerable<Assembly> PackageAssemblies(string package) => package switch
    {
        "MLNet.BatchNorm" => [typeof(ScalingCatalog).Assembly],
        // One assembly or several, by the provider.
        "Microsoft.ML" => Directory.GetFiles(Path.GetDirectoryName(typeof(MLContext).Assembly.Location)!, "*.dll")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => name == typeof(MLContext).Assembly.GetName().Name || name!.StartsWith("Microsoft.ML.", StringComparison.Ordinal))
            .Select(name => Assembly.Load(new AssemblyName(name!))),
        _ => throw new ArgumentException($"A notebook asks for the package {package}, which has no counterpart in this build."),
    };

    private static IEnumerable<Assembly> RuntimeAssemblies() =>
        Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => name is "netstandard" || name!.StartsWith("System.", StringComparison.Ordinal))
            .Select(name => Assembly.Load(new AssemblyName(name!)));

    [GeneratedRegex("""^\s*#[ri]\s+"nuget:""")]
    private static partial Regex Any();

    [GeneratedRegex("""^\s*#r\s+"nuget:\s*([\w.]+)""", RegexOptions.Multiline)]
    private static partial Regex Package();
}
