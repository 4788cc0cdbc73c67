using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>Stages (x - offset) * scale, rounded after each operation, against (x - center) * scale + shift.</summary>
public class StockFactorsTests
{
    [Fact]
    public void At_the_center_doubles_miss_the_shift_by_a_few_last_bits_at_most()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            double center = Number(random, 15);
            double scale = Number(random, 5);
            double shift = Number(random, 3);
            double y = Stages(new StockColumn("X", "X", NumberDataViewType.Double, [center], [scale], [shift]))
                .Aggregate(center, (x, stage) => (x - stage.Offset) * stage.Scale);

            // Four last bits by the rounding of the offset, and what two operations round.
            Math.Abs(y - shift).Should().BeLessThanOrEqualTo(6 * Math.Abs(shift) * Math.ScaleB(1, -52), $"{center:R}, {scale:R}, {shift:R}");
        }
    }

    [Fact]
    public void Near_the_center_floats_are_within_their_own_rounding()
    {
        var random = new Random(2);
        for (int i = 0; i < 2000; i++)
        {
            double center = Number(random, 7);
            double scale = Number(random, 3);
            double shift = Number(random, 2);
            float x = (float)(center + ((random.NextDouble() - 0.5) / scale));
            float y = Stages(new StockColumn("X", "X", NumberDataViewType.Single, [center], [scale], [shift]))
                .Aggregate(x, (value, stage) => (value - (float)stage.Offset) * (float)stage.Scale);

            // Two stages round four times, the results and what is between being no larger than these.
            double exact = ((x - center) * scale) + shift;
            double size = Math.Abs((x - center) * scale) + Math.Abs(shift);
            Math.Abs(y - exact).Should().BeLessThanOrEqualTo(4 * size * Math.ScaleB(1, -24), $"{center:R}, {scale:R}, {shift:R}, {x:R}");
        }
    }

    [Fact]
    public void One_stage_is_enough_for_what_it_holds_exactly_and_for_the_constant_zero()
    {
        Stages(new StockColumn("X", "X", NumberDataViewType.Single, [2], [0.5], [3])).Should().Equal((-4, 0.5));
        Stages(new StockColumn("X", "X", NumberDataViewType.Double, [2], [0], [0])).Should().Equal((0, 0));
        Stages(new StockColumn("X", "X", NumberDataViewType.Double, [2], [0], [7])).Should().Equal((0, 0), (-7, 1));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(2)]
    public void An_offset_that_no_double_is_takes_a_second_stage(double shift)
    {
        // 2^53 - 1 - 2 is a double, and 2^53 - 1 + 2 is none: subtracted in two steps, both give their shift at the center.
        double center = Math.ScaleB(1, 53) - 1;
        var stages = Stages(new StockColumn("X", "X", NumberDataViewType.Double, [center], [1], [shift])).ToArray();

        stages.Should().HaveCount(shift < 0 ? 2 : 1);
        stages.Aggregate(center, (x, stage) => (x - stage.Offset) * stage.Scale).Should().Be(shift);
    }

    [Fact]
    public void A_slot_that_needs_fewer_stages_goes_through_the_others_unchanged()
    {
        var stages = StockFactors.Of(new StockColumn("X", "X", new VectorDataViewType(NumberDataViewType.Double, 2), [2, 5], [0.5, 0], [0, 7]));
        stages.Should().HaveCount(2);
        stages[0].Offset.Should().Equal(2, 0);
        stages[0].Scale.Should().Equal(0.5, 0);
        stages[1].Offset.Should().Equal(0, -7);
        stages[1].Scale.Should().Equal(1, 1);
    }

    private static IEnumerable<(double Offset, double Scale)> Stages(StockColumn column) =>
        StockFactors.Of(column).Select(stage => (stage.Offset.Single(), stage.Scale.Single()));

    /// <summary>Of either sign, and of any size up to so many powers of ten.</summary>
    private static double Number(Random random, int powers) =>
        Math.Pow(10, powers * ((2 * random.NextDouble()) - 1)) * (random.Next(2) == 0 ? 1 : -1);
}
