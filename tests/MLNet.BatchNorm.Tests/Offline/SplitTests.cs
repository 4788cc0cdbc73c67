using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>Splits into training and test rows; the same on both providers.</summary>
public class SplitTests
{
    private static readonly int[] FourPerKey = [4, 4, 4, 4, 4];

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Folds_test_each_row_once_and_train_on_the_others()
    {
        var folds = _context.Data.CrossValidationSplit(Rows(60), numberOfFolds: 3, seed: 5);

        folds.Should().HaveCount(3);
        folds.SelectMany(fold => Values(fold.TestSet)).Order().Should().Equal(Enumerable.Range(0, 60).Select(i => (float)i));
        folds.Should().AllSatisfy(fold => Values(fold.TrainSet).Concat(Values(fold.TestSet)).Should().HaveCount(60));
    }

    [Fact]
    public void The_first_fold_holds_the_rows_that_ML_NET_puts_there()
    {
        var folds = _context.Data.CrossValidationSplit(Rows(20), numberOfFolds: 4, seed: 5);

        // Read off Microsoft.ML 5.0.0.
        Values(folds[0].TestSet).Should().Equal(1, 2, 15, 17);
    }

    [Fact]
    public void Without_a_seed_the_contexts_counts_and_without_one_42()
    {
        var data = Rows(100);

        float[] Test(MLContext context, int? seed) => Values(context.Data.TrainTestSplit(data, 0.2, seed: seed).TestSet);

        Test(new MLContext(seed: 9), null).Should().Equal(Test(new MLContext(), 9));
        Test(new MLContext(), null).Should().Equal(Test(new MLContext(), 42));
    }

    [Fact]
    public void Rows_of_one_group_stay_together()
    {
        var split = _context.Data.TrainTestSplit(Rows(200), 0.3, samplingKeyColumnName: "Group");

        var test = split.TestSet.GetColumn<string>("Group").Distinct().ToList();
        var train = split.TrainSet.GetColumn<string>("Group").Distinct().ToList();
        test.Should().NotIntersectWith(train);
        test.Concat(train).Should().HaveCount(10);
    }

    [Fact]
    public void Key_columns_part_by_the_order_of_their_categories()
    {
        var split = _context.Data.TrainTestSplit(Rows(20), 0.4, samplingKeyColumnName: "Key");

        split.TestSet.GetColumn<uint>("Key").Distinct().Order().Should().Equal(1, 2);
        split.TrainSet.GetColumn<uint>("Key").Distinct().Order().Should().Equal(3, 4, 5);
        split.TestSet.GetColumn<uint>("Key").Concat(split.TrainSet.GetColumn<uint>("Key")).CountBy(key => key)
            .Select(pair => pair.Value).Should().Equal(FourPerKey);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_fraction_that_leaves_a_set_empty_is_refused(double fraction)
    {
        var split = () => _context.Data.TrainTestSplit(Rows(5), fraction);

        split.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_sampling_column_that_is_not_there_is_named()
    {
        var split = () => _context.Data.TrainTestSplit(Rows(5), samplingKeyColumnName: "Nobody");

        split.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Nobody*");
    }

    [Fact]
    public void Splits_have_the_columns_of_their_source()
    {
        var split = _context.Data.TrainTestSplit(Rows(5));

        split.TrainSet.Schema.Select(column => column.Name).Should().Equal("X", "Group", "Key");
    }

    private static float[] Values(IDataView data) => [.. data.GetColumn<float>("X")];

    private IDataView Rows(int count) => _context.Data.LoadFromEnumerable(
        Enumerable.Range(0, count).Select(i => new Row { X = i, Group = $"group {i % 10}", Key = (uint)(i % 5) }));

    private sealed class Row
    {
        public float X { get; set; }

        public string Group { get; set; } = "";

        [KeyType(5)]
        public uint Key { get; set; }
    }
}
