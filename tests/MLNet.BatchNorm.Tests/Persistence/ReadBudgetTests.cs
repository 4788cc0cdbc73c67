using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

public class ReadBudgetTests
{
    private const long Floor = 320L * 1024 * 1024;

    [Theory]
    [InlineData(0, Floor)]
    [InlineData(1, Floor + 64)]
    [InlineData(1000, Floor + 64_000)]
    [InlineData(1L << 40, Floor + (1L << 46))]
    // Larger files than there are count as 2^50 bytes.
    [InlineData(long.MaxValue, Floor + (1L << 56))]
    public void It_is_320_MiB_and_64_bytes_for_each_byte_of_the_file(long fileSize, long expected) => new ReadBudget(fileSize).Left.Should().Be(expected);

    [Fact]
    public void What_it_does_not_hold_is_not_taken()
    {
        var budget = new ReadBudget(0);
        budget.TryTake(Floor - 5).Should().BeTrue();
        budget.TryTake(6).Should().BeFalse();
        budget.Left.Should().Be(5);
        budget.TryTake(5).Should().BeTrue();
        budget.TryTake(0).Should().BeTrue();
        budget.Left.Should().Be(0);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(10_000, 10, true)]
    // 1032 bytes to one, and what is less than one more.
    [InlineData(10_320, 10, true)]
    [InlineData(11_352, 10, false)]
    [InlineData(-1, 10, false)]
    [InlineData(10, -1, false)]
    public void A_size_is_plausible_where_packed_bytes_can_hold_it(long claimed, long packed, bool isPlausible) =>
        ReadBudget.PlausibleSize(claimed, packed).Should().Be(isPlausible ? claimed : null);
}
