// The reader's own data, for the code blocks of docs/networks.md: features that are scaled, and a label with a key.
var mlContext = new MLContext(seed: 1);
IDataView file = mlContext.Data.LoadFromTextFile(
    "iris.csv",
    new[] { new TextLoader.Column("Features", DataKind.Single, 0, 3), new TextLoader.Column("Species", DataKind.String, 4) },
    separatorChar: ',',
    hasHeader: true);
var scaling = mlContext.Transforms.Conversion.MapValueToKey("Label", "Species").Append(mlContext.Transforms.Standardize("Features"));
IDataView data = scaling.Fit(file).Transform(file);
