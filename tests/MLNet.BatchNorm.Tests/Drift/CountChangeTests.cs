namespace MLNet.BatchNorm.Tests.Drift;

public class CountChangeTests
{
    // At three standard errors the level is exp(-4.5) / 2 = 0.00555 on either side.
    [Theory]
    [InlineData(0, 20_000, 1, 1, false)] // one alone is never evidence
    [InlineData(0, 20_000, 5, 1, false)]
    [InlineData(0, 20_000, 5, 2, true)]
    [InlineData(0, 20_000, 2, 2, true)]
    [InlineData(1000, 10_000, 5, 3, false)] // binomial 0.0086
    [InlineData(1000, 10_000, 5, 4, true)] // 0.00046
    [InlineData(5000, 10_000, 7, 0, false)] // 2^-7 = 0.0078
    [InlineData(5000, 10_000, 8, 0, true)] // 2^-8 = 0.0039
    [InlineData(5000, 10_000, 8, 8, true)]
    [InlineData(7500, 10_000, 4, 1, false)] // one hit may be too few where none were better still: 0.051
    [InlineData(7500, 10_000, 8, 1, true)] // 0.00038
    [InlineData(9000, 10_000, 40, 40, false)] // 0.9^40 = 0.015
    [InlineData(0, 3, 2, 2, false)] // 1 of the 10 pairs of five values: so small a reference proves nothing
    [InlineData(0, 0, 100, 100, false)]
    [InlineData(1, 1_000_000, 1, 1, false)] // 2e-6, and yet one alone
    public void Chance_is_exceeded_where_so_many_are_improbable(double hitsThen, double countThen, double countNow, double hits, bool exceeds) =>
        new CountChange(hitsThen, countThen, countNow, 3).IsExceededBy(hits).Should().Be(exceeds);

    [Theory]
    [InlineData(4.15, true)] // exp(-4.15^2 / 2) / 2 = 9.11e-5
    [InlineData(4.16, false)] // 8.74e-5
    public void The_level_follows_the_standard_errors(double standardErrors, bool exceeds) =>
        // One of the 11,175 pairs of 150 values: 8.95e-5.
        new CountChange(0, 148, 2, standardErrors).IsExceededBy(2).Should().Be(exceeds);

    [Fact]
    public void Without_standard_errors_chance_is_not_considered() =>
        new CountChange(0, 20_000, 5, 0).IsExceededBy(1).Should().BeTrue();

    [Theory]
    [InlineData(0, 20_000, 19, 0.05, false)] // 1 of 19 is beyond a twentieth, and one alone
    [InlineData(0, 20_000, 20, 0.05, true)] // 2 of 20 are
    [InlineData(0, 20_000, 1, 0.05, false)]
    [InlineData(20_000, 20_000, 10, 0.05, true)] // one value among ten, where none ever was
    [InlineData(5000, 10_000, 200, 0.05, false)] // 111 or 89 of 200: 7%
    [InlineData(5000, 10_000, 1000, 0.05, true)] // 551 or 449 of 1000: 0.1%
    [InlineData(3500, 10_000, 15, 0.3, false)] // 10 of 15: 1.2%; none: 0.16%
    [InlineData(6500, 10_000, 15, 0.3, false)] // 5 of 15: 1.2%; all: 0.16%
    [InlineData(3500, 10_000, 19, 0.3, true)] // 13 of 19: 0.3%; none: 0.03%
    [InlineData(4000, 10_000, 9, 0.39, false)] // 8 of 9: 0.4%; none: 1%
    [InlineData(0, 0, 1000, 0.05, false)]
    public void A_change_by_the_threshold_shows_in_enough_values(double hitsThen, double countThen, double countNow, double threshold, bool shows) =>
        new CountChange(hitsThen, countThen, countNow, 3).Shows(threshold).Should().Be(shows);
}
