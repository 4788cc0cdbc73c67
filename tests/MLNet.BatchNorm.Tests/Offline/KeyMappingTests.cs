using Microsoft.ML;
using Microsoft.ML.Data;
using KeyOrdinality = Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality;

namespace MLNet.BatchNorm.Tests.Offline;

public class KeyMappingTests
{
    private static readonly MLContext Context = new(1);

    [Theory]
    [InlineData(KeyOrdinality.ByOccurrence, new uint[] { 1, 2, 0, 1, 3 })]
    [InlineData(KeyOrdinality.ByValue, new uint[] { 3, 1, 0, 3, 2 })]
    public void Texts_get_keys_in_the_order_asked_for(KeyOrdinality order, uint[] keys)
    {
        var data = Words("b", "B", "", "b", "a");

        var view = Context.Transforms.Conversion.MapValueToKey("Key", "Word", keyOrdinality: order).Fit(data).Transform(data);

        view.GetColumn<uint>("Key").Should().Equal(keys);
        view.Schema["Key"].Type.Should().Be(new KeyDataViewType(typeof(uint), 3));
        view.Schema["Key"].HasKeyValues().Should().BeTrue();
    }

    [Fact]
    public void Values_that_were_not_learned_are_missing()
    {
        var transformer = Context.Transforms.Conversion.MapValueToKey("Key", "Word", maximumNumberOfKeys: 1).Fit(Words("a", "b"));

        transformer.Transform(Words("b", "a", "c")).GetColumn<uint>("Key").Should().Equal(0, 1, 0);
    }

    [Fact]
    public void Numbers_come_back_from_their_keys_and_missing_stays_missing()
    {
        var data = Context.Data.LoadFromEnumerable(new[] { new Number { X = 2.5f }, new Number { X = float.NaN }, new Number { X = -1 } });
        var chain = Context.Transforms.Conversion.MapValueToKey("Key", "X").Append(Context.Transforms.Conversion.MapKeyToValue("Back", "Key"));

        chain.Fit(data).Transform(data).GetColumn<float>("Back").Should().Equal(2.5f, float.NaN, -1);
    }

    [Fact]
    public void Only_keys_with_values_can_be_mapped_back()
    {
        Context.Transforms.Conversion.MapKeyToValue("Back", "Word").Append(Context.Transforms.CopyColumns("C", "Back"))
            .Invoking(chain => chain.Fit(Words("a"))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Word*");
    }

    private static IDataView Words(params string[] words) => Context.Data.LoadFromEnumerable(words.Select(word => new Text { Word = word }));

    private sealed class Text
    {
        public string Word { get; set; } = "";
    }

    private sealed class Number
    {
        public float X { get; set; }
    }
}
