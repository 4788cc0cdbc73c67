using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.MLNetContract;

/// <summary>Dense and sparse vectors and their editors.</summary>
public class VBufferTests
{
    private static VBuffer<float> Sparse => new(5, 2, [10, 20], [1, 4]);

    [Fact]
    public void A_sparse_vector_is_default_between_its_explicit_values()
    {
        Sparse.IsDense.Should().BeFalse();
        Sparse.GetValues().ToArray().Should().Equal(10, 20);
        Sparse.GetIndices().ToArray().Should().Equal(1, 4);
        Sparse.DenseValues().Should().Equal(0, 10, 0, 0, 20);
        Sparse.GetItemOrDefault(4).Should().Be(20);
        Sparse.GetItemOrDefault(3).Should().Be(0);
        Sparse.ToString().Should().Be("Sparse vector of size 5, 2 explicit values");
    }

    [Fact]
    public void Items_are_the_explicit_ones_unless_all_are_asked_for()
    {
        Sparse.Items().Select(item => (item.Key, item.Value)).Should().Equal((1, 10f), (4, 20f));
        Sparse.Items(all: true).Select(item => (item.Key, item.Value)).Should().Equal((0, 0f), (1, 10f), (2, 0f), (3, 0f), (4, 20f));
    }

    [Fact]
    public void A_dense_vector_has_no_indices_even_if_it_was_given_some()
    {
        var dense = new VBuffer<float>(2, [1, 2], [0, 1]);

        dense.IsDense.Should().BeTrue();
        dense.GetIndices().Length.Should().Be(0);
        dense.ToString().Should().Be("Dense vector of size 2");
    }

    [Fact]
    public void A_vector_may_be_shorter_than_its_array()
    {
        var vector = new VBuffer<float>(2, [1, 2, 99]);

        vector.GetValues().ToArray().Should().Equal(1, 2);
        vector.DenseValues().Should().Equal(1, 2);
    }

    [Fact]
    public void The_default_is_a_dense_vector_without_slots()
    {
        var vector = default(VBuffer<float>);

        vector.Length.Should().Be(0);
        vector.IsDense.Should().BeTrue();
        vector.DenseValues().Should().BeEmpty();
    }

    [Fact]
    public void A_copy_keeps_its_layout_and_shares_nothing()
    {
        float[] values = [10, 20];
        var copy = default(VBuffer<float>);
        new VBuffer<float>(5, 2, values, [1, 4]).CopyTo(ref copy);
        values[0] = -1;

        copy.IsDense.Should().BeFalse();
        copy.DenseValues().Should().Equal(0, 10, 0, 0, 20);
    }

    [Fact]
    public void A_dense_copy_fills_what_was_left_over_in_the_destination()
    {
        var destination = new VBuffer<float>(5, [9, 9, 9, 9, 9]);
        Sparse.CopyToDense(ref destination);

        destination.IsDense.Should().BeTrue();
        destination.GetValues().ToArray().Should().Equal(0, 10, 0, 0, 20);
    }

    [Fact]
    public void Copying_to_a_span_starts_where_told_and_fills_with_the_given_default()
    {
        float[] destination = [7, 7, 7, 7, 7, 7, 7];
        Sparse.CopyTo(destination, 1, -1);

        destination.Should().Equal(7, -1, 10, -1, -1, 20, 7);
    }

    [Fact]
    public void A_span_that_is_too_short_is_refused()
    {
        var copy = () => Sparse.CopyTo(new float[4]);

        copy.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void A_slot_outside_is_refused(int slot)
    {
        var get = () => Sparse.GetItemOrDefault(slot);

        get.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Arrays_that_are_too_short_for_the_count_are_refused()
    {
        var values = () => new VBuffer<float>(3, [1, 2]);
        var indices = () => new VBuffer<float>(3, 2, [1, 2], [0]);

        values.Should().Throw<ArgumentOutOfRangeException>();
        indices.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void An_editor_reuses_the_arrays_that_are_large_enough()
    {
        float[] array = new float[4];
        var vector = new VBuffer<float>(4, array);

        var editor = VBufferEditor.Create(ref vector, 3);
        editor.Values[0] = 5;
        vector = editor.Commit();

        editor.CreatedNewValues.Should().BeFalse();
        vector.Length.Should().Be(3);
        array[0].Should().Be(5);
        VBufferEditor.Create(ref vector, 5).CreatedNewValues.Should().BeTrue();
    }

    [Fact]
    public void An_editor_for_fewer_values_than_slots_makes_a_sparse_vector()
    {
        var vector = default(VBuffer<float>);

        var editor = VBufferEditor.Create(ref vector, 6, 2);
        (editor.Values[0], editor.Indices[0]) = (3, 2);
        (editor.Values[1], editor.Indices[1]) = (4, 5);

        editor.CreatedNewIndices.Should().BeTrue();
        editor.Commit().DenseValues().Should().Equal(0, 0, 3, 0, 0, 4);
        editor.CommitTruncated(1).DenseValues().Should().Equal(0, 0, 3, 0, 0, 0);
    }

    [Fact]
    public void An_editor_from_a_buffer_has_its_values_and_indices()
    {
        var vector = Sparse;
        var editor = VBufferEditor.CreateFromBuffer(ref vector);

        editor.Values.ToArray().Should().Equal(10, 20);
        editor.Indices.ToArray().Should().Equal(1, 4);
    }

    [Fact]
    public void Old_values_are_kept_on_growth_only_where_asked_for()
    {
        var vector = new VBuffer<float>(2, [1, 2]);
        var kept = VBufferEditor.Create(ref vector, 4, keepOldOnResize: true);

        kept.Values.ToArray().Should().Equal(1, 2, 0, 0);
    }
}
