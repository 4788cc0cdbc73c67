namespace MLNet.BatchNorm.Sql;

/// <summary>How a <see cref="SqlCondition"/> compares a column with its value. A NULL in the column fulfils <see cref="IsNull"/> alone.</summary>
public enum SqlComparison
{
    /// <summary>The column equals the value.</summary>
    Equal,

    /// <summary>The column differs from the value.</summary>
    NotEqual,

    /// <summary>The column is less than the value.</summary>
    Less,

    /// <summary>The column is less than the value, or equals it.</summary>
    LessOrEqual,

    /// <summary>The column is greater than the value.</summary>
    Greater,

    /// <summary>The column is greater than the value, or equals it.</summary>
    GreaterOrEqual,

    /// <summary>The column is NULL.</summary>
    IsNull,

    /// <summary>The column is not NULL.</summary>
    IsNotNull,
}
