using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.BatchNorm;

/// <summary>
/// <see cref="RunningMoments"/> as JSON: <c>JsonSerializer.Serialize(moments)</c> and <c>JsonSerializer.Deserialize&lt;RunningMoments&gt;(json)</c>
/// find it by themselves. Restored moments go on where the others stood, to the last bit.
/// </summary>
/// <remarks>
/// <para>
/// An object with <c>version</c> (1), <c>momentum</c> (null for the plain average), <c>varianceEstimator</c> ("Population" or "Sample"),
/// <c>runningStart</c> ("Debiased", "FirstBatch" or "ZeroOne"), <c>batchCount</c> and <c>features</c>, one object each: <c>mean</c> and
/// <c>variance</c>, the running ones, <c>weight</c>, that of the batches in them, and <c>updateCount</c>. Names do not
/// depend on the serializer's options.
/// </para>
/// <para>
/// Reading checks everything: another version, a missing, unknown or repeated name, or numbers that contradict each other are a
/// <see cref="JsonException"/> that says which.
/// </para>
/// <para>Safe to use from many threads.</para>
/// </remarks>
public sealed class RunningMomentsJsonConverter : JsonConverter<RunningMoments>
{
    /// <inheritdoc/>
    public override RunningMoments Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, StatisticsJson.Default.RunningMomentsJson)!.ToMoments();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RunningMoments value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        JsonSerializer.Serialize(writer, RunningMomentsJson.Of(value), StatisticsJson.Default.RunningMomentsJson);
    }
}
