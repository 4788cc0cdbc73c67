using System.Numerics;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>Vectors of either width, on whatever machine, sum what a plain loop sums. Whole numbers: every sum of them is exact.</summary>
public class LineLanesTests
{
    private const int RowCount = 5;

    public static TheoryData<int> Widths => [16, 17, 20, 31, 32, 40];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Floats_are_summed_as_in_a_loop(int width)
    {
        SumAsInALoop<float, Vector256<double>, Vector256<float>, Lanes256<float>>(width);
        SumAsInALoop<float, Vector512<double>, Vector512<float>, Lanes512<float>>(width);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Doubles_are_summed_as_in_a_loop(int width)
    {
        SumAsInALoop<double, Vector256<double>, Vector256<double>, Lanes256<double>>(width);
        SumAsInALoop<double, Vector512<double>, Vector512<double>, Lanes512<double>>(width);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_group_with_a_value_that_is_not_finite_is_not_added(double wrong)
    {
        for (int place = 0; place < 16 * RowCount; place++)
        {
            double[] values = Values<double>(16);
            values[place] = wrong;
            var sums = new MomentSums(16);

            FiniteMoments<double, MatrixLines<double>, Vector512<double>, Vector512<double>, Lanes512<double>>.TryAdd(
                sums, new MatrixLines<double>(values, RowCount, 16), RowCount, 0, 0).Should().BeFalse();
            sums.BlockCount.Should().OnlyContain(count => count == 0);
            sums.Maximum.Should().OnlyContain(maximum => maximum == double.NegativeInfinity);
        }
    }

    [Fact]
    public void What_is_widened_is_narrowed_to_the_same()
    {
        ComeBack<float, Vector256<double>, Vector256<float>, Lanes256<float>>();
        ComeBack<float, Vector512<double>, Vector512<float>, Lanes512<float>>();
        ComeBack<double, Vector256<double>, Vector256<double>, Lanes256<double>>();
        ComeBack<double, Vector512<double>, Vector512<double>, Lanes512<double>>();
        ComeBack<Half, Vector256<double>, Vector256<Half>, Lanes256<Half>>();
        ComeBack<Half, Vector512<double>, Vector512<Half>, Lanes512<Half>>();
    }

    [Fact]
    public void So_many_values_as_are_asked_for_are_loaded_and_stored()
    {
        LoadAndStore<Half>();
        LoadAndStore<float>();
        LoadAndStore<double>();
    }

    private static void SumAsInALoop<T, TWide, TNative, TLanes>(int width)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : ILanes<T, TWide, TNative>
    {
        T[] values = Values<T>(width);
        var sums = new MomentSums(width);
        var expected = new MomentSums(width);
        for (int call = 0; call < 2; call++)
        {
            int group = 2 * TLanes.Count;
            for (int slot = 0; slot < width; slot += group)
            {
                int start = Math.Min(slot, width - group);
                FiniteMoments<T, MatrixLines<T>, TWide, TNative, TLanes>.TryAdd(
                    sums, new MatrixLines<T>(values, RowCount, width), RowCount, start, slot - start).Should().BeTrue();
            }

            for (int i = 0; i < values.Length; i++)
            {
                expected.Add(i % width, double.CreateChecked(values[i]), 1);
            }
        }

        sums.BlockCount[..width].Should().OnlyContain(count => count == 2 * RowCount);
        sums.BlockWeight[..width].Should().OnlyContain(weight => weight == 2 * RowCount);
        sums.BlockShift[..width].Should().Equal(values[..width].Select(double.CreateChecked));
        sums.BlockSum[..width].Should().Equal(expected.BlockSum[..width]);
        sums.BlockSquareSum[..width].Should().Equal(expected.BlockSquareSum[..width]);
        sums.Minimum[..width].Should().Equal(Enumerable.Range(0, width).Select(feature => Column(values, width, feature).Min()));
        sums.Maximum[..width].Should().Equal(Enumerable.Range(0, width).Select(feature => Column(values, width, feature).Max()));
    }

    private static void ComeBack<T, TWide, TNative, TLanes>()
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : ILanes<T, TWide, TNative>
    {
        T[] values = Values<T>(16);
        var target = new T[16];

        TLanes.Narrow(ref target[0], 3, TLanes.Widen(ref values[0], 2));

        target.Should().Equal([.. new T[3], .. values[2..(2 + TLanes.Count)], .. new T[13 - TLanes.Count]]);
        var wide = new double[8];
        TLanes.Store(wide, 0, TLanes.Widen(ref values[0], 2));
        wide[..TLanes.Count].Should().Equal(values[2..(2 + TLanes.Count)].Select(double.CreateChecked));
    }

    private static void LoadAndStore<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] values = Values<T>(8);
        for (int lanes = 1; lanes <= 4; lanes++)
        {
            var target = new T[8];
            Vector256<double> loaded = RowLoad.Lanes(ref values[0], 3, lanes);
            Vector256<double> partial = RowLoad.Partial(ref values[0], 3, lanes);
            RowStore.Lanes(ref target[0], 1, lanes, loaded);

            for (int lane = 0; lane < 4; lane++)
            {
                loaded[lane].Should().Be(lane < lanes ? double.CreateChecked(values[3 + lane]) : 0);
                partial[lane].Should().Be(loaded[lane]);
            }

            target.Should().Equal([T.Zero, .. values[3..(3 + lanes)], .. new T[7 - lanes]]);
        }
    }

    // Different in every row and column, of both signs, none of them 0.
    private static T[] Values<T>(int width)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, width * RowCount).Select(i => T.CreateChecked(((i * 37) + 5) % 211 - 105.5))];

    private static IEnumerable<double> Column<T>(T[] values, int width, int feature)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        values.Where((_, i) => i % width == feature).Select(double.CreateChecked);
}
