using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// y = (x - center) * scale + shift per feature, then optionally clipped to a range: what standardization, min-max scaling and batch
/// normalization at inference all come down to. Immutable and thread safe.
/// </summary>
/// <remarks>
/// In single precision the center is split, center = high + low, and y = ((x - high) - low) * scale + shift: x - high is exact where x
/// is near the center, so the result is nearly that of double precision at the speed of single. NaN gives NaN, clipped or not. A scale of
/// 0 gives the shift for every finite x, and NaN for infinity, as 0 times infinity is. Where a map has ends to hit exactly, it is the scale
/// that is split instead (<see cref="MapEnd"/>); and parameters near the ends of the type's range take a slower path (<see cref="WideMap{T}"/>).
/// </remarks>
internal sealed partial class AffineMap
{
    private readonly double[] _center;
    private readonly double[] _scale;
    private readonly double[] _shift;
    private readonly MapEnd[] _ends;
    private AffineParameters<float>? _single;
    private AffineParameters<double>? _double;

    /// <param name="center">What is subtracted, [features]; finite.</param>
    /// <param name="scale">What is multiplied by, [features]; finite.</param>
    /// <param name="shift">What is added, [features]; finite. Empty for zeros.</param>
    /// <param name="clipMinimum">Results are raised to this; negative infinity for no limit.</param>
    /// <param name="clipMaximum">Results are lowered to this; infinity for no limit.</param>
    /// <param name="ends">
    /// A value per feature and the result that it must have to the last digit, [features]; empty for none. Centers, shifts and these are
    /// numbers of the type of the data, and scale is (output - shift) / (input - center), rounded.
    /// </param>
    /// <exception cref="ArgumentException">Lengths differ or are 0, a parameter is not finite, or the clip range is empty.</exception>
    public AffineMap(
        ReadOnlySpan<double> center,
        ReadOnlySpan<double> scale,
        ReadOnlySpan<double> shift = default,
        double clipMinimum = double.NegativeInfinity,
        double clipMaximum = double.PositiveInfinity,
        ReadOnlySpan<MapEnd> ends = default)
    {
        if (center.IsEmpty || scale.Length != center.Length || (!shift.IsEmpty && shift.Length != center.Length))
        {
            throw new ArgumentException(
                $"Expected center, scale and shift of one length, at least 1, and found {center.Length}, {scale.Length} and {shift.Length}.");
        }

        if (!ends.IsEmpty && ends.Length != center.Length)
        {
            throw new ArgumentException($"Expected an end for each of {center.Length} feature(s), and found {ends.Length}.", nameof(ends));
        }

        if (!(clipMinimum <= clipMaximum))
        {
            throw new ArgumentException($"Expected a clip range with minimum <= maximum, and found [{clipMinimum}, {clipMaximum}].");
        }

        _center = center.ToArray();
        _scale = scale.ToArray();
        _shift = shift.IsEmpty ? new double[center.Length] : shift.ToArray();
        _ends = ends.ToArray();
        CheckFinite(_center, nameof(center));
        CheckFinite(_scale, nameof(scale));
        CheckFinite(_shift, nameof(shift));
        ClipMinimum = clipMinimum;
        ClipMaximum = clipMaximum;
        PreservesZero = clipMinimum <= 0 && clipMaximum >= 0 && _center.AsSpan().IndexOfAnyExcept(0) < 0
            && _shift.AsSpan().IndexOfAnyExcept(0) < 0;
    }

    public int FeatureCount => _center.Length;

    public ReadOnlySpan<double> Center => _center;

    public ReadOnlySpan<double> Scale => _scale;

    public ReadOnlySpan<double> Shift => _shift;

    /// <summary>What the map hits exactly besides center and shift, per feature; empty for nothing.</summary>
    public ReadOnlySpan<MapEnd> Ends => _ends;

    public double ClipMinimum { get; }

    public double ClipMaximum { get; }

    /// <summary>Whether zero is mapped to zero in every feature, so that sparse rows stay sparse: no center, no shift, 0 not clipped away.</summary>
    public bool PreservesZero { get; }

    /// <summary>Whether results are limited to a range.</summary>
    public bool Clips => ClipMinimum > double.NegativeInfinity || ClipMaximum < double.PositiveInfinity;

    /// <summary>Maps whole rows.</summary>
    /// <param name="source">[rows, features], row-major.</param>
    /// <param name="destination">As long as <paramref name="source"/>; may be the same memory, but may not overlap it in part.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or the spans overlap in part.</exception>
    /// <exception cref="InvalidOperationException">T is float, and a parameter exceeds its range.</exception>
    public void Apply<T>(ReadOnlySpan<T> source, Span<T> destination, int rowCount)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.Length != (long)rowCount * FeatureCount || destination.Length != source.Length)
        {
            throw new ArgumentException(
                $"Expected {rowCount} row(s) of {FeatureCount} feature(s) in source and destination, and found {source.Length} and {destination.Length} values.");
        }

        if (source.Overlaps(destination, out int offset) && offset != 0)
        {
            throw new ArgumentException("Source and destination may be the same memory or apart, but not overlap in part.");
        }

        AffineKernels.Apply(Parameters<T>(), source, destination);
    }

    /// <summary>Maps the given values of a sparse row; for maps that keep zero at zero.</summary>
    /// <param name="values">The values that are given.</param>
    /// <param name="indices">Their features.</param>
    /// <param name="destination">Receives their results; may be <paramref name="values"/> itself.</param>
    /// <exception cref="InvalidOperationException">The map moves zero: <see cref="PreservesZero"/> is false.</exception>
    public void ApplySparse<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> indices, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!PreservesZero)
        {
            throw new InvalidOperationException("This map moves zero, so that a sparse row does not stay sparse: make the row dense first.");
        }

        if (indices.Length != values.Length || destination.Length != values.Length)
        {
            throw new ArgumentException(
                $"Expected as many indices and destinations as values, {values.Length}, and found {indices.Length} and {destination.Length}.");
        }

        AffineParameters<T> parameters = Parameters<T>();
        for (int i = 0; i < values.Length; i++)
        {
            destination[i] = AffineKernels.ApplyOne(parameters, indices[i], values[i]);
        }
    }

    /// <summary>Maps one value, with the very result that <see cref="Apply"/> gives.</summary>
    public T ApplyOne<T>(int feature, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(feature);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(feature, FeatureCount);
        return AffineKernels.ApplyOne(Parameters<T>(), feature, value);
    }

    /// <summary>The parameters in the precision of the data.</summary>
    /// <exception cref="InvalidOperationException">T is float, and a parameter exceeds its range.</exception>
    internal AffineParameters<T> Parameters<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            return (AffineParameters<T>)(object)(_single ??= new AffineParameters<float>(this));
        }

        if (typeof(T) == typeof(double))
        {
            return (AffineParameters<T>)(object)(_double ??= new AffineParameters<double>(this));
        }

        throw new NotSupportedException($"Expected values of type Single or Double, and found {typeof(T).Name}.");
    }

    private static void CheckFinite(ReadOnlySpan<double> values, string name)
    {
        for (int feature = 0; feature < values.Length; feature++)
        {
            if (!double.IsFinite(values[feature]))
            {
                throw new ArgumentException($"Expected a finite {name} for each feature, and found {values[feature]} for feature {feature}.", name);
            }
        }
    }
}
