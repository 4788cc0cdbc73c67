using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>Both ends of a range are hit to the last bit by stages (x - offset) * scale that are rounded after each operation.</summary>
public class StockEndsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(0, 0.7)]
    [InlineData(2, 5)]
    [InlineData(-1.7, 1.9)]
    public void Doubles_of_any_size_are_taken_to_both_ends(double start, double end)
    {
        var random = new Random(1);
        foreach (double size in new[] { 1, 1e6, 1e-6, 1e285, 1e-285, 1e300, 1e-300 })
        {
            for (int i = 0; i < 50; i++)
            {
                double low = size * ((2 * random.NextDouble()) - 1);
                double high = low + (size * random.NextDouble());
                var stages = StockEnds.Factor(low, start, new MapEnd(high, end), isDouble: true);

                stages.Should().NotBeNull($"{low:R} to {high:R}");
                stages!.Aggregate(low, (x, stage) => (x - stage.Offset) * stage.Scale).Should().Be(start);
                stages!.Aggregate(high, (x, stage) => (x - stage.Offset) * stage.Scale).Should().Be(end);
            }
        }
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-1f, 1f)]
    [InlineData(0f, 0.7f)]
    [InlineData(2f, 5f)]
    [InlineData(-1.7f, 1.9f)]
    public void Floats_of_any_size_are_taken_to_both_ends(float start, float end)
    {
        var random = new Random(1);
        foreach (float size in new[] { 1, 1e6f, 1e-6f, 1e33f, 1e-33f })
        {
            for (int i = 0; i < 50; i++)
            {
                float low = size * ((2 * random.NextSingle()) - 1);
                float high = low + (size * random.NextSingle());
                var stages = StockEnds.Factor(low, start, new MapEnd(high, end), isDouble: false);

                stages.Should().NotBeNull($"{low:R} to {high:R}");
                stages!.Aggregate(low, (x, stage) => (x - (float)stage.Offset) * (float)stage.Scale).Should().Be(start);
                stages!.Aggregate(high, (x, stage) => (x - (float)stage.Offset) * (float)stage.Scale).Should().Be(end);
            }
        }
    }

    [Fact]
    public void One_stage_is_enough_where_it_hits()
    {
        StockEnds.Factor(3, 0, new MapEnd(5, 1), isDouble: true).Should().Equal((3, 0.5));
    }

    [Fact]
    public void There_are_none_where_the_factor_is_beyond_double()
    {
        StockEnds.Factor(0, 0, new MapEnd(1e-310, 1), isDouble: true).Should().BeNull();
    }
}
