using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.MLNetContract;

/// <summary>Schemas, column types, annotations and row ids.</summary>
public class DataViewSchemaTests
{
    [Fact]
    public void The_last_of_several_columns_with_one_name_hides_the_others()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Double);
        var schema = builder.ToSchema();

        schema.Count.Should().Be(3);
        schema["A"].Index.Should().Be(2);
        schema.Select(column => column.IsHidden).Should().Equal(true, false, false);
        schema.GetColumnOrNull("C").Should().BeNull();
        schema.ToString().Should().Be("3 columns");
    }

    [Fact]
    public void A_column_that_is_not_there_is_named()
    {
        var schema = new DataViewSchema.Builder().ToSchema();

        schema.Invoking(s => s["Age"]).Should().Throw<ArgumentOutOfRangeException>().WithMessage("Column 'Age' not found*");
        schema.Invoking(s => s[0]).Should().Throw<ArgumentOutOfRangeException>();
        schema.Invoking(s => s[""]).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Types_are_equal_by_what_they_say()
    {
        var vector = new VectorDataViewType(NumberDataViewType.Single, 2, 3);

        vector.Equals(new VectorDataViewType(NumberDataViewType.Single, 2, 3)).Should().BeTrue();
        vector.Equals(new VectorDataViewType(NumberDataViewType.Single, 6)).Should().BeFalse("the dimensions differ");
        vector.Equals(new VectorDataViewType(NumberDataViewType.Double, 2, 3)).Should().BeFalse();
        new KeyDataViewType(typeof(uint), 3).Equals(new KeyDataViewType(typeof(uint), 3)).Should().BeTrue();
        new KeyDataViewType(typeof(uint), 3).Equals(new KeyDataViewType(typeof(uint), 4)).Should().BeFalse();
        new KeyDataViewType(typeof(uint), 3).Equals(NumberDataViewType.UInt32).Should().BeFalse();
    }

    [Fact]
    public void Types_are_written_as_ML_NET_writes_them()
    {
        NumberDataViewType.Single.ToString().Should().Be("Single");
        TextDataViewType.Instance.ToString().Should().Be("String");
        BooleanDataViewType.Instance.ToString().Should().Be("Boolean");
        new KeyDataViewType(typeof(uint), 3).ToString().Should().Be("Key<UInt32, 0-2>");
        new VectorDataViewType(NumberDataViewType.Single, 4).ToString().Should().Be("Vector<Single, 4>");
        new VectorDataViewType(NumberDataViewType.Single).ToString().Should().Be("Vector<Single>");
        new VectorDataViewType(NumberDataViewType.Single, 3, 0).ToString().Should().Be("Vector<Single, 3, *>");
    }

    [Fact]
    public void A_vector_has_the_size_of_its_dimensions_multiplied()
    {
        var image = new VectorDataViewType(NumberDataViewType.Single, 3, 4, 5);

        image.Size.Should().Be(60);
        image.Dimensions.Should().Equal(3, 4, 5);
        image.RawType.Should().Be<VBuffer<float>>();
        new VectorDataViewType(NumberDataViewType.Single, 0).IsKnownSize.Should().BeFalse();
    }

    [Fact]
    public void Types_that_cannot_be_are_refused()
    {
        var noKeyType = () => new KeyDataViewType(typeof(int), 3);
        var emptyKey = () => new KeyDataViewType(typeof(uint), 0ul);
        var tooManyKeys = () => new KeyDataViewType(typeof(byte), 256);
        var negativeSize = () => new VectorDataViewType(NumberDataViewType.Single, -1);

        noKeyType.Should().Throw<ArgumentOutOfRangeException>();
        emptyKey.Should().Throw<ArgumentOutOfRangeException>();
        tooManyKeys.Should().Throw<ArgumentOutOfRangeException>();
        negativeSize.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Annotations_give_their_values_by_kind()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        builder.Add<float>("Weight", NumberDataViewType.Single, (ref float value) => value = 2.5f);
        var annotations = builder.ToAnnotations();
        float weight = 0;
        annotations.GetValue("Weight", ref weight);

        weight.Should().Be(2.5f);
        annotations.ToString().Should().Be("IsNormalized, Weight");
        annotations.Invoking(a => a.GetValue("Other", ref weight)).Should().Throw<InvalidOperationException>();
        annotations.Invoking(a => a.GetGetter<double>(a.Schema["Weight"])).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Annotations_of_another_column_are_taken_over_by_selection()
    {
        var source = new DataViewSchema.Annotations.Builder();
        source.AddPrimitiveValue("A", NumberDataViewType.Int32, 1);
        source.AddPrimitiveValue("B", NumberDataViewType.Int32, 2);
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(source.ToAnnotations(), kind => kind == "B");

        builder.ToAnnotations().Schema.Select(column => column.Name).Should().Equal("B");
    }

    [Fact]
    public void An_annotation_whose_value_is_not_of_its_type_is_refused()
    {
        var builder = new DataViewSchema.Annotations.Builder();

        builder.Invoking(b => b.AddPrimitiveValue("A", NumberDataViewType.Int32, 1.5)).Should().Throw<ArgumentException>();
        builder.Invoking(b => b.Add("A", NumberDataViewType.Int32, (ref double value) => value = 1)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Columns_print_their_name_type_and_annotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Age", NumberDataViewType.Single);
        builder.AddColumn("Scaled", NumberDataViewType.Single, annotations.ToAnnotations());

        builder.ToSchema().Select(column => column.ToString()).Should().Equal("Age: Single", "Scaled: Single {IsNormalized}");
    }

    [Fact]
    public void Row_ids_are_ordered_by_their_high_half_first()
    {
        new DataViewRowId(9, 0).CompareTo(new DataViewRowId(0, 1)).Should().BeNegative();
        new DataViewRowId(1, 2).Equals(new DataViewRowId(1, 2)).Should().BeTrue();
        new DataViewRowId(0x1f, 0xa).ToString().Should().Be("000000000000000a000000000000001f");
    }
}
