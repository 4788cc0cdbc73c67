using System.Numerics;
using System.Numerics.Tensors;

namespace MLNet.BatchNorm;

/// <summary>Activation functions over a batch, and their gradients from the outputs.</summary>
internal static class ActivationKernels
{
    /// <summary>The slope of <see cref="ActivationFunction.LeakyReLU"/> below 0.</summary>
    public const float LeakySlope = 0.01f;

    /// <summary>output = f(input), number by number; may be in place. NaN stays NaN.</summary>
    public static void Forward(ActivationFunction activation, ReadOnlySpan<float> input, Span<float> output)
    {
        switch (activation)
        {
            case ActivationFunction.ReLU:
                TensorPrimitives.Max(input, 0f, output);
                break;
            case ActivationFunction.LeakyReLU:
                LeakyReLU(input, output);
                break;
            case ActivationFunction.Tanh:
                TensorPrimitives.Tanh(input, output);
                break;
            case ActivationFunction.Sigmoid:
                TensorPrimitives.Sigmoid(input, output);
                break;
            default:
                throw Unknown(activation);
        }
    }

    /// <summary>
    /// gradient *= f'(x), where f' is computed from the output y = f(x): 1 or 0; 1 or the slope; 1 - y^2; y (1 - y).
    /// </summary>
    public static void Backward(ActivationFunction activation, ReadOnlySpan<float> output, Span<float> gradient)
    {
        switch (activation)
        {
            case ActivationFunction.ReLU:
                Multiply<ReLUSlope>(output, gradient);
                break;
            case ActivationFunction.LeakyReLU:
                Multiply<LeakyReLUSlope>(output, gradient);
                break;
            case ActivationFunction.Tanh:
                Multiply<TanhSlope>(output, gradient);
                break;
            case ActivationFunction.Sigmoid:
                Multiply<SigmoidSlope>(output, gradient);
                break;
            default:
                throw Unknown(activation);
        }
    }

    // The larger of x and slope * x, as the slope is below 1.
    private static void LeakyReLU(ReadOnlySpan<float> input, Span<float> output)
    {
        int lanes = Vector<float>.Count;
        int i = 0;
        for (; i <= input.Length - lanes; i += lanes)
        {
            var x = new Vector<float>(input.Slice(i, lanes));
            Vector.Max(x, x * LeakySlope).CopyTo(output.Slice(i, lanes));
        }

        for (; i < input.Length; i++)
        {
            output[i] = Math.Max(input[i], input[i] * LeakySlope);
        }
    }

    private static void Multiply<TSlope>(ReadOnlySpan<float> output, Span<float> gradient)
        where TSlope : ISlope
    {
        int lanes = Vector<float>.Count;
        int i = 0;
        for (; i <= gradient.Length - lanes; i += lanes)
        {
            Span<float> part = gradient.Slice(i, lanes);
            TSlope.Multiply(new Vector<float>(output.Slice(i, lanes)), new Vector<float>(part)).CopyTo(part);
        }

        for (; i < gradient.Length; i++)
        {
            gradient[i] = TSlope.Multiply(new Vector<float>(output[i]), new Vector<float>(gradient[i]))[0];
        }
    }

    private static ArgumentOutOfRangeException Unknown(ActivationFunction activation) =>
        new(nameof(activation), activation, "There is no such activation.");

    private interface ISlope
    {
        static abstract Vector<float> Multiply(Vector<float> output, Vector<float> gradient);
    }

    private readonly struct ReLUSlope : ISlope
    {
        public static Vector<float> Multiply(Vector<float> output, Vector<float> gradient) =>
            Vector.ConditionalSelect(Vector.GreaterThan(output, Vector<float>.Zero), gradient, Vector<float>.Zero);
    }

    private readonly struct LeakyReLUSlope : ISlope
    {
        public static Vector<float> Multiply(Vector<float> output, Vector<float> gradient) =>
            Vector.ConditionalSelect(Vector.GreaterThan(output, Vector<float>.Zero), gradient, gradient * LeakySlope);
    }

    private readonly struct TanhSlope : ISlope
    {
        public static Vector<float> Multiply(Vector<float> output, Vector<float> gradient) => gradient * (Vector<float>.One - (output * output));
    }

    private readonly struct SigmoidSlope : ISlope
    {
        public static Vector<float> Multiply(Vector<float> output, Vector<float> gradient) => gradient * (output * (Vector<float>.One - output));
    }
}
