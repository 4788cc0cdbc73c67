using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.BatchNorm;

/// <summary>What is common to the JSON of moments: names in camel case, nothing unknown, nothing twice, nothing left out; whatever the caller's options.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(FeatureMomentsJson))]
[JsonSerializable(typeof(FeatureQuantilesState))]
[JsonSerializable(typeof(RunningMomentsJson))]
internal sealed partial class StatisticsJson : JsonSerializerContext
{
    /// <summary>The exception for JSON that is well-formed and cannot be right.</summary>
    public static JsonException Damaged(string what, string fault) => new($"The {what} in the JSON cannot be right: {fault}.");

    public static void CheckVersion(string what, int version, int known)
    {
        if (version < 1 || version > known)
        {
            throw new JsonException(
                $"The {what} in the JSON have version {version}, and this one reads 1 to {known}. {(version > known ? "Update MLNet.BatchNorm." : string.Empty)}".TrimEnd());
        }
    }
}
