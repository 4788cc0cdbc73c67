namespace MLNet.BatchNorm;

/// <summary>Where in a stream of rows a value stood.</summary>
/// <param name="Row">Zero-based index of the row, in the order in which the rows were added.</param>
/// <param name="Feature">Zero-based index of the feature (slot) in that row.</param>
public readonly record struct ValueLocation(long Row, int Feature);
