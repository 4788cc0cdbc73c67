using System.Globalization;
using System.Numerics;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

public class StockExpressionTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(3, "3")]
    [InlineData(-2, "-2")]
    [InlineData(0.5, "1 / 2")]
    [InlineData(-0.375, "-3 / 8")]
    [InlineData(1e20, "100000000000000000000")]
    public void A_number_is_an_integer_over_a_power_of_two(double value, string text)
    {
        string[] parts = text.Split(' ');
        StockExpression.Literal(value, isDouble: true).Should().Be(string.Join(' ', parts.Select(part => part == "/" ? part : $"{part}d")));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(-1.7)]
    [InlineData(1e-30)]
    [InlineData(3.4e38)]
    public void It_is_the_number_as_the_type_holds_it_to_the_last_bit(double value)
    {
        Evaluate(StockExpression.Literal(value, isDouble: true), 'd').Should().Be(value);
        Evaluate(StockExpression.Literal(value, isDouble: false), 'f').Should().Be((float)value);
    }

    [Fact]
    public void The_smallest_numbers_are_divided_by_powers_that_the_types_hold()
    {
        Evaluate(StockExpression.Literal(double.Epsilon, isDouble: true), 'd').Should().Be(double.Epsilon);
        Evaluate(StockExpression.Literal(float.Epsilon, isDouble: false), 'f').Should().Be(float.Epsilon);
    }

    // Digits of at most 53 bits and powers of two are doubles; so is the quotient, after each division.
    private static double Evaluate(string text, char suffix)
    {
        double[] numbers = [.. text.Split(" / ").Select(part =>
        {
            part.Should().EndWith(suffix.ToString());
            var digits = BigInteger.Parse(part[..^1], CultureInfo.InvariantCulture);
            double number = (double)digits;
            new BigInteger(number).Should().Be(digits, "no digit is lost");
            return number;
        })];
        numbers[1..].Where(number => number > Math.ScaleB(1, 100) || !double.IsPow2(number)).Should().BeEmpty();
        return numbers.Aggregate((quotient, number) => quotient / number);
    }
}
