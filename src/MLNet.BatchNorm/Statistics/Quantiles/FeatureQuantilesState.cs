using System.Text.Json.Serialization;

namespace MLNet.BatchNorm;

/// <summary>
/// The full state of <see cref="FeatureQuantiles"/>, the rows under way included: quantiles restored from it go on as if they had never been
/// stopped, to the last bit. Plain data, as it came from a file: <see cref="FeatureQuantiles.FromState"/> is where it is checked.
/// </summary>
internal sealed record FeatureQuantilesState
{
    /// <summary>The version since which there are remainders; without them the state is that of version 1, which older readers know too.</summary>
    public const int CurrentVersion = 2;

    public required int Version { get; init; }

    public required int Size { get; init; }

    /// <summary>The rows under way, [rows, features], NaN and infinities among them.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public required double[] Rows { get; init; }

    /// <summary>What each of them weighs; empty where all weigh 1.</summary>
    public required double[] RowWeights { get; init; }

    public required long SparseRowCount { get; init; }

    public required double SparseWeight { get; init; }

    /// <summary>What SparseWeight, rounded, lacks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double SparseWeightRemainder { get; init; }

    public required SketchState[] Features { get; init; }

    /// <summary>One feature without the rows under way. Minimum and maximum are 0 without a value.</summary>
    internal sealed record SketchState
    {
        public required long Count { get; init; }

        public required long MissingCount { get; init; }

        public required long InfiniteCount { get; init; }

        public required long GivenCount { get; init; }

        public required double GivenWeight { get; init; }

        /// <summary>What GivenWeight, rounded, lacks.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public double GivenWeightRemainder { get; init; }

        public required double WeightSum { get; init; }

        public required double Minimum { get; init; }

        public required double Maximum { get; init; }

        public required bool IsExact { get; init; }

        public required long Random { get; init; }

        /// <summary>The values that weigh 2^exponent each, by ascending exponent.</summary>
        public required SketchLevelState[] Levels { get; init; }

        /// <summary>Values with weights of their own.</summary>
        public required double[] Values { get; init; }

        public required double[] Weights { get; init; }
    }

    internal sealed record SketchLevelState
    {
        public required int Exponent { get; init; }

        public required double[] Values { get; init; }
    }
}
