using Microsoft.ML;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// The streams of a stock prediction transformer with a linear model: logistic with a calibrator that gives the sigmoid, softmax, or the
/// linear score itself.
/// </summary>
/// <param name="task">What is predicted.</param>
/// <param name="trainSchema">Holds the feature column, and the label column, whose key values name the classes.</param>
/// <param name="featureColumnName">A vector of the layer's inputs.</param>
/// <param name="labelColumnName">The label.</param>
internal sealed class StockPredictor(NetworkTask task, DataViewSchema trainSchema, string featureColumnName, string labelColumnName)
{
    private const string Score = "Score";
    private const string PredictedLabel = "PredictedLabel";
    private const string ModelFolder = "Model";
    private const string TrainSchemaEntry = "TrainSchema";

    public IEnumerable<(string Name, byte[] Bytes)> Create(StockLayer layer)
    {
        IEnumerable<(string Name, byte[] Bytes)> transformer =
        [
            (ModelArchive.ModelEntry, StockModelStream.Create(Component, WriteTransformer)),
            (TrainSchemaEntry, StockChain.WriteSchema(trainSchema)),
        ];
        return transformer.Concat(CreateModel(layer).Select(entry => ($"{ModelFolder}/{entry.Name}", entry.Bytes)));
    }

    private StockComponent Component => task switch
    {
        NetworkTask.BinaryClassification => StockComponent.BinaryPrediction,
        NetworkTask.MulticlassClassification => StockComponent.MulticlassPrediction,
        _ => StockComponent.RegressionPrediction,
    };

    private void WriteTransformer(BinaryWriter writer, StringTable strings)
    {
        writer.Write(strings.IndexOf(featureColumnName));
        if (task == NetworkTask.BinaryClassification)
        {
            writer.Write(0f); // from which score on the label is true
            writer.Write(strings.IndexOf(Score));
        }
        if (task == NetworkTask.MulticlassClassification)
        {
            writer.Write(strings.IndexOf(labelColumnName));
            writer.Write(strings.IndexOf(Score));
            writer.Write(strings.IndexOf(PredictedLabel));
        }
    }

    private IEnumerable<(string Name, byte[] Bytes)> CreateModel(StockLayer layer) => task switch
    {
        NetworkTask.BinaryClassification =>
        [
            (ModelArchive.ModelEntry, StockModelStream.Create(StockComponent.CalibratedModel, (_, _) => { })),
            ($"Predictor/{ModelArchive.ModelEntry}", CreateLinear(StockComponent.BinaryModel, layer)),
            ($"Calibrator/{ModelArchive.ModelEntry}", CreateSigmoid()),
        ],
        NetworkTask.MulticlassClassification => [(ModelArchive.ModelEntry, CreateSoftmax(layer))],
        _ => [(ModelArchive.ModelEntry, CreateLinear(StockComponent.RegressionModel, layer))],
    };

    private static byte[] CreateLinear(StockComponent component, StockLayer layer) => StockModelStream.Create(component, (writer, _) =>
    {
        writer.Write(sizeof(float));
        writer.Write(layer.Bias[0]);
        writer.Write(layer.InputCount);
        writer.Write(0); // no indices: every weight is given
        writer.Write(layer.InputCount);
        WriteSingles(writer, layer.Weights);
    });

    private static byte[] CreateSoftmax(StockLayer layer) => StockModelStream.Create(StockComponent.MulticlassModel, (writer, _) =>
    {
        writer.Write(sizeof(float));
        writer.Write(layer.InputCount);
        writer.Write(layer.OutputCount);
        WriteSingles(writer, layer.Bias);
        writer.Write(0); // no row starts
        writer.Write(0); // and no indices: every weight is given
        writer.Write(layer.Weights.Length);
        WriteSingles(writer, layer.Weights);
    });

    private static byte[] CreateSigmoid() => StockModelStream.Create(StockComponent.PlattCalibrator, (writer, _) =>
    {
        // 1 / (1 + exp(slope score + offset))
        writer.Write(-1.0);
        writer.Write(0.0);
    });

    private static void WriteSingles(BinaryWriter writer, float[] values) => Array.ForEach(values, writer.Write);
}
