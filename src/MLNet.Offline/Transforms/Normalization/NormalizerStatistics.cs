using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Per slot, what a normalizer must know of the data to scale them.</summary>
internal abstract class NormalizerStatistics<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Takes in one row. Slots that a sparse row does not give are zero.</summary>
    public void Add(in VBuffer<T> row)
    {
        RowCount++;
        var values = row.GetValues();
        if (row.IsDense)
        {
            for (var i = 0; i < values.Length; i++)
            {
                Add(i, values[i]);
            }
            return;
        }
        var indices = row.GetIndices();
        for (var i = 0; i < values.Length; i++)
        {
            Add(indices[i], values[i]);
        }
    }

    /// <summary>The scale and offset of each slot; no offsets where zero is to stay zero.</summary>
    public abstract AffineParameters<T> ToAffine(bool fixZero);

    protected long RowCount { get; private set; }

    protected abstract void Add(int slot, T value);

    /// <summary>Leaves out offsets that are all zero, as the stock format requires.</summary>
    protected static AffineParameters<T> Simplify(T[] scale, T[] offset) => new(scale, Array.TrueForAll(offset, T.IsZero) ? null : offset);
}

/// <summary>y = (x - offset) * scale per slot. Offset null: all zero.</summary>
internal sealed record AffineParameters<T>(T[] Scale, T[]? Offset);

/// <summary>Minimum and maximum; NaN is passed over, infinity is not.</summary>
internal sealed class MinMaxStatistics<T> : NormalizerStatistics<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _minimum;
    private readonly T[] _maximum;
    private readonly long[] _counts;

    public MinMaxStatistics(int size)
    {
        _minimum = new T[size];
        _maximum = new T[size];
        _counts = new long[size];
        Array.Fill(_minimum, T.PositiveInfinity);
        Array.Fill(_maximum, T.NegativeInfinity);
    }

    public override AffineParameters<T> ToAffine(bool fixZero)
    {
        var scale = new T[_minimum.Length];
        var offset = new T[_minimum.Length];
        for (var i = 0; i < scale.Length; i++)
        {
            if (_counts[i] < RowCount)
            {
                Extend(i, T.Zero);
            }
            // A constant slot, and one without any value, gets scale zero.
            if (_maximum[i] > _minimum[i])
            {
                scale[i] = T.One / (fixZero ? T.Max(T.Abs(_maximum[i]), T.Abs(_minimum[i])) : _maximum[i] - _minimum[i]);
                offset[i] = fixZero || T.IsZero(scale[i]) ? T.Zero : _minimum[i];
            }
        }
        return Simplify(scale, offset);
    }

    protected override void Add(int slot, T value)
    {
        _counts[slot]++;
        Extend(slot, value);
    }

    private void Extend(int slot, T value)
    {
        if (_maximum[slot] < value)
        {
            _maximum[slot] = value;
        }
        if (_minimum[slot] > value)
        {
            _minimum[slot] = value;
        }
    }
}

/// <summary>
/// Mean and population variance by Welford's update over the values that are not zero, corrected for the zeros at the end
/// (Chan, Golub and LeVeque). NaN and infinity are passed over.
/// </summary>
internal sealed class MeanVarianceStatistics<T> : NormalizerStatistics<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _mean;
    private readonly double[] _squaredDeviations;
    private readonly long[] _counts;
    private readonly long[] _passedOver;

    public MeanVarianceStatistics(int size)
    {
        _mean = new double[size];
        _squaredDeviations = new double[size];
        _counts = new long[size];
        _passedOver = new long[size];
    }

    public override AffineParameters<T> ToAffine(bool fixZero)
    {
        var scale = new T[_mean.Length];
        var offset = new T[_mean.Length];
        for (var i = 0; i < scale.Length; i++)
        {
            var (mean, variance) = Finish(i);
            // A constant slot gets scale zero.
            if (variance > 0)
            {
                scale[i] = T.One / T.CreateTruncating(Math.Sqrt(fixZero ? variance + (mean * mean) : variance));
                offset[i] = fixZero || T.IsZero(scale[i]) ? T.Zero : T.CreateTruncating(mean);
            }
        }
        return Simplify(scale, offset);
    }

    protected override void Add(int slot, T value)
    {
        if (T.IsZero(value))
        {
            return;
        }
        if (!T.IsFinite(value))
        {
            _passedOver[slot]++;
            return;
        }
        var wide = double.CreateTruncating(value);
        var delta = wide - _mean[slot];
        _mean[slot] += delta / ++_counts[slot];
        _squaredDeviations[slot] += delta * (wide - _mean[slot]);
    }

    private (double Mean, double Variance) Finish(int slot)
    {
        var mean = _mean[slot];
        var squaredDeviations = _squaredDeviations[slot];
        var count = RowCount - _passedOver[slot];
        var zeros = count - _counts[slot];
        if (zeros > 0)
        {
            var delta = -mean;
            mean += delta * zeros / count;
            squaredDeviations += delta * -mean * zeros;
        }
        return (mean, squaredDeviations == 0 ? 0 : squaredDeviations / count);
    }
}
