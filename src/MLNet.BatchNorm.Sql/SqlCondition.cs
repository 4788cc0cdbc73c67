namespace MLNet.BatchNorm.Sql;

/// <summary>A condition on the rows that count: a column compared with a value. The value goes to the database as a parameter, never as text.</summary>
/// <param name="ColumnName">The column, as the database spells it, without quotes.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">With what; null, and not read, for <see cref="SqlComparison.IsNull"/> and <see cref="SqlComparison.IsNotNull"/>, which are for NULL.</param>
public sealed record SqlCondition(string ColumnName, SqlComparison Comparison, object? Value = null)
{
    /// <exception cref="ArgumentException">The comparison is unknown, or the value is missing or not wanted.</exception>
    internal void Check(string parameterName)
    {
        SqlNames.Check(ColumnName, parameterName);
        if (!Enum.IsDefined(Comparison))
        {
            throw new ArgumentException($"Condition on column '{ColumnName}': {Comparison} is no {nameof(SqlComparison)}.", parameterName);
        }

        bool isGiven = Value is not (null or DBNull);
        if (HasValue != isGiven)
        {
            throw new ArgumentException(
                HasValue
                    ? $"Condition on column '{ColumnName}': {Comparison} needs a value, and NULL compares with nothing. Use {nameof(SqlComparison.IsNull)} or {nameof(SqlComparison.IsNotNull)}."
                    : $"Condition on column '{ColumnName}': {Comparison} takes no value; found {Value}.",
                parameterName);
        }
    }

    internal bool HasValue => Comparison is not (SqlComparison.IsNull or SqlComparison.IsNotNull);

    internal string Operator => Comparison switch
    {
        SqlComparison.Equal => "=",
        SqlComparison.NotEqual => "<>",
        SqlComparison.Less => "<",
        SqlComparison.LessOrEqual => "<=",
        SqlComparison.Greater => ">",
        SqlComparison.GreaterOrEqual => ">=",
        SqlComparison.IsNull => "IS NULL",
        _ => "IS NOT NULL",
    };
}
