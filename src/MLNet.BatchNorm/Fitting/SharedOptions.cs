namespace MLNet.BatchNorm;

/// <summary>The options that every scaling saves.</summary>
internal readonly record struct SharedOptions(InfinityPolicy Infinity, int? ChannelAxis, bool TrackQuantiles, int QuantileSize);
