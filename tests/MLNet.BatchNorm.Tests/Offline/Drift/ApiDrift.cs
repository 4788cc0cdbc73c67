using System.Reflection;
using System.Runtime.InteropServices;

namespace MLNet.BatchNorm.Tests.Offline.Drift;

/// <summary>Finds what one assembly's public API has that another API has not, or has differently.</summary>
internal static class ApiDrift
{
    /// <param name="subsetPath">The assembly whose every public member must be found.</param>
    /// <param name="wholePaths">The assemblies to find them in.</param>
    public static IReadOnlyList<string> Find(string subsetPath, IReadOnlyCollection<string> wholePaths)
    {
        var runtime = Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll");
        var beside = Directory.GetFiles(AppContext.BaseDirectory, "*.dll");
        var references = runtime.Concat(beside).Append(subsetPath).GroupBy(Path.GetFileName).Select(group => group.First());
        using var context = new MetadataLoadContext(new PathAssemblyResolver(references));
        var whole = wholePaths.SelectMany(path => context.LoadFromAssemblyPath(path).GetTypes()).Where(type => type.IsVisible)
            .GroupBy(type => type.FullName!).ToDictionary(group => group.Key, group => group.First());
        var types = context.LoadFromAssemblyPath(subsetPath).GetTypes().Where(type => type.IsVisible);
        return [.. types.SelectMany(type => FindIn(type, whole)).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> FindIn(Type type, Dictionary<string, Type> whole)
    {
        if (!whole.TryGetValue(type.FullName!, out var counterpart))
        {
            return [$"{type.FullName}: no such public type"];
        }

        var bases = ApiText.Bases(type).Except(ApiText.Bases(counterpart)).Select(text => $"is no {text}");
        var kinds = ApiText.Kind(type) == ApiText.Kind(counterpart) ? []
            : (IEnumerable<string>)[$"{ApiText.Kind(type)} should be {ApiText.Kind(counterpart)}"];

        // A member may stand in a base class there; what a user writes is the same.
        var found = Ancestry(counterpart).SelectMany(ApiText.Members).ToHashSet();
        var members = ApiText.Members(type).Where(text => !found.Contains(text)).Select(text => $"no such member: {text}{Nearest(text, found)}");
        return kinds.Concat(bases).Concat(members).Select(text => $"{type.FullName}: {text}");
    }

    private static IEnumerable<Type> Ancestry(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            yield return current;
        }
    }

    private static string Nearest(string text, IEnumerable<string> found)
    {
        var name = NameOf(text);
        var same = found.Where(candidate => NameOf(candidate) == name).ToList();
        return same.Count == 0 ? "" : $"; there is: {string.Join(" | ", same)}";
    }

    private static string NameOf(string text) => text.Split('(', '<', '=')[0].Trim().Split(' ')[^1];
}
