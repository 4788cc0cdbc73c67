using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>Objects to views and back; the same on both providers.</summary>
public sealed class ObjectRowTests
{
    private readonly MLContext _context = new(seed: 1);

    private readonly Sample[] _samples =
    [
        new() { Number = 1.5f, Precise = 2.25, Flag = true, Small = -3, Large = 1L << 40, Text = "one", Vector = [1, 2, 3], Image = [1, 2, 3, 4], Class = 2 },
        new() { Number = float.NaN, Precise = -1, Flag = false, Small = 4, Large = -5, Text = "", Vector = [4, 5, 6], Image = [5, 6, 7, 8], Class = 0 },
    ];

    [Fact]
    public void Objects_come_back_as_they_were()
    {
        var data = _context.Data.LoadFromEnumerable(_samples);

        var back = _context.Data.CreateEnumerable<Sample>(data, reuseRowObject: false).ToArray();

        back.Should().BeEquivalentTo(_samples, options => options.WithStrictOrdering().Excluding(sample => sample.Class));
    }

    [Fact]
    public void A_key_is_counted_from_zero_in_the_object_and_from_one_in_the_view()
    {
        var data = _context.Data.LoadFromEnumerable(_samples);

        data.GetColumn<uint>("Class").Should().Equal(3, 1);
        _context.Data.CreateEnumerable<Sample>(data, reuseRowObject: false).Select(sample => sample.Class).Should().Equal(3, 1);
    }

    [Fact]
    public void Members_become_columns_of_their_types()
    {
        var schema = _context.Data.LoadFromEnumerable(_samples).Schema;

        schema["Number"].Type.Should().Be(NumberDataViewType.Single);
        schema["Precise"].Type.Should().Be(NumberDataViewType.Double);
        schema["Flag"].Type.Should().Be(BooleanDataViewType.Instance);
        schema["Small"].Type.Should().Be(NumberDataViewType.Int32);
        schema["Large"].Type.Should().Be(NumberDataViewType.Int64);
        schema["Renamed"].Type.Should().Be(TextDataViewType.Instance);
        schema["Vector"].Type.Should().Be(new VectorDataViewType(NumberDataViewType.Single, 3));
        schema["Image"].Type.Should().Be(new VectorDataViewType(NumberDataViewType.Double, 2, 2));
        schema["Class"].Type.Should().Be(new KeyDataViewType(typeof(uint), 5));
        schema.GetColumnOrNull("Ignored").Should().BeNull();
        schema.GetColumnOrNull("Text").Should().BeNull("it is called Renamed");
    }

    [Fact]
    public void A_reused_row_object_is_the_same_each_time()
    {
        var rows = _context.Data.CreateEnumerable<Sample>(_context.Data.LoadFromEnumerable(_samples), reuseRowObject: true).ToArray();

        rows[0].Should().BeSameAs(rows[1]);
    }

    [Fact]
    public void A_column_that_the_class_asks_for_and_the_data_lack_is_named()
    {
        var data = _context.Data.LoadFromEnumerable([new { Other = 1f }]);

        var read = () => _context.Data.CreateEnumerable<JustNumber>(data, reuseRowObject: false).ToArray();

        read.Should().Throw<Exception>().WithMessage("*Number*");
        _context.Data.CreateEnumerable<JustNumber>(data, reuseRowObject: false, ignoreMissingColumns: true).Single().Number.Should().Be(0);
    }

    [Fact]
    public void A_schema_definition_changes_names_and_sizes()
    {
        var definition = SchemaDefinition.Create(typeof(JustVector));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["Values"].ColumnName = "Features";

        var data = _context.Data.LoadFromEnumerable([new JustVector { Values = [1, 2] }], definition);

        data.Schema["Features"].Type.Should().Be(new VectorDataViewType(NumberDataViewType.Single, 2));
        data.GetColumn<float[]>("Features").Single().Should().Equal(1, 2);
    }

    [Fact]
    public void A_vector_without_a_size_is_of_unknown_size()
    {
        var data = _context.Data.LoadFromEnumerable([new JustVector { Values = [1, 2] }, new JustVector { Values = [3] }]);

        ((VectorDataViewType)data.Schema["Values"].Type).IsKnownSize.Should().BeFalse();
        data.GetColumn<float[]>("Values").Select(values => values.Length).Should().Equal(2, 1);
    }

    [Fact]
    public void Objects_are_enumerated_lazily_and_only_as_far_as_needed()
    {
        int made = 0;
        IEnumerable<JustNumber> Endless()
        {
            while (true)
            {
                made++;
                yield return new JustNumber { Number = made };
            }
        }

        var data = _context.Data.LoadFromEnumerable(Endless());
        made.Should().Be(0);

        _context.Data.TakeRows(data, 3).GetColumn<float>("Number").Should().Equal(1, 2, 3);
        made.Should().BeLessThan(10);
    }

    [Fact]
    public void Preview_shows_the_first_rows()
    {
        var preview = _context.Data.LoadFromEnumerable(_samples).Preview(maxRows: 1);

        preview.RowView.Should().ContainSingle();
        preview.RowView[0].Values.Single(pair => pair.Key == "Small").Value.Should().Be(-3);
        preview.ColumnView.Select(column => column.Column.Name).Should().Contain("Renamed");
    }

    private sealed class Sample
    {
        public float Number { get; set; }

        public double Precise { get; set; }

        public bool Flag { get; set; }

        public int Small { get; set; }

        public long Large { get; set; }

        [ColumnName("Renamed")]
        public string Text { get; set; } = "";

        [VectorType(3)]
        public float[] Vector { get; set; } = [];

        [VectorType(2, 2)]
        public double[] Image { get; set; } = [];

        [KeyType(5)]
        public uint Class { get; set; }

        [NoColumn]
        public float Ignored { get; set; }
    }

    private sealed class JustNumber
    {
        public float Number { get; set; }
    }

    private sealed class JustVector
    {
        public float[] Values { get; set; } = [];
    }
}
