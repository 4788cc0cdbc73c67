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
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new FiniteNumbers() },
    };

    // JSON has no infinity, which the losses of a training that diverged are.
    private sealed class FiniteNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }

    /// <summary>The JSON text; numbers that are not finite are null.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";
}
