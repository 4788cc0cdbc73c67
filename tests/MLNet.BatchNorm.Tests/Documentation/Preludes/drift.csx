// The reader's own data, for the code block of docs/drift.md: what the scaling was fitted on, and what has come since.
class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];
}

IDataView FeaturesOf(int seed, float shift)
{
    var random = new Random(seed);
    return new MLContext().Data.LoadFromEnumerable(
        Enumerable.Range(0, 1000).Select(_ => new Row { Features = [random.NextSingle(), random.NextSingle() + shift] }).ToList());
}

var newFeatures = FeaturesOf(seed: 2, shift: 1);
var batchNorm = new MLContext().Transforms.BatchNormalize("Features").Fit(FeaturesOf(seed: 1, shift: 0));
