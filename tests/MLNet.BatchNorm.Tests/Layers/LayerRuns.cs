using System.Numerics;

namespace MLNet.BatchNorm.Tests.Layers;

/// <summary>Layers on arrays.</summary>
internal static class LayerRuns
{
    public static T[] Forward<T>(this NormalizationLayer layer, T[] input, bool training = true)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var output = new T[input.Length];
        layer.Forward<T>(input, output, input.Length / layer.RowLength, training);
        return output;
    }

    public static T[] Backward<T>(this NormalizationLayer layer, T[] input, T[] outputGradient)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var inputGradient = new T[input.Length];
        layer.Backward<T>(input, outputGradient, inputGradient, input.Length / layer.RowLength);
        return inputGradient;
    }

    public static double[] ToDouble<T>(this T[] values)
        where T : INumberBase<T> => [.. values.Select(double.CreateChecked)];
}
