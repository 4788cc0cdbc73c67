using MLNet.BatchNorm.Notebooks;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>The notebooks of the repository, as copied beside the tests.</summary>
internal static class ShippedNotebooks
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "notebooks");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.ipynb").Select(path => Path.GetFileNameWithoutExtension(path)).Order();

    public static NotebookFile Load(string name) => NotebookFile.Load(PathOf($"{name}.ipynb"));

    public static string ReadApp(string name) => File.ReadAllText(PathOf($"{name}.cs"));

    public static bool Exists(string fileName) => File.Exists(PathOf(fileName));

    private static string PathOf(string fileName) => Path.Combine(Folder, fileName);
}
