using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.BatchNorm.Convergence.Output;

/// <summary>Writes records as indented JSON, numbers in the shortest form that reads back exactly.</summary>
public static class StudyJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The JSON text.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";
}
