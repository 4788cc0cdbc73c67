namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>What is learned, which decides the loss and the trainers.</summary>
public enum LearningTask
{
    /// <summary>Two classes: logistic regression.</summary>
    Binary,

    /// <summary>Three or more classes: multinomial logistic regression.</summary>
    Multiclass,

    /// <summary>A number: least squares.</summary>
    Regression,
}
