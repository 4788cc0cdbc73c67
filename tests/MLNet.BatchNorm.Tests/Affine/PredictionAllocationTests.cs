using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Affine;

public class PredictionAllocationTests
{
    private const int Predictions = 1000;

    [Fact]
    public void A_prediction_allocates_no_more_than_with_MLNets_own_normalizer()
    {
        var context = new MLContext(seed: 1);
        Row[] rows = [new() { Features = [1, 2, 3] }, new() { Features = [3, 5, 9] }];
        var data = context.Data.LoadFromEnumerable(rows);

        long stock = Allocated(context, context.Transforms.NormalizeMeanVariance(nameof(Row.Features), fixZero: false).Fit(data), rows[0]);
        long ours = Allocated(context, context.Transforms.Standardize(nameof(Row.Features)).Fit(data), rows[0]);

        // One object per row would be 24,000 bytes; what else runs on the thread is far less.
        ours.Should().BeLessThan(stock + 4000);
    }

    private static long Allocated(MLContext context, ITransformer model, Row row)
    {
        using var engine = context.Model.CreatePredictionEngine<Row, Row>(model);
        var result = engine.Predict(row);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Predictions; i++)
        {
            engine.Predict(row, ref result);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
