using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>One-hot encoded categories: sparse up to the first layer, with the results of dense features to the last bit.</summary>
public class SparseFeaturesTests
{
    private static readonly MLContext Context = new(seed: 1);

    public static TheoryData<MultilayerPerceptronOptions> Options => new()
    {
        new MultilayerPerceptronOptions { HiddenLayers = [7, 5], Epochs = 3, BatchSize = 16 },
        new MultilayerPerceptronOptions { HiddenLayers = [40], Epochs = 3, BatchSize = 32, Normalization = NetworkNormalization.Layer, MeasureActivations = true },
        new MultilayerPerceptronOptions { HiddenLayers = [6], Epochs = 6, ValidationFraction = 0.3, EarlyStoppingPatience = 2, NormalizationPlacement = NormalizationPlacement.AfterActivation },
        new MultilayerPerceptronOptions { HiddenLayers = [], Epochs = 3, Optimizer = new NetworkOptimizer.Sgd() },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Sparse_features_give_the_network_that_dense_ones_give(MultilayerPerceptronOptions options)
    {
        var sparse = Fit(Sparse(OneHot(300)), options);
        var dense = Fit(Dense(OneHot(300)), options);

        sparse.Layers.Length.Should().Be(options.HiddenLayers.Length + 1);
        foreach ((MultilayerPerceptronLayer actual, MultilayerPerceptronLayer expected) in sparse.Layers.Zip(dense.Layers))
        {
            actual.Weights.Should().Equal(expected.Weights);
            actual.Bias.Should().Equal(expected.Bias);
            actual.RunningMean.Should().Equal(expected.RunningMean);
            actual.RunningVariance.Should().Equal(expected.RunningVariance);
        }
        sparse.History.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)).Should().Equal(dense.History.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)));
    }

    [Fact]
    public void The_sparse_product_is_the_dense_one_to_the_last_bit() =>
        (from rows in Gen.Int[1, 40]
         from inputs in Gen.Int[1, 60]
         from outputs in Gen.Int[1, 70]
         from seed in Gen.Int
         select (rows, inputs, outputs, seed)).Sample(
            shape =>
            {
                var random = new Random(shape.seed);
                float[] dense = Numbers(random, shape.rows * shape.inputs, zeros: 0.9);
                float[] weights = Numbers(random, shape.inputs * shape.outputs, zeros: 0);
                float[] bias = Numbers(random, shape.outputs, zeros: 0);
                float[] gradient = Numbers(random, shape.rows * shape.outputs, zeros: 0);
                var sparse = new SparseRows(shape.inputs);
                sparse.Add(Numbers(random, shape.inputs, zeros: 0), default); // a row before those that are multiplied
                for (int row = 0; row < shape.rows; row++)
                {
                    sparse.Add(dense.AsSpan(row * shape.inputs, shape.inputs), default);
                }
                var product = new MatrixProduct(team: null);
                var (expected, actual) = (new float[shape.rows * shape.outputs], new float[shape.rows * shape.outputs]);
                product.Multiply(dense, weights, expected, shape.rows, shape.inputs, shape.outputs, bias);
                SparseProduct.Multiply(new LayerInput(sparse, firstRow: 1), weights, bias, actual, shape.rows);
                actual.Should().Equal(expected);

                (expected, actual) = (new float[weights.Length], [.. weights]);
                product.MultiplyTransposed(dense, gradient, expected, shape.inputs, shape.rows, shape.outputs);
                SparseProduct.MultiplyTransposed(new LayerInput(sparse, firstRow: 1), gradient, actual, shape.rows, shape.outputs);
                actual.Should().Equal(expected);
            },
            seed: "0000KPqI8ng9",
            iter: 100);

    [Theory]
    [InlineData(0, 300, true)]
    [InlineData(20, 300, false)] // too many dense rows among them
    [InlineData(300, 300, false)]
    public void Features_stay_sparse_while_few_of_them_are_not_zero(int denseRows, int rowCount, bool staysSparse)
    {
        float[][] rows = OneHot(rowCount);
        // Not the first row: the sparse ones are under way when a dense one comes.
        for (int row = rowCount - denseRows; row < rowCount; row++)
        {
            Array.Fill(rows[row], row + 1);
        }

        NetworkData data = Read(Sparse(rows));

        (data.Sparse is not null).Should().Be(staysSparse);
        (data.Sparse?.ToDense() ?? data.Features).Should().Equal(rows.SelectMany(row => row));
        data.Targets.Should().Equal(rows.Select(Target));
    }

    [Fact]
    public void Zeros_that_are_given_are_not_kept()
    {
        NetworkData data = Read(View([new Row { Features = new VBuffer<float>(30, 2, [0, 5], [3, 9]) }, new Row { Features = new VBuffer<float>(30, 0, [], []) }]));

        data.Sparse!.ValueCount.Should().Be(1);
        data.Sparse.Columns(0).ToArray().Should().Equal(9);
        data.Sparse.Values(1).Length.Should().Be(0);
    }

    [Fact]
    public void A_missing_feature_is_named_by_its_slot()
    {
        var rows = View([new Row { Features = new VBuffer<float>(30, 1, [1], [3]) }, new Row { Features = new VBuffer<float>(30, 2, [1, float.NaN], [4, 17]) }]);

        Context.Invoking(_ => Read(rows)).Should().Throw<InvalidOperationException>().WithMessage("*slot 17*row 1*");
    }

    [Fact]
    public void Memory_goes_by_the_features_that_are_not_zero()
    {
        const int Categories = 100_000;
        IDataView view = View([.. Enumerable.Range(0, 2000).Select(row => new Row { Features = new VBuffer<float>(Categories, 1, [1], [row * 37 % Categories]), Target = row % 2 })]);
        var options = new MultilayerPerceptronOptions { HiddenLayers = [2], Epochs = 1, NumberOfThreads = 1, LabelColumnName = "Target" };

        long before = GC.GetAllocatedBytesForCurrentThread();
        Context.Regression.Trainers.MultilayerPerceptron(options).Fit(view);

        // Two neurons on 100,000 inputs are 0.8 MB, a few times; the rows would be 800 MB.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(50_000_000);
    }

    private static MultilayerPerceptronModel Fit(IDataView data, MultilayerPerceptronOptions options) =>
        Context.Regression.Trainers.MultilayerPerceptron(options with { LabelColumnName = "Target" }).Fit(data).Model;

    private static NetworkData Read(IDataView view) => NetworkDataReader.Read(
        view, NetworkTask.Regression, new NetworkColumns(view.Schema["Features"], view.Schema["Target"], null), HostEnvironment.Of(Context.Transforms), default);

    // Three categories of ten values each, and one number: 4 of 31 are not zero at most.
    private static float[][] OneHot(int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var row = new float[61];
            row[random.Next(20)] = 1;
            row[20 + random.Next(20)] = 1;
            row[40 + random.Next(20)] = 1;
            row[60] = (float)random.NextDouble();
            return row;
        })];
    }

    private static float Target(float[] row) => row[0] + (2 * row[25]) - row[60];

    private static float[] Numbers(Random random, int count, double zeros) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < zeros ? 0 : (float)(random.NextDouble() - 0.5))];

    private static IDataView Dense(float[][] rows) => View(rows.Select(row => new Row { Features = new VBuffer<float>(row.Length, row), Target = Target(row) }));

    private static IDataView Sparse(float[][] rows) => View(rows.Select(row =>
    {
        int[] columns = [.. Enumerable.Range(0, row.Length).Where(column => row[column] != 0)];
        return new Row
        {
            Features = new VBuffer<float>(row.Length, columns.Length, [.. columns.Select(column => row[column])], columns),
            Target = Target(row),
        };
    }));

    private static IDataView View(IEnumerable<Row> rows)
    {
        Row[] all = [.. rows];
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, all[0].Features.Length);
        return Context.Data.LoadFromEnumerable(all, schema);
    }

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public float Target { get; set; }
    }
}
