namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>
/// The same network written out in double precision, one number at a time and without any gradient: what finite differences are taken of.
/// </summary>
internal sealed class ReferenceNetwork
{
    private readonly MultilayerPerceptronOptions _options;
    private readonly NetworkTask _task;

    public ReferenceNetwork(NeuralNetwork network, NetworkTask task, MultilayerPerceptronOptions options)
    {
        (_task, _options) = (task, options);
        foreach (var dense in network.HiddenLayers.Select(layer => layer.Dense).Append(network.OutputLayer))
        {
            Weights.Add(Array.ConvertAll(dense.Weights, value => (double)value));
            Biases.Add(Array.ConvertAll(dense.Bias, value => (double)value));
        }

        foreach (var normalization in network.HiddenLayers.Select(layer => layer.Normalization).OfType<NormalizationLayer>())
        {
            Gammas.Add(normalization.Gamma.ToArray());
            Betas.Add(normalization.Beta.ToArray());
        }
    }

    /// <summary>[inputs, outputs] per layer.</summary>
    public List<double[]> Weights { get; } = [];

    public List<double[]> Biases { get; } = [];

    public List<double[]> Gammas { get; } = [];

    public List<double[]> Betas { get; } = [];

    /// <summary>The least distance of a number that an activation receives from 0, where the rectifiers have their kink, in the last pass.</summary>
    public double LeastDistanceFromKink { get; private set; }

    public double Loss(float[] features, float[] targets, float[]? weights)
    {
        int rows = targets.Length;
        double[][] values = [.. Enumerable.Range(0, rows).Select(row =>
            features.Skip(row * (features.Length / rows)).Take(features.Length / rows).Select(value => (double)value).ToArray())];
        LeastDistanceFromKink = double.PositiveInfinity;
        for (int layer = 0; layer < Weights.Count; layer++)
        {
            values = Array.ConvertAll(values, row => Dense(row, Weights[layer], Biases[layer]));
            if (layer < Weights.Count - 1)
            {
                values = _options.NormalizationPlacement == NormalizationPlacement.BeforeActivation
                    ? Activate(Normalize(values, layer))
                    : Normalize(Activate(values), layer);
            }
        }

        double sum = 0;
        double weightSum = 0;
        for (int row = 0; row < rows; row++)
        {
            double weight = weights?[row] ?? 1;
            sum += weight * RowLoss(values[row], targets[row]);
            weightSum += weight;
        }

        return sum / weightSum;
    }

    private double RowLoss(double[] z, double target) => _task switch
    {
        NetworkTask.BinaryClassification => Math.Log(1 + Math.Exp(z[0])) - (target * z[0]),
        NetworkTask.MulticlassClassification => Math.Log(z.Sum(Math.Exp)) - z[(int)target],
        _ => (z[0] - target) * (z[0] - target) / 2,
    };

    private static double[] Dense(double[] x, double[] weights, double[] bias) =>
        [.. bias.Select((value, j) => value + x.Select((input, i) => input * weights[(i * bias.Length) + j]).Sum())];

    private double[][] Activate(double[][] rows) => Array.ConvertAll(rows, row => Array.ConvertAll(row, value =>
    {
        LeastDistanceFromKink = Math.Min(LeastDistanceFromKink, Math.Abs(value));
        return _options.Activation switch
        {
            ActivationFunction.ReLU => Math.Max(0, value),
            ActivationFunction.LeakyReLU => value > 0 ? value : 0.01 * value,
            ActivationFunction.Tanh => Math.Tanh(value),
            _ => 1 / (1 + Math.Exp(-value)),
        };
    }));

    private double[][] Normalize(double[][] rows, int layer)
    {
        if (_options.Normalization == NetworkNormalization.None)
        {
            return rows;
        }

        double[][] result = Array.ConvertAll(rows, row => (double[])row.Clone());
        foreach (var group in Groups(rows.Length, rows[0].Length))
        {
            double mean = _options.Normalization == NetworkNormalization.RMS ? 0 : group.Average(cell => rows[cell.Row][cell.Column]);
            double variance = group.Average(cell => Math.Pow(rows[cell.Row][cell.Column] - mean, 2));
            foreach (var (row, column) in group)
            {
                result[row][column] = (Gammas[layer][column] * (rows[row][column] - mean) / Math.Sqrt(variance + _options.NormalizationEpsilon)) + Betas[layer][column];
            }
        }

        return result;
    }

    // What is normalized together: parts of a column, a row, or parts of a row.
    private IEnumerable<(int Row, int Column)[]> Groups(int rowCount, int columnCount)
    {
        bool overBatches = _options.Normalization is NetworkNormalization.Batch or NetworkNormalization.BatchRenorm;
        int groupCount = overBatches ? Math.Max(1, rowCount / (_options.GhostBatchSize ?? rowCount)) : _options.Normalization == NetworkNormalization.Group ? _options.GroupCount : 1;
        int length = overBatches ? _options.GhostBatchSize ?? rowCount : columnCount / groupCount;
        return from index in Enumerable.Range(0, overBatches ? columnCount : rowCount)
               from part in Enumerable.Range(0, groupCount)
               let end = part == groupCount - 1 ? (overBatches ? rowCount : columnCount) : (part + 1) * length
               select Enumerable.Range(part * length, end - (part * length)).Select(other => overBatches ? (other, index) : (index, other)).ToArray();
    }
}
