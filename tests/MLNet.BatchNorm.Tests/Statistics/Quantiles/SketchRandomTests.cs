namespace MLNet.BatchNorm.Tests.Statistics.Quantiles;

public class SketchRandomTests
{
    // The first numbers of SplitMix64 by its authors' C code, from the states 0 and 1234567.
    public static TheoryData<ulong, ulong[]> Numbers => new()
    {
        { 0, [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F] },
        { 1234567, [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821] },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_numbers_are_those_of_SplitMix64(ulong state, ulong[] numbers)
    {
        var whole = new SketchRandom(state);
        var fractions = new SketchRandom(state);
        foreach (ulong number in numbers)
        {
            whole.Next(1 << 30).Should().Be((int)((number >> 32) % (1 << 30)));
            fractions.NextDouble().Should().Be((number / 2048) / 9007199254740992.0);
        }
        whole.State.Should().Be(unchecked(state + ((ulong)numbers.Length * 0x9E3779B97F4A7C15)));
    }

    [Fact]
    public void A_power_of_two_bounds_the_numbers()
    {
        var random = new SketchRandom(3);
        int[] counts = new int[4];
        for (int i = 0; i < 4000; i++)
        {
            counts[random.Next(4)]++;
        }

        // Standard deviation: sqrt(4000 3 / 16) = 27.
        counts.Should().OnlyContain(count => count > 850 && count < 1150);
        random.Next(1).Should().Be(0);
    }

    [Fact]
    public void Each_seed_and_feature_has_its_own()
    {
        var states = new HashSet<ulong>();
        for (int seed = -3; seed < 20; seed++)
        {
            for (int feature = 0; feature < 20; feature++)
            {
                states.Add(SketchRandom.Create(seed, feature).State).Should().BeTrue();
            }
        }
    }
}
