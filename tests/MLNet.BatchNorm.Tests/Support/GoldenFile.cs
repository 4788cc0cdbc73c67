using System.Text.Json;

namespace MLNet.BatchNorm.Tests.Support;

/// <summary>The reference results in Golden/*.json; the head of make_golden.py says how they are encoded.</summary>
internal static class GoldenFile
{
    public static IReadOnlyList<GoldenCase> Cases(string fileName)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", fileName);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(element => new GoldenCase(element.Clone()))];
    }

    public static GoldenCase Case(string fileName, string name) => Cases(fileName).Single(golden => golden.Name == name);

    /// <summary>The names of a file's cases, for MemberData.</summary>
    public static TheoryData<string> Names(string fileName)
    {
        var names = new TheoryData<string>();
        foreach (GoldenCase golden in Cases(fileName))
        {
            names.Add(golden.Name);
        }

        return names;
    }
}
