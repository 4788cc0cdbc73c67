namespace MLNet.BatchNorm;

/// <summary>What an optimizer remembers of one array of parameters from step to step.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class ParameterMemory<T>(int length)
{
    /// <summary>The velocity of gradient descent, or Adam's mean of the gradients.</summary>
    public T[] First { get; } = new T[length];

    /// <summary>Adam's mean of the squares.</summary>
    public T[] Second { get; } = new T[length];
}
