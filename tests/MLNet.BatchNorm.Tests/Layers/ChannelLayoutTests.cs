namespace MLNet.BatchNorm.Tests.Layers;

public class ChannelLayoutTests
{
    [Fact]
    public void A_row_may_have_as_many_values_as_an_array()
    {
        ChannelLayout.RowLength(3, 5).Should().Be(15);
        ChannelLayout.RowLength(1, Array.MaxLength).Should().Be(Array.MaxLength);
        FluentActions.Invoking(() => ChannelLayout.RowLength(1, Array.MaxLength + 1)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*Expected at most 2147483591 values per row; 1 channels of 2147483592 are 2147483592.*");
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 4)]
    [InlineData(5, 8)]
    public void Numbers_per_channel_are_padded_to_whole_vectors_of_four(int channelCount, int length) =>
        ChannelLayout.PerChannel(channelCount).Should().HaveCount(length).And.OnlyContain(value => value == 0);
}
