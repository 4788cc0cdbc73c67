using System.Numerics;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

// The squares of doubles below 1e-154 are 0, and their deviation is not. Where a feature has no larger values, its deviation is that of its
// values times 2^600, which are measured beside the others. Where there is none, nothing is.
public sealed partial class FeatureMoments
{
    private static readonly double LargestSmall = Math.ScaleB(1, -400);
    private static readonly double Magnification = Math.ScaleB(1, 600);

    private FeatureMoments? _magnified;
    private bool _isMagnified;
    private bool _noneIsSmall;

    /// <summary>The moments, magnified, of a feature that consists of small values, or null.</summary>
    private WeightedMoments? MagnifiedTotal(int feature) => HoldsSmall(feature) ? _magnified!.Total(feature) : null;

    private bool HoldsSmall(int feature) => _magnified is not null && IsSmall(_sums.MinimumOf(feature), _sums.MaximumOf(feature));

    private static bool IsSmall(double minimum, double maximum) => Math.Max(-minimum, maximum) is > 0 and var largest && largest < LargestSmall;

    /// <summary>Measures rows of a tile, that these moments have taken in, also magnified.</summary>
    private void AddMagnified<T>(ReadOnlySpan<T> rows, int rowCount, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (NeedsMagnified<T>())
        {
            TakeMagnified(Magnify(rows[..(rowCount * FeatureCount)]), rowCount, weights);
        }
    }

    /// <summary>The same for rows that each stand in an array of their own.</summary>
    private void AddMagnified<T>(ReadOnlySpan<T[]> rows, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (NeedsMagnified<T>())
        {
            var magnified = new List<double>();
            foreach (T[] row in rows)
            {
                magnified.AddRange(Magnify<T>(row));
            }

            TakeMagnified([.. magnified], rows.Length, weights);
        }
    }

    private void TakeMagnified(double[] magnified, int rowCount, ReadOnlySpan<double> weights)
    {
        bool isNew = _magnified is null;
        _magnified ??= Magnified();
        _magnified.AddRows<double>(magnified, rowCount, weights);
        if (isNew)
        {
            _magnified.AddZerosOf(this);
        }
    }

    private bool NeedsMagnified<T>() => !_isMagnified && (_magnified is not null || (typeof(T) == typeof(double) && HasSmall()));

    private static double[] Magnify<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var magnified = new double[values.Length];
        for (int i = 0; i < magnified.Length; i++)
        {
            magnified[i] = RowLoad.Widen(values[i]) * Magnification;
        }

        return magnified;
    }

    /// <summary>The same for a sparse row.</summary>
    private void AddMagnifiedSparse<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> indices, double weight)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool isNew = _magnified is null;
        if (_isMagnified || (isNew && !(typeof(T) == typeof(double) && AnySmall(values))))
        {
            return;
        }

        _magnified ??= Magnified();
        _magnified.AddSparse<double>(Magnify(values), indices, weight);
        if (isNew)
        {
            _magnified.AddZerosOf(this);
        }
    }

    private static bool AnySmall<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (T value in values)
        {
            double x = RowLoad.Widen(value);
            if (x != 0 && Math.Abs(x) < LargestSmall)
            {
                return true;
            }
        }

        return false;
    }

    private void MergeMagnified(FeatureMoments other)
    {
        if (_magnified is null && other._magnified is null)
        {
            return;
        }

        var magnified = _magnified ?? Magnified(this);
        magnified.Merge(other._magnified ?? Magnified(other));
        _magnified = magnified;
    }

    private FeatureMoments Magnified() => new(FeatureCount) { _isMagnified = true };

    /// <summary>Of moments that have no small value, all that is small in them, zeros, magnified. Their large values count as such: nobody asks.</summary>
    private static FeatureMoments Magnified(FeatureMoments moments)
    {
        var magnified = moments.Magnified();
        magnified.AddZerosOf(moments);
        return magnified;
    }

    /// <summary>Adds as many zeros as values are missing here of those there: the values before the first small one.</summary>
    private void AddZerosOf(FeatureMoments moments)
    {
        _sums.FoldAll();
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            WeightedMoments all = moments.Total(feature);
            WeightedMoments some = Total(feature);
            _sums.AddZeros(feature, WeightedMoments.Zeros(Math.Max(0, all.Count - some.Count), Math.Max(0, all.Weight - some.Weight)));
        }
    }

    /// <summary>Per feature that consists of small values, its squared deviations, magnified; 0 for others. None where no feature does.</summary>
    private double[] MagnifiedDeviations()
    {
        double[] deviations = [.. Enumerable.Range(0, FeatureCount).Select(feature => MagnifiedTotal(feature)?.SquaredDeviations ?? 0)];
        return Array.TrueForAll(deviations, value => value == 0) ? [] : deviations;
    }

    /// <summary>Takes the features of restored moments that consist of small values up again.</summary>
    /// <param name="magnifiedDeviations">Of <see cref="MagnifiedDeviations"/>; where there are none, what the squares hold must do.</param>
    private void RestoreMagnified(double[] magnifiedDeviations)
    {
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            if (IsSmall(_sums.MinimumOf(feature), _sums.MaximumOf(feature)))
            {
                _magnified ??= Magnified(this);
                WeightedMoments total = Total(feature);
                double deviations = magnifiedDeviations.Length > 0 ? magnifiedDeviations[feature] : total.SquaredDeviations * Magnification * Magnification;
                _magnified._sums.Folded[feature] = new WeightedMoments(
                    total.Count, total.Weight, total.Origin * Magnification, total.Offset * Magnification, deviations);
            }
        }
    }

    private bool HasSmall()
    {
        if (_noneIsSmall)
        {
            return false;
        }

        Vector256<double> threshold = Vector256.Create(LargestSmall);
        Vector256<double> undecided = Vector256<double>.Zero;
        for (int slot = 0; slot < _sums.LineLength; slot += Vector256<double>.Count)
        {
            Vector256<double> largest = Vector256.MaxNative(
                -Vector256.LoadUnsafe(ref _sums.Minimum[0], (nuint)slot), Vector256.LoadUnsafe(ref _sums.Maximum[0], (nuint)slot));
            Vector256<double> below = Vector256.LessThan(largest, threshold);
            undecided |= below;
            if (Vector256.GreaterThanAny(largest & below, Vector256<double>.Zero))
            {
                return true;
            }
        }

        // Once all features have a large value, none will be small again.
        _noneIsSmall = undecided == Vector256<double>.Zero;
        return false;
    }
}
