using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>Compares charts of Plotly: points lie in the same places, as far as can be seen, and everything else is the same.</summary>
internal static partial class ChartComparison
{
    // About two pixels of the charts here.
    private const double ShareOfAxis = 0.01;

    public static bool IsChart(CellOutputText output) => output.Kind == CellOutputText.Html && Figure().IsMatch(output.Text);

    /// <summary>What differs, if a value may lie elsewhere by <paramref name="tolerance"/> in the axis' units in any case.</summary>
    public static IEnumerable<string> Differences(string saved, string actual, double tolerance)
    {
        if (WithoutData(saved) != WithoutData(actual))
        {
            return [$"saved:\n{WithoutData(saved)}\nmade:\n{WithoutData(actual)}"];
        }
        var layout = JsonNode.Parse(Figure().Match(saved).Groups["layout"].Value)!;
        var (savedTraces, actualTraces) = (Traces(saved), Traces(actual));
        return savedTraces.Length == actualTraces.Length
            ? new[] { "x", "y" }.SelectMany(axis => AxisDifferences(axis, layout[$"{axis}axis"]?["type"]?.GetValue<string>() == "log"))
                .Concat(savedTraces.Zip(actualTraces).Where(pair => Other(pair.First) != Other(pair.Second)).Select(pair => $"saved {Other(pair.First)}, made {Other(pair.Second)}"))
            : [$"{savedTraces.Length} series are saved, and {actualTraces.Length} were made"];

        IEnumerable<string> AxisDifferences(string axis, bool isLog)
        {
            double Place(JsonNode? value) => isLog ? Math.Log10(value!.GetValue<double>()) : value!.GetValue<double>();
            bool IsNumber(JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number;
            var places = savedTraces.SelectMany(trace => trace[axis]!.AsArray()).Where(IsNumber).Select(Place).DefaultIfEmpty().ToArray();
            double allowed = ShareOfAxis * (places.Max() - places.Min());
            foreach (var (one, other) in savedTraces.Zip(actualTraces))
            {
                var (expected, made) = (one[axis]!.AsArray(), other[axis]!.AsArray());
                bool alike = expected.Count == made.Count && expected.Zip(made).All(pair => IsNumber(pair.First) && IsNumber(pair.Second)
                    ? Math.Abs(Place(pair.First) - Place(pair.Second)) <= allowed || Math.Abs(pair.First!.GetValue<double>() - pair.Second!.GetValue<double>()) <= tolerance
                    : pair.First?.ToJsonString() == pair.Second?.ToJsonString());
                if (!alike)
                {
                    yield return $"{axis} of {one["name"]}: saved {expected.ToJsonString()}, made {made.ToJsonString()}";
                }
            }
        }
    }

    private static string WithoutData(string html) => Figure().Replace(html, match => match.Value.Replace(match.Groups["data"].Value, "", StringComparison.Ordinal));

    private static JsonNode[] Traces(string html) => [.. JsonNode.Parse(Figure().Match(html).Groups["data"].Value)!.AsArray().Select(trace => trace!)];

    // A trace without its points.
    private static string Other(JsonNode trace) =>
        new JsonObject(trace.AsObject().Where(property => property.Key is not ("x" or "y")).Select(property => KeyValuePair.Create(property.Key, property.Value?.DeepClone()))).ToJsonString();

    [GeneratedRegex(@"var data = (?<data>\[.*\]);\s*var layout = (?<layout>\{.*\});")]
    private static partial Regex Figure();
}
