using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// <see cref="WeightedMoments"/> of many features, as a column per number: what is done to all features alike is done four at a time, to
/// the very bits that one at a time gives. Padded to whole vectors; the padding is never read back.
/// </summary>
internal sealed class MomentTable
{
    public MomentTable(int featureCount)
    {
        int padded = PaddedLength(featureCount);
        Count = new double[padded];
        Weight = new double[padded];
        Origin = new double[padded];
        Offset = new double[padded];
        SquaredDeviations = new double[padded];
    }

    private MomentTable(MomentTable other)
    {
        Count = [.. other.Count];
        Weight = [.. other.Weight];
        Origin = [.. other.Origin];
        Offset = [.. other.Offset];
        SquaredDeviations = [.. other.SquaredDeviations];
    }

    public double[] Count { get; }

    public double[] Weight { get; }

    public double[] Origin { get; }

    public double[] Offset { get; }

    public double[] SquaredDeviations { get; }

    public WeightedMoments this[int feature]
    {
        get => new(Count[feature], Weight[feature], Origin[feature], Offset[feature], SquaredDeviations[feature]);
        set
        {
            Count[feature] = value.Count;
            Weight[feature] = value.Weight;
            Origin[feature] = value.Origin;
            Offset[feature] = value.Offset;
            SquaredDeviations[feature] = value.SquaredDeviations;
        }
    }

    /// <summary>The length of arrays that hold whole vectors.</summary>
    public static int PaddedLength(int featureCount) => checked(featureCount + MomentSums.Lanes - 1) / MomentSums.Lanes * MomentSums.Lanes;

    public MomentTable Clone() => new(this);

    /// <summary>Copies all numbers to a table of as many features.</summary>
    public void CopyTo(MomentTable other)
    {
        Count.CopyTo(other.Count, 0);
        Weight.CopyTo(other.Weight, 0);
        Origin.CopyTo(other.Origin, 0);
        Offset.CopyTo(other.Offset, 0);
        SquaredDeviations.CopyTo(other.SquaredDeviations, 0);
    }

    public void Clear()
    {
        Count.AsSpan().Clear();
        Weight.AsSpan().Clear();
        Origin.AsSpan().Clear();
        Offset.AsSpan().Clear();
        SquaredDeviations.AsSpan().Clear();
    }

    /// <summary>Combines a feature with further values of it.</summary>
    public void Add(int feature, in WeightedMoments values) => this[feature] = WeightedMoments.Combine(this[feature], values);

    /// <summary>Combines all features with those of another table.</summary>
    public void Add(MomentTable other)
    {
        for (int feature = 0; feature < Count.Length; feature += MomentSums.Lanes)
        {
            Combine(
                feature,
                At(other.Count, feature),
                At(other.Weight, feature),
                At(other.Origin, feature),
                At(other.Offset, feature),
                At(other.SquaredDeviations, feature));
        }
    }

    /// <summary>Combines all features with shifted sums: <see cref="WeightedMoments.FromShiftedSums"/>.</summary>
    public void AddShiftedSums(double[] count, double[] weight, double[] shift, double[] sum, double[] squareSum)
    {
        for (int feature = 0; feature < Count.Length; feature += MomentSums.Lanes)
        {
            Vector256<double> weights = At(weight, feature);
            Vector256<double> sums = At(sum, feature);
            Vector256<double> offset = sums / weights;
            Vector256<double> squares = At(squareSum, feature) - (sums * offset);
            squares = Vector256.ConditionalSelect(
                Vector256.Equals(squares, squares),
                Vector256.Max(Vector256<double>.Zero, squares),
                Vector256.Create(double.PositiveInfinity));
            Combine(feature, At(count, feature), weights, At(shift, feature), offset, squares);
        }
    }

    /// <summary><see cref="WeightedMoments.Combine"/> for four features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Combine(
        int feature,
        Vector256<double> count,
        Vector256<double> weight,
        Vector256<double> origin,
        Vector256<double> offset,
        Vector256<double> squares)
    {
        Vector256<double> oldCount = At(Count, feature);
        Vector256<double> oldWeight = At(Weight, feature);
        Vector256<double> oldOrigin = At(Origin, feature);
        Vector256<double> oldOffset = At(Offset, feature);
        Vector256<double> oldSquares = At(SquaredDeviations, feature);
        Vector256<double> isNew = Vector256.Equals(oldCount, Vector256<double>.Zero);
        Vector256<double> isNothing = Vector256.Equals(count, Vector256<double>.Zero);

        Vector256<double> bothWeight = oldWeight + weight;
        Vector256<double> share = weight / bothWeight;
        Vector256<double> difference = origin - oldOrigin - oldOffset + offset;
        Vector256<double> bothSquares = oldSquares + squares + (difference * difference * oldWeight * share);
        bothSquares = Vector256.ConditionalSelect(
            Vector256.Equals(bothSquares, bothSquares), bothSquares, Vector256.Create(double.PositiveInfinity));

        Store(Count, feature, oldCount + count);
        Store(Weight, feature, Choose(isNew, isNothing, oldWeight, weight, bothWeight));
        Store(Origin, feature, Choose(isNew, isNothing, oldOrigin, origin, oldOrigin));
        Store(Offset, feature, Choose(isNew, isNothing, oldOffset, offset, oldOffset + (difference * share)));
        Store(SquaredDeviations, feature, Choose(isNew, isNothing, oldSquares, squares, bothSquares));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Choose(
        Vector256<double> isNew, Vector256<double> isNothing, Vector256<double> old, Vector256<double> added, Vector256<double> both) =>
        Vector256.ConditionalSelect(isNothing, old, Vector256.ConditionalSelect(isNew, added, both));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> At(double[] array, int index) => Vector256.LoadUnsafe(ref array[0], (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double[] array, int index, Vector256<double> value) => value.StoreUnsafe(ref array[0], (nuint)index);
}
