namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>Something the user gave cannot be used; the message says what, where, and what to do about it.</summary>
public sealed class StudyInputException : Exception
{
    /// <summary>Takes the one line that the user is shown.</summary>
    public StudyInputException(string message)
        : base(message)
    {
    }

    /// <summary>Takes the one line that the user is shown, and the cause.</summary>
    public StudyInputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
