using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>One step of an optimizer on arrays of parameters. The formulas stand with <see cref="NetworkOptimizer"/>'s records.</summary>
internal abstract class OptimizerStep
{
    /// <summary>Steps taken, this one included.</summary>
    public long StepNumber { get; private set; }

    /// <summary>The learning rate of this step.</summary>
    protected double LearningRate { get; private set; }

    public static OptimizerStep Of(NetworkOptimizer optimizer) => optimizer switch
    {
        NetworkOptimizer.Sgd sgd => new SgdStep(sgd),
        NetworkOptimizer.AdamW adam => new AdamStep(adam, decoupled: true),
        NetworkOptimizer.Adam adam => new AdamStep(adam, decoupled: false),
        _ => throw new ArgumentException($"Expected one of the optimizers of NetworkOptimizer; found {optimizer.GetType().Name}.", nameof(optimizer)),
    };

    /// <summary>To be called once before the arrays of a step.</summary>
    public void Begin(double learningRate)
    {
        LearningRate = learningRate;
        StepNumber++;
    }

    /// <summary>Goes on after so many steps.</summary>
    public void GoOnAfter(long stepCount) => StepNumber = stepCount;

    /// <summary>Moves an array of parameters.</summary>
    /// <param name="parameters">What is moved.</param>
    /// <param name="gradient">As long.</param>
    /// <param name="gradientScale">What the gradient is multiplied by first: clipping.</param>
    /// <param name="weightDecay">The strength of L2.</param>
    /// <param name="memory">The same for the same array in every step.</param>
    public abstract void Apply<T>(Span<T> parameters, ReadOnlySpan<T> gradient, double gradientScale, double weightDecay, ParameterMemory<T> memory)
        where T : unmanaged, IFloatingPointIeee754<T>;

    private sealed class SgdStep(NetworkOptimizer.Sgd options) : OptimizerStep
    {
        public override void Apply<T>(Span<T> parameters, ReadOnlySpan<T> gradient, double gradientScale, double weightDecay, ParameterMemory<T> memory)
        {
            var (rate, scale, decay) = (T.CreateTruncating(LearningRate), T.CreateTruncating(gradientScale), T.CreateTruncating(weightDecay));
            var momentum = T.CreateTruncating(options.Momentum);
            Span<T> velocity = memory.First;
            int i = 0;
            for (; i <= parameters.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                Span<T> part = parameters.Slice(i, Vector<T>.Count);
                var p = new Vector<T>(part);
                Vector<T> step = (new Vector<T>(gradient[i..]) * scale) + (p * decay);
                if (options.Momentum != 0)
                {
                    Vector<T> v = (new Vector<T>(velocity[i..]) * momentum) + step;
                    v.CopyTo(velocity[i..]);
                    step = options.Nesterov ? step + (v * momentum) : v;
                }

                (p - (step * rate)).CopyTo(part);
            }

            for (; i < parameters.Length; i++)
            {
                T step = (gradient[i] * scale) + (parameters[i] * decay);
                if (options.Momentum != 0)
                {
                    velocity[i] = (velocity[i] * momentum) + step;
                    step = options.Nesterov ? step + (velocity[i] * momentum) : velocity[i];
                }

                parameters[i] -= step * rate;
            }
        }
    }

    private sealed class AdamStep(NetworkOptimizer.Adam options, bool decoupled) : OptimizerStep
    {
        public override void Apply<T>(Span<T> parameters, ReadOnlySpan<T> gradient, double gradientScale, double weightDecay, ParameterMemory<T> memory)
        {
            var scale = T.CreateTruncating(gradientScale);
            var decay = T.CreateTruncating(decoupled ? 0 : weightDecay);
            var kept = T.CreateTruncating(decoupled ? 1 - (LearningRate * weightDecay) : 1);
            var (beta1, beta2) = (T.CreateTruncating(options.Beta1), T.CreateTruncating(options.Beta2));
            var (rest1, rest2) = (T.CreateTruncating(1 - options.Beta1), T.CreateTruncating(1 - options.Beta2));
            var rate = T.CreateTruncating(LearningRate / (1 - Math.Pow(options.Beta1, StepNumber)));
            var correction = T.CreateTruncating(1 / Math.Sqrt(1 - Math.Pow(options.Beta2, StepNumber)));
            var epsilon = T.CreateTruncating(options.Epsilon);
            Span<T> mean = memory.First;
            Span<T> square = memory.Second;
            int i = 0;
            for (; i <= parameters.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                Span<T> part = parameters.Slice(i, Vector<T>.Count);
                Vector<T> p = new Vector<T>(part) * kept;
                Vector<T> g = (new Vector<T>(gradient[i..]) * scale) + (p * decay);
                Vector<T> m = (new Vector<T>(mean[i..]) * beta1) + (g * rest1);
                Vector<T> v = (new Vector<T>(square[i..]) * beta2) + (g * g * rest2);
                m.CopyTo(mean[i..]);
                v.CopyTo(square[i..]);
                (p - (m * rate / ((Vector.SquareRoot(v) * correction) + new Vector<T>(epsilon)))).CopyTo(part);
            }

            for (; i < parameters.Length; i++)
            {
                T p = parameters[i] * kept;
                T g = (gradient[i] * scale) + (p * decay);
                mean[i] = (mean[i] * beta1) + (g * rest1);
                square[i] = (square[i] * beta2) + (g * g * rest2);
                parameters[i] = p - (mean[i] * rate / ((T.Sqrt(square[i]) * correction) + epsilon));
            }
        }
    }
}
