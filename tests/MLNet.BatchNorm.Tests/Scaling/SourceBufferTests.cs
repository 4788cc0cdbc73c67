using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>Sources may write to the buffer that they are given, or hand over one of their own; rows may be dense or sparse, in any order.</summary>
public class SourceBufferTests
{
    private const int Width = 20;
    private const int RowCount = 1500;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly float[] _values = RandomData.Normal(3, Width * RowCount, 50, 4).ToSingle();

    [Theory]
    [InlineData(Habit.WritesInPlace)]
    [InlineData(Habit.HandsOverItsOwn)]
    [InlineData(Habit.HandsOverItsOwnNowAndThen)]
    [InlineData(Habit.MakesLongerArrays)]
    public void However_rows_come_the_statistics_are_those_of_the_matrix(Habit habit)
    {
        var expected = new FeatureMoments(Width);
        expected.AddRows<float>(_values, RowCount);
        var data = new HabitDataView(_values, habit);

        Check(_mlContext.Transforms.Standardize("Features").Fit(data).Columns[0].Statistics, expected, 0);
        Check(_mlContext.Transforms.BatchNormalize("Features").Fit(data).Columns[0].Statistics, expected, 1e-10);
    }

    [Fact]
    public void Dense_and_sparse_rows_may_come_in_any_mixture()
    {
        for (int row = 0; row < RowCount; row++)
        {
            _values[(row * Width) + HabitDataView.SparseSlot] = row % 5 is 1 or 2 ? 0 : _values[(row * Width) + HabitDataView.SparseSlot];
        }

        var expected = new FeatureMoments(Width);
        expected.AddRows<float>(_values, RowCount);

        Check(_mlContext.Transforms.Standardize("Features").Fit(new HabitDataView(_values, Habit.IsSparseNowAndThen)).Columns[0].Statistics, expected, 1e-10);
    }

    [Fact]
    public void An_infinity_is_named_by_its_row_among_dense_and_sparse_ones()
    {
        _values[(777 * Width) + 19] = float.PositiveInfinity;
        foreach (var habit in Enum.GetValues<Habit>())
        {
            FluentActions.Invoking(() => _mlContext.Transforms.Standardize("Features").Fit(new HabitDataView(_values, habit)))
                .Should().Throw<InvalidOperationException>().WithMessage("Column 'Features', slot 19 is infinite in row 777 *");
        }
    }

    [Fact]
    public void Several_columns_and_weights_read_the_same_rows()
    {
        double[][] rows = Rows.Random(700, Width, seed: 5);
        double[] weights = [.. Enumerable.Range(0, 700).Select(row => row % 3 * 0.5)];
        var expected = new FeatureMoments(Width);
        expected.AddRows<double>([.. rows.SelectMany(row => row)], 700, weights);
        var data = _mlContext.Transforms.CopyColumns("Second", Rows.Column).Fit(Rows.Of(_mlContext, rows, weights)).Transform(Rows.Of(_mlContext, rows, weights));

        var fitted = _mlContext.Transforms.Standardize([new InputOutputColumnPair(Rows.Column), new InputOutputColumnPair("Second")], new StandardizationOptions { WeightColumnName = Rows.Weight }).Fit(data);

        Check(fitted.Columns[0].Statistics, expected, 0);
        Check(fitted.Columns[1].Statistics, expected, 0);
    }

    private static void Check(IReadOnlyList<FeatureStatistics> found, FeatureMoments expected, double tolerance)
    {
        for (int slot = 0; slot < Width; slot++)
        {
            found[slot].Count.Should().Be(expected.Count[slot]);
            found[slot].Mean.Should().BeApproximately(expected.Mean[slot], tolerance);
            found[slot].PopulationVariance.Should().BeApproximately(expected.PopulationVariance[slot], tolerance);
            found[slot].Minimum.Should().Be(expected.Minimum[slot]);
            found[slot].Maximum.Should().Be(expected.Maximum[slot]);
        }
    }

    public enum Habit
    {
        WritesInPlace,
        HandsOverItsOwn,
        HandsOverItsOwnNowAndThen,
        MakesLongerArrays,
        IsSparseNowAndThen,
    }

    private sealed class HabitDataView : IDataView
    {
        /// <summary>What sparse rows leave out.</summary>
        public const int SparseSlot = 4;

        private readonly float[] _values;
        private readonly Habit _habit;

        public HabitDataView(float[] values, Habit habit)
        {
            _values = values;
            _habit = habit;
            var builder = new DataViewSchema.Builder();
            builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, Width));
            Schema = builder.ToSchema();
        }

        public bool CanShuffle => false;

        public DataViewSchema Schema { get; }

        public long? GetRowCount() => RowCount;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [new Cursor(this)];

        private sealed class Cursor(HabitDataView view) : DataViewRowCursor
        {
            private int _row = -1;

            public override long Position => _row;

            public override long Batch => 0;

            public override DataViewSchema Schema => view.Schema;

            public override bool MoveNext() => ++_row < RowCount;

            public override bool IsColumnActive(DataViewSchema.Column column) => true;

            public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_row, 0);

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
                (ValueGetter<TValue>)(Delegate)new ValueGetter<VBuffer<float>>(Get);

            private void Get(ref VBuffer<float> row)
            {
                var values = view._values.AsSpan(_row * Width, Width);
                switch (view._habit)
                {
                    case Habit.HandsOverItsOwn:
                    case Habit.HandsOverItsOwnNowAndThen when _row % 7 == 3:
                        row = new VBuffer<float>(Width, values.ToArray());
                        return;
                    case Habit.MakesLongerArrays when _row < 100:
                        row = new VBuffer<float>(Width, [.. values, -1, -2, -3]);
                        return;
                    case Habit.IsSparseNowAndThen when _row % 5 is 1 or 2:
                        var sparse = VBufferEditor.Create(ref row, Width, Width - 1);
                        for (int i = 0; i < Width - 1; i++)
                        {
                            sparse.Indices[i] = i < SparseSlot ? i : i + 1;
                            sparse.Values[i] = values[sparse.Indices[i]];
                        }
                        row = sparse.Commit();
                        return;
                    default:
                        var editor = VBufferEditor.Create(ref row, Width);
                        values.CopyTo(editor.Values);
                        row = editor.Commit();
                        return;
                }
            }
        }
    }
}
