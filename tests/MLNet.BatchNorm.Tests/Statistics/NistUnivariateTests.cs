using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Statistics;

/// <summary>
/// The four numerical accuracy sets of NIST's Statistical Reference Datasets for univariate summary statistics, with their certified
/// values. A digit budget per set: the mean and standard deviation are exact for the decimal data, which double rounds on the way in.
/// </summary>
public class NistUnivariateTests
{
    [Fact]
    public void NumAcc1_mean_and_standard_deviation_are_exact()
    {
        FeatureMoments moments = Measure([10000001, 10000003, 10000002]);

        moments.Mean[0].Should().Be(10000002);
        moments.SampleStandardDeviation[0].Should().Be(1);
    }

    [Fact]
    public void NumAcc2_keeps_14_digits()
    {
        FeatureMoments moments = Measure(Alternating(1.2, 1.1, 1.3));

        Approximately.Digits(moments.Mean[0], 1.2).Should().BeGreaterThanOrEqualTo(15);
        Approximately.Digits(moments.SampleStandardDeviation[0], 0.1).Should().BeGreaterThanOrEqualTo(14);
    }

    // 1000000.1 is off by up to 6e-11 in double, 6e-10 of the deviation 0.1.
    [Fact]
    public void NumAcc3_keeps_the_9_digits_that_the_data_hold()
    {
        FeatureMoments moments = Measure(Alternating(1000000.2, 1000000.1, 1000000.3));

        Approximately.Digits(moments.Mean[0], 1000000.2).Should().BeGreaterThanOrEqualTo(15);
        Approximately.Digits(moments.SampleStandardDeviation[0], 0.1).Should().BeGreaterThanOrEqualTo(9.4);
    }

    // 10000000.1 is off by up to 9e-10 in double, 9e-9 of the deviation 0.1.
    [Fact]
    public void NumAcc4_keeps_the_8_digits_that_the_data_hold()
    {
        FeatureMoments moments = Measure(Alternating(10000000.2, 10000000.1, 10000000.3));

        Approximately.Digits(moments.Mean[0], 10000000.2).Should().BeGreaterThanOrEqualTo(15);
        Approximately.Digits(moments.SampleStandardDeviation[0], 0.1).Should().BeGreaterThanOrEqualTo(8.0);
    }

    /// <summary>The first value, then 500 pairs of the second and the third: 1001 values.</summary>
    private static double[] Alternating(double first, double second, double third) =>
        [first, .. Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? second : third)];

    private static FeatureMoments Measure(double[] values)
    {
        var moments = new FeatureMoments(1);
        moments.AddRows<double>(values, values.Length);
        return moments;
    }
}
