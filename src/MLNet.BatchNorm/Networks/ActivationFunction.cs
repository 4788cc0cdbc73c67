namespace MLNet.BatchNorm;

/// <summary>The function that a hidden layer applies to each of its neurons.</summary>
public enum ActivationFunction
{
    /// <summary>max(0, x). Its gradient at 0 is taken to be 0.</summary>
    ReLU,

    /// <summary>x for x &gt; 0, otherwise 0.01 x. Its gradient at 0 is taken to be 0.01.</summary>
    LeakyReLU,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,
}
