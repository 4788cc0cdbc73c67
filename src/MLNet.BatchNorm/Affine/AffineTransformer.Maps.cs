namespace MLNet.BatchNorm;

public abstract partial class AffineTransformer
{
    /// <summary>What the transformer does to each column, in numbers, in the order in which the columns were given.</summary>
    public IReadOnlyList<ColumnMap> Maps => [.. _columns.Select(column => new ColumnMap(column))];
}
