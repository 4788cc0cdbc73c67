using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>What text files are read as; the same on both providers.</summary>
public sealed class TextLoaderTests : IDisposable
{
    private const string HeaderAndTwoRows = "label,age,salary\n0,25,35000\n1,30,50000\n";

    private readonly MLContext _context = new(seed: 1);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Columns_are_read_by_index_and_type()
    {
        var data = Load(
            "name,x,flag,count\nAda,1.5,1,7\nBob,-2e3,0,-8\n",
            [
                new TextLoader.Column("Name", DataKind.String, 0),
                new TextLoader.Column("X", DataKind.Double, 1),
                new TextLoader.Column("Flag", DataKind.Boolean, 2),
                new TextLoader.Column("Count", DataKind.Int32, 3),
            ]);

        data.GetColumn<string>("Name").Should().Equal("Ada", "Bob");
        data.GetColumn<double>("X").Should().Equal(1.5, -2000);
        data.GetColumn<bool>("Flag").Should().Equal(true, false);
        data.GetColumn<int>("Count").Should().Equal(7, -8);
        data.Schema["X"].Type.Should().Be(NumberDataViewType.Double);
        data.Schema["Name"].Type.Should().Be(TextDataViewType.Instance);
    }

    [Fact]
    public void A_range_becomes_a_vector()
    {
        var data = Load(HeaderAndTwoRows, [new TextLoader.Column("Features", DataKind.Single, 1, 2)]);

        data.GetColumn<float[]>("Features").Should().BeEquivalentTo([new float[] { 25, 35000 }, [30, 50000]], options => options.WithStrictOrdering());
        ((VectorDataViewType)data.Schema["Features"].Type).Size.Should().Be(2);
        data.Schema["Features"].HasSlotNames().Should().BeFalse("the header is looked at only where a sample of the data is given");
    }

    [Fact]
    public void Options_read_slot_names_from_the_header()
    {
        File.WriteAllText(_path, HeaderAndTwoRows);
        var data = _context.Data.LoadFromTextFile(_path, new TextLoader.Options
        {
            Columns = [new TextLoader.Column("Features", DataKind.Single, 1, 2)],
            Separators = [','],
            HasHeader = true,
        });

        var names = default(VBuffer<ReadOnlyMemory<char>>);
        data.Schema["Features"].GetSlotNames(ref names);
        names.DenseValues().Select(name => name.ToString()).Should().Equal("age", "salary");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("NaN")]
    public void A_missing_number_in_a_vector_is_NaN_unless_it_is_empty_which_is_zero(string text)
    {
        var data = Load($"a,b\n{text},2\n", [new TextLoader.Column("Features", DataKind.Single, 0, 1)]);

        var row = data.GetColumn<float[]>("Features").Single();
        row[1].Should().Be(2);
        row[0].Should().Be(text.Length == 0 ? 0 : float.NaN);
    }

    [Fact]
    public void Empty_numbers_are_NaN_by_option()
    {
        File.WriteAllText(_path, "1,,3\n");
        var data = _context.Data.LoadFromTextFile(_path, new TextLoader.Options
        {
            Columns = [new TextLoader.Column("Features", DataKind.Single, 0, 2)],
            Separators = [','],
            MissingRealsAsNaNs = true,
        });

        data.GetColumn<float[]>("Features").Single().Should().Equal([1, float.NaN, 3]);
    }

    [Fact]
    public void Quoted_fields_may_hold_separators_and_quotes()
    {
        var data = Load(
            "name,x\n\"Lovelace, Ada\",1\n\"say \"\"hi\"\"\",2\n",
            [new TextLoader.Column("Name", DataKind.String, 0), new TextLoader.Column("X", DataKind.Single, 1)],
            allowQuoting: true);

        data.GetColumn<string>("Name").Should().Equal("Lovelace, Ada", "say \"hi\"");
        data.GetColumn<float>("X").Should().Equal(1, 2);
    }

    [Fact]
    public void A_class_with_LoadColumn_attributes_says_what_to_read()
    {
        File.WriteAllText(_path, "1,2,3,true\n4,5,6,false\n");

        var data = _context.Data.LoadFromTextFile<Row>(_path, separatorChar: ',');

        data.Schema.Select(column => column.Name).Should().Equal("Pair", "Third", "Label");
        data.GetColumn<float[]>("Pair").Should().BeEquivalentTo([new float[] { 1, 2 }, [4, 5]], options => options.WithStrictOrdering());
        data.GetColumn<double>("Third").Should().Equal(3, 6);
        data.GetColumn<bool>("Label").Should().Equal(true, false);
    }

    [Fact]
    public void The_file_is_streamed_and_read_anew_by_each_cursor()
    {
        var data = Load("x\n1\n", [new TextLoader.Column("X", DataKind.Single, 0)]);
        data.GetColumn<float>("X").Should().Equal(1);

        File.AppendAllText(_path, "2\n");

        data.GetColumn<float>("X").Should().Equal(1, 2);
        data.GetRowCount().Should().BeNull("nobody has counted the lines");
    }

    [Fact]
    public void A_column_that_was_not_asked_for_is_not_active()
    {
        var data = Load("x,y\n1,2\n", [new TextLoader.Column("X", DataKind.Single, 0), new TextLoader.Column("Y", DataKind.Single, 1)]);
        using var cursor = data.GetRowCursor([data.Schema["X"]]);

        cursor.IsColumnActive(data.Schema["X"]).Should().BeTrue();
        cursor.IsColumnActive(data.Schema["Y"]).Should().BeFalse();
        var getInactive = () => cursor.GetGetter<float>(data.Schema["Y"]);
        getInactive.Should().Throw<Exception>();
    }

    [Fact]
    public void A_getter_of_the_wrong_type_is_refused()
    {
        var data = Load("x\n1\n", [new TextLoader.Column("X", DataKind.Single, 0)]);
        using var cursor = data.GetRowCursor(data.Schema);

        var getWrong = () => cursor.GetGetter<double>(data.Schema["X"]);

        getWrong.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_missing_file_is_refused()
    {
        var load = () => _context.Data.LoadFromTextFile("no-such-file.csv", [new TextLoader.Column("X", DataKind.Single, 0)]);

        load.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*no-such-file.csv*");
    }

    private IDataView Load(string text, TextLoader.Column[] columns, bool allowQuoting = false)
    {
        File.WriteAllText(_path, text);
        return _context.Data.LoadFromTextFile(_path, columns, separatorChar: ',', hasHeader: true, allowQuoting: allowQuoting);
    }

    private sealed class Row
    {
        [LoadColumn(0, 1)]
        [VectorType(2)]
        public float[] Pair { get; set; } = [];

        [LoadColumn(2)]
        public double Third { get; set; }

        [LoadColumn(3)]
        public bool Label { get; set; }
    }
}
