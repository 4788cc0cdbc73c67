using System.Reflection;

namespace MLNet.BatchNorm.Tests.Documentation;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string PathOf(string relativePath) => Path.Combine(Root, relativePath);

    /// <summary>README.md, CONTRIBUTING.md, CHANGELOG.md, and every page in the folders beside them, as paths relative to the root.</summary>
    public static IReadOnlyList<string> MarkdownFiles { get; } =
    [
        .. Directory.GetFiles(Root, "*.md")
            .Concat(new[] { "docs", "eng", "samples", "src", "tests" }.SelectMany(folder => Directory.GetFiles(PathOf(folder), "*.md", SearchOption.AllDirectories)))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
