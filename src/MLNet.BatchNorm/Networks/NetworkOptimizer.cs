namespace MLNet.BatchNorm;

/// <summary>How a network's parameters follow their gradients; each as PyTorch's optimizer of the same name computes it.</summary>
/// <remarks>
/// g is the gradient of the mean loss of a mini-batch, p a parameter, and lr the learning rate of the epoch. <c>WeightDecay</c> is an
/// option of the network: <see cref="Sgd"/> and <see cref="Adam"/> add decay * p to g, <see cref="AdamW"/> shrinks p by lr * decay * p.
/// </remarks>
public abstract record NetworkOptimizer
{
    private protected NetworkOptimizer()
    {
    }

    internal abstract void Validate();

    private static void CheckShare(double value, string name)
    {
        if (!(value >= 0 && value < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "Expected a number from 0 to below 1: it is the weight of the past.");
        }
    }

    /// <summary>
    /// Stochastic gradient descent: v &lt;- momentum v + g (the first v is g), p &lt;- p - lr v; with Nesterov's look-ahead p &lt;- p - lr (g +
    /// momentum v). Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning" (2013).
    /// </summary>
    public sealed record Sgd : NetworkOptimizer
    {
        /// <summary>The weight of the past steps, from 0 to below 1.</summary>
        /// <value>Default: 0, plain gradient descent.</value>
        public double Momentum { get; init; }

        /// <summary>Whether to look ahead; needs a momentum.</summary>
        /// <value>Default: <see langword="false"/>.</value>
        public bool Nesterov { get; init; }

        internal override void Validate()
        {
            CheckShare(Momentum, nameof(Momentum));
            if (Nesterov && Momentum == 0)
            {
                throw new ArgumentException("Nesterov's look-ahead needs a momentum above 0: set Momentum, 0.9 for instance.", nameof(Nesterov));
            }
        }
    }

    /// <summary>
    /// m &lt;- beta1 m + (1 - beta1) g, v &lt;- beta2 v + (1 - beta2) g^2, p &lt;- p - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
    /// at step t = 1, 2, ... Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.
    /// </summary>
    public record Adam : NetworkOptimizer
    {
        /// <summary>The weight of the past in the mean of the gradients, from 0 to below 1.</summary>
        /// <value>Default: 0.9.</value>
        public double Beta1 { get; init; } = 0.9;

        /// <summary>The weight of the past in the mean of their squares, from 0 to below 1.</summary>
        /// <value>Default: 0.999.</value>
        public double Beta2 { get; init; } = 0.999;

        /// <summary>Keeps the division defined where gradients vanish; positive.</summary>
        /// <value>Default: 1e-8.</value>
        public double Epsilon { get; init; } = 1e-8;

        internal override void Validate()
        {
            CheckShare(Beta1, nameof(Beta1));
            CheckShare(Beta2, nameof(Beta2));
            if (!(Epsilon > 0 && double.IsFinite(Epsilon)))
            {
                throw new ArgumentOutOfRangeException(nameof(Epsilon), Epsilon, "Expected a positive number.");
            }
        }
    }

    /// <summary>Adam with the weight decay apart from the gradient. Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 2.</summary>
    public sealed record AdamW : Adam;
}
