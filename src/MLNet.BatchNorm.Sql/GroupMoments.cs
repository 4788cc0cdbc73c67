namespace MLNet.BatchNorm.Sql;

/// <summary>The moments of one group of rows: a day, a partition, a batch.</summary>
/// <param name="Group">The group's value, of the type that the provider gives.</param>
/// <param name="Moments">The moments of its rows.</param>
public sealed record GroupMoments(object Group, FeatureMoments Moments);
