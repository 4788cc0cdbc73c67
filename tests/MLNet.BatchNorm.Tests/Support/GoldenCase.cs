using System.Numerics;
using System.Text.Json;

namespace MLNet.BatchNorm.Tests.Support;

/// <summary>One case of a golden file, or a part of it. A path names properties and list positions: "expected", "float64", "train", 0.</summary>
internal sealed class GoldenCase(JsonElement element)
{
    public string Name => Text("name");

    public bool Has(params object[] path) => Find(path) is { ValueKind: not JsonValueKind.Null };

    public GoldenCase At(params object[] path) => new(Get(path));

    public IReadOnlyList<GoldenCase> List(params object[] path) => [.. Get(path).EnumerateArray().Select(item => new GoldenCase(item))];

    public string Text(params object[] path) => Get(path).GetString()!;

    public bool IsText(params object[] path) => Get(path).ValueKind == JsonValueKind.String;

    public bool Flag(params object[] path) => Get(path).GetBoolean();

    public double Number(params object[] path) => ToDouble(Get(path));

    public int Integer(params object[] path) => Get(path).GetInt32();

    /// <summary>All numbers of a nested list, row-major.</summary>
    public double[] Numbers(params object[] path) => [.. Flatten(Get(path))];

    /// <summary>The same in another precision; float32 results are written exactly, so that nothing is lost.</summary>
    public T[] Numbers<T>(params object[] path)
        where T : INumberBase<T> => [.. Flatten(Get(path)).Select(T.CreateChecked)];

    /// <summary>The dimensions of a nested list.</summary>
    public int[] Shape(params object[] path)
    {
        var shape = new List<int>();
        for (JsonElement inner = Get(path); inner.ValueKind == JsonValueKind.Array; inner = inner[0])
        {
            shape.Add(inner.GetArrayLength());
        }

        return [.. shape];
    }

    private static IEnumerable<double> Flatten(JsonElement item) => item.ValueKind == JsonValueKind.Array
        ? item.EnumerateArray().SelectMany(Flatten)
        : [ToDouble(item)];

    private static double ToDouble(JsonElement item) => item.ValueKind != JsonValueKind.String
        ? item.GetDouble()
        : item.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var other => throw new FormatException($"Not a number: {other}"),
        };

    private JsonElement Get(object[] path) => Find(path) ?? throw new KeyNotFoundException($"No {string.Join('/', path)} in the golden case.");

    private JsonElement? Find(object[] path)
    {
        JsonElement current = element;
        foreach (object step in path)
        {
            if (step is int position)
            {
                current = current[position];
            }
            else if (current.ValueKind != JsonValueKind.Object || !current.TryGetProperty((string)step, out current))
            {
                return null;
            }
        }

        return current;
    }
}
