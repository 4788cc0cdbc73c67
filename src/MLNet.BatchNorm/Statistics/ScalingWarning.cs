namespace MLNet.BatchNorm;

/// <summary>Something about the data that is worth a look.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="ColumnName">The input column.</param>
/// <param name="Message">The whole story in one sentence, with the slots and numbers.</param>
public sealed record ScalingWarning(ScalingWarningKind Kind, string ColumnName, string Message)
{
    /// <summary>Returns <see cref="Message"/>.</summary>
    public override string ToString() => Message;
}
