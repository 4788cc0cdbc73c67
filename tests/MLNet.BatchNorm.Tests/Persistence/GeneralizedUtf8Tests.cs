using System.Text;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

public class GeneralizedUtf8Tests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("größe")]
    // The bytes E0 A0 80, ED 80 80 and ED 9F BF: next to those of halves.
    [InlineData("\u0800")]
    [InlineData("\uD000")]
    [InlineData("\uD7FF")]
    [InlineData("\uE000\uFFFF")]
    [InlineData("a\U0001F600b\U0010FFFF")]
    public void Text_without_halves_of_pairs_is_plain_UTF_8(string text)
    {
        GeneralizedUtf8.Encode(text).Should().Equal(Encoding.UTF8.GetBytes(text));
        GeneralizedUtf8.TryDecode(Encoding.UTF8.GetBytes(text)).Should().Be(text);
    }

    [Fact]
    public void Half_of_a_pair_is_its_code_point_in_three_bytes()
    {
        for (int code = 0xD800; code <= 0xDFFF; code++)
        {
            byte[] bytes = [0xED, (byte)(0x80 | ((code >> 6) & 0x3F)), (byte)(0x80 | (code & 0x3F))];
            string text = ((char)code).ToString();
            GeneralizedUtf8.Encode(text).Should().Equal(bytes);
            GeneralizedUtf8.TryDecode(bytes).Should().Be(text);
        }
    }

    [Theory]
    [InlineData(new[] { 0xD83D, 'a' })]
    [InlineData(new[] { 'a', 0xDC00 })]
    [InlineData(new[] { 0xDC00, 0xD83D })]
    [InlineData(new[] { 0xD83D, 0xD83D, 0xDE00, 0xDE00, 0xD000 })]
    public void Halves_anywhere_come_back(int[] units)
    {
        string text = new(Array.ConvertAll(units, unit => (char)unit));
        GeneralizedUtf8.TryDecode(GeneralizedUtf8.Encode(text)).Should().Be(text);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xFF })]
    [InlineData(new byte[] { (byte)'a', 0xED, 0xA0 })]
    [InlineData(new byte[] { 0xED, 0xA0, (byte)'a' })]
    [InlineData(new byte[] { 0xED, 0xA0, 0xC0 })]
    [InlineData(new byte[] { 0xED, (byte)'a', 0x80 })]
    [InlineData(new byte[] { 0xED, 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80, 0x80 })]
    public void Bytes_that_are_no_text_give_none(byte[] bytes) => GeneralizedUtf8.TryDecode(bytes).Should().BeNull();
}
