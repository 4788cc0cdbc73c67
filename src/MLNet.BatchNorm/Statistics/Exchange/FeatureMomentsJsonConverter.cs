using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.BatchNorm;

/// <summary>
/// <see cref="FeatureMoments"/> as JSON: <c>JsonSerializer.Serialize(moments)</c> and <c>JsonSerializer.Deserialize&lt;FeatureMoments&gt;(json)</c>
/// find it by themselves.
/// </summary>
/// <remarks>
/// <para>
/// An object with <c>version</c> (1), <c>rowCount</c>, <c>firstInfinity</c> (null, or <c>row</c> and <c>feature</c>) and <c>features</c>,
/// one object each: <c>count</c>, <c>missingCount</c>, <c>infiniteCount</c>, <c>weightSum</c>, and, null where count is 0, <c>mean</c>,
/// <c>meanRemainder</c> (what the mean lacks for being one double), <c>squaredDeviations</c> (sum w (x - mean)^2), <c>minimum</c>,
/// <c>maximum</c>. Names do not depend on the serializer's options. Numbers come back to the last bit.
/// </para>
/// <para>
/// Reading checks everything: another version, a missing, unknown or repeated name, or numbers that contradict each other are a
/// <see cref="JsonException"/> that says which. Writing moments whose sums have overflowed is an <see cref="InvalidOperationException"/>.
/// </para>
/// <para>Safe to use from many threads.</para>
/// </remarks>
public sealed class FeatureMomentsJsonConverter : JsonConverter<FeatureMoments>
{
    /// <inheritdoc/>
    public override FeatureMoments Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, StatisticsJson.Default.FeatureMomentsJson)!.ToMoments();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FeatureMoments value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        JsonSerializer.Serialize(writer, FeatureMomentsJson.Of(value), StatisticsJson.Default.FeatureMomentsJson);
    }
}
