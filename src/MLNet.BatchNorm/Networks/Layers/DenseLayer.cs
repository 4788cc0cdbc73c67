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

    // Made when it is first needed: the first layer, which may have very many inputs, passes no gradient on.
    private float[] _transposed = [];

    public DenseLayer(int inputCount, int outputCount, MatrixProduct product)
    {
        (InputCount, OutputCount, _product) = (inputCount, outputCount, product);
        Weights = new float[inputCount * outputCount];
        Bias = new float[outputCount];
        WeightGradient = new float[Weights.Length];
        BiasGradient = new float[outputCount];
    }

    public int InputCount { get; }

    public int OutputCount { get; }

    /// <summary>[inputs, outputs].</summary>
    public float[] Weights { get; }

    public float[] Bias { get; }

    public float[] WeightGradient { get; }

    public float[] BiasGradient { get; }

    /// <summary>output [rows, outputs] = input [rows, inputs] W + b.</summary>
    public void Forward(LayerInput input, Span<float> output, int rowCount)
    {
        if (input.Sparse is null)
        {
            _product.Multiply(input.Dense, Weights, output, rowCount, InputCount, OutputCount, Bias);
        }
        else
        {
            SparseProduct.Multiply(input, Weights, Bias, output, rowCount);
        }
    }

    /// <summary>Sets the gradients, and that of the input where it is asked for (a non-empty span).</summary>
    public void Backward(LayerInput input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rowCount)
    {
        if (input.Sparse is null)
        {
            _product.MultiplyTransposed(input.Dense, outputGradient, WeightGradient, InputCount, rowCount, OutputCount);
        }
        else
        {
            SparseProduct.MultiplyTransposed(input, outputGradient, WeightGradient, rowCount, OutputCount);
        }

        Span<float> biasGradient = BiasGradient;
        outputGradient[..OutputCount].CopyTo(biasGradient);
        for (int row = 1; row < rowCount; row++)
        {
            TensorPrimitives.Add(biasGradient, outputGradient.Slice(row * OutputCount, OutputCount), biasGradient);
        }

        if (!inputGradient.IsEmpty)
        {
            if (_transposed.Length == 0)
            {
                _transposed = new float[Weights.Length];
            }

            Transposition.Copy(Weights, _transposed, InputCount, OutputCount);
            _product.Multiply(outputGradient, _transposed, inputGradient, rowCount, OutputCount, InputCount);
        }
    }
}
