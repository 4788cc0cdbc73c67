using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.BatchNorm;

/// <summary>
/// <see cref="FeatureQuantiles"/> as JSON: <c>JsonSerializer.Serialize(quantiles)</c> and <c>JsonSerializer.Deserialize&lt;FeatureQuantiles&gt;(json)</c>
/// find it by themselves.
/// </summary>
/// <remarks>
/// <para>
/// An object with <c>version</c> (1; 2 where weights of sparse rows have remainders), <c>size</c>, <c>rows</c> (up to 127 rows under way, one after the other; NaN and infinities as the texts
/// "NaN", "Infinity", "-Infinity"), <c>rowWeights</c> (empty where all are 1), <c>sparseRowCount</c>, <c>sparseWeight</c>, and <c>features</c>, one
/// object each: <c>count</c>, <c>missingCount</c>, <c>infiniteCount</c>, <c>givenCount</c> and <c>givenWeight</c> (of sparse rows), <c>weightSum</c>,
/// <c>minimum</c>, <c>maximum</c> (0 where count is), <c>isExact</c>, <c>random</c>, <c>levels</c> (objects with <c>exponent</c>, and
/// <c>values</c> that weigh 2^exponent each), and <c>values</c> with <c>weights</c> of their own. Names do not depend on the serializer's options.
/// Numbers come back to the last bit. Where the weights of sparse rows were rounded as they were added up, <c>sparseWeightRemainder</c> and the
/// features' <c>givenWeightRemainder</c> say what they lack; absent means 0.
/// </para>
/// <para>
/// Reading checks everything: another version, a missing, unknown or repeated name, or numbers that contradict each other are a
/// <see cref="JsonException"/> that says which.
/// </para>
/// <para>Safe to use from many threads.</para>
/// </remarks>
public sealed class FeatureQuantilesJsonConverter : JsonConverter<FeatureQuantiles>
{
    private const string What = "feature quantiles";

    /// <inheritdoc/>
    public override FeatureQuantiles Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        FeatureQuantilesState state = JsonSerializer.Deserialize(ref reader, StatisticsJson.Default.FeatureQuantilesState)!;
        StatisticsJson.CheckVersion(What, state.Version, FeatureQuantilesState.CurrentVersion);
        try
        {
            return FeatureQuantiles.FromState(state);
        }
        catch (InvalidDataException exception)
        {
            throw StatisticsJson.Damaged(What, exception.Message);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FeatureQuantiles value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        JsonSerializer.Serialize(writer, value.ExportState(), StatisticsJson.Default.FeatureQuantilesState);
    }
}
