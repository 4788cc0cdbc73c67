using System.Numerics.Tensors;

namespace MLNet.BatchNorm;

/// <summary>
/// A dense layer: y = x W + b, with W kept as [inputs, outputs], so that two of its three products read it as it lies.
/// </summary>
/// <remarks>
/// Backward: dL/dW = transpose(x) g; dL/db = sum of g over the rows; dL/dx = g transpose(W). g is the gradient of the loss of the whole
/// batch. Not thread safe.
/// </remarks>
internal sealed class DenseLayer
{
    private readonly MatrixProduct _product;
    private readonly float[] _transposed;

    public DenseLayer(int inputCount, int outputCount, MatrixProduct product)
    {
        (InputCount, OutputCount, _product) = (inputCount, outputCount, product);
        Weights = new float[inputCount * outputCount];
        Bias = new float[outputCount];
        WeightGradient = new float[Weights.Length];
        BiasGradient = new float[outputCount];
        _transposed = new float[Weights.Length];
    }

    public int InputCount { get; }

    public int OutputCount { get; }

    /// <summary>[inputs, outputs].</summary>
    public float[] Weights { get; }

    public float[] Bias { get; }

    public float[] WeightGradient { get; }

    public float[] BiasGradient { get; }

    /// <summary>output [rows, outputs] = input [rows, inputs] W + b.</summary>
    public void Forward(ReadOnlySpan<float> input, Span<float> output, int rowCount) =>
        _product.Multiply(input, Weights, output, rowCount, InputCount, OutputCount, Bias);

    /// <summary>Sets the gradients, and that of the input where it is asked for (a non-empty span).</summary>
    public void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rowCount)
    {
        _product.MultiplyTransposed(input, outputGradient, WeightGradient, InputCount, rowCount, OutputCount);
        Span<float> biasGradient = BiasGradient;
        outputGradient[..OutputCount].CopyTo(biasGradient);
        for (int row = 1; row < rowCount; row++)
        {
            TensorPrimitives.Add(biasGradient, outputGradient.Slice(row * OutputCount, OutputCount), biasGradient);
        }

        if (!inputGradient.IsEmpty)
        {
            Transposition.Copy(Weights, _transposed, InputCount, OutputCount);
            _product.Multiply(outputGradient, _transposed, inputGradient, rowCount, OutputCount, InputCount);
        }
    }
}
