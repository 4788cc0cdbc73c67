using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>
/// Fits a <see cref="MinMaxScalingTransformer"/>: each feature's smallest value is mapped to a given minimum, 0, and its largest to a
/// given maximum, 1: y = (x - smallest) / (largest - smallest) * (maximum - minimum) + minimum.
/// </summary>
/// <remarks>
/// <para>
/// <b>Estimator characteristics</b>
/// <list type="table">
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>Yes; one pass, for all columns together. No, where the range of the data is given.</description></item>
/// <item><term>Input column data type</term><description>Single or Double, or a known-size vector of those; dense or sparse</description></item>
/// <item><term>Output column data type</term><description>The type of the input column; slot names are kept, IsNormalized is set</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MLNet.BatchNorm</description></item>
/// </list>
/// </para>
/// <para>
/// Unlike ML.NET's NormalizeMinMax with its default fixZero, which divides by the largest absolute value, this one subtracts the smallest
/// value, so that the whole of the target range is used. Relative distances are kept.
/// </para>
/// <para>
/// Missing values (NaN) are left out of the range of their feature and stay NaN in the output. An infinite value is an error, or left
/// out and counted: <see cref="ScalingOptions.Infinity"/>. A constant feature is mapped to the target minimum, as if its range were 1.
/// Data without rows, or a feature without a single value, are an error. Values outside of the range of the fit land outside of the
/// target range, or on its end: <see cref="MinMaxScalingOptions.Clip"/>.
/// </para>
/// <para>Sparse vectors stay sparse where zero is mapped to zero. An estimator can be used from many threads.</para>
/// </remarks>
/// <example>
/// <code>
/// var mlContext = new MLContext();
/// var images = mlContext.Data.LoadFromEnumerable(new[] { new Image { Pixels = [0, 51, 255] }, new Image { Pixels = [102, 204, 153] } });
/// // The range of pixels is known: nothing to fit.
/// var pipeline = mlContext.Transforms.ScaleMinMax("Pixels", options: new MinMaxScalingOptions { DataMinimum = 0, DataMaximum = 255 });
/// var scaled = pipeline.Fit(images).Transform(images);          // 0, 0.2, 1 and 0.4, 0.8, 0.6
///
/// class Image { [VectorType(3)] public float[] Pixels { get; set; } = []; }
/// </code>
/// </example>
public sealed class MinMaxScalingEstimator : IEstimator<MinMaxScalingTransformer>
{
    private readonly TransformsCatalog _catalog;
    private readonly ImmutableArray<InputOutputColumnPair> _columns;
    private readonly MinMaxScalingOptions _options;

    internal MinMaxScalingEstimator(TransformsCatalog catalog, InputOutputColumnPair[] columns, MinMaxScalingOptions? options)
    {
        _catalog = catalog;
        _columns = ColumnPairs.Check(columns);
        _options = options ?? new MinMaxScalingOptions();
        _options.Validate();
    }

    /// <summary>Reads the data once, unless their range is given by the options, and returns the transformer.</summary>
    /// <param name="input">The data to find the smallest and largest values of.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that cannot be scaled.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are no rows, or a feature has no value; a value is infinite and the options do not leave those out; a range is beyond the
    /// range of double.
    /// </exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public MinMaxScalingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var host = HostEnvironment.Of(_catalog);
        if (_options.HasFixedDataRange)
        {
            return new MinMaxScalingTransformer(host, _options, ColumnFit.Unfitted(input.Schema, _columns, _options, nameof(input)));
        }
        var fitted = ColumnFit.Fit(input, _columns, _options, weightColumnName: null, nameof(input));
        var transformer = new MinMaxScalingTransformer(host, _options, fitted);
        FitLog.Write(host, "MinMaxScaling", fitted, transformer.Report.Warnings);
        return transformer;
    }

    /// <summary>The schema shape of the output: the output columns have the shape of their inputs, and are normalized.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that cannot be scaled.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return ColumnPairs.GetOutputSchema(_catalog, _columns, inputSchema, weightColumnName: null);
    }
}
