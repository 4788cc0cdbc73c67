using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>Writes a network to an ONNX graph, in operators that sets 9 to 12 have.</summary>
/// <remarks>
/// A dense layer is Gemm, with the weights as they lie. A row is normalized in double precision, as the network itself does it, so that what
/// the units have in common costs no digits.
/// </remarks>
internal static class OnnxNetwork
{
    /// <param name="graph">The graph, which holds the stages before.</param>
    /// <param name="network">What is written.</param>
    /// <param name="features">The column that it reads.</param>
    /// <param name="scoreColumns">The columns that it adds, in order.</param>
    /// <exception cref="InvalidOperationException">The feature column is not in the graph.</exception>
    public static void Write(
        OnnxGraph graph, FoldedNetwork network, DataViewSchema.Column features, IReadOnlyList<DataViewSchema.DetachedColumn> scoreColumns)
    {
        if (!graph.HasColumn(features.Name))
        {
            throw new InvalidOperationException(
                $"Column '{features.Name}', which the network reads, is not in the ONNX graph: a stage before it cannot be exported. "
                + "Export a pipeline of stages that can, or one that begins with this column.");
        }
        string rows = graph.VariableOf(features.Name);
        if (((VectorDataViewType)features.Type).Dimensions.Length > 1)
        {
            rows = graph.Add("Flatten", [rows]);
        }
        string outputs = rows;
        foreach (FoldedLayer layer in network.Layers)
        {
            outputs = WriteLayer(graph, layer, outputs);
        }
        WriteScores(graph, outputs, scoreColumns);
    }

    private static string WriteLayer(OnnxGraph graph, FoldedLayer layer, string input)
    {
        int outputCount = layer.Bias.Length;
        string values = graph.Add(
            "Gemm",
            [input, graph.Constant(layer.Weights, outputCount, layer.Weights.Length / outputCount), graph.Constant(layer.Bias, outputCount)],
            ("transB", 1L));
        if (layer.ByRow is { Placement: NormalizationPlacement.BeforeActivation } before)
        {
            values = WriteNormalization(graph, before, values);
        }
        if (layer.Activation is { } activation)
        {
            values = WriteActivation(graph, activation, values);
        }
        return layer.ByRow is { Placement: NormalizationPlacement.AfterActivation } behind ? WriteNormalization(graph, behind, values) : values;
    }

    private static string WriteActivation(OnnxGraph graph, ActivationFunction activation, string input) => activation switch
    {
        ActivationFunction.ReLU => graph.Add("Relu", [input]),
        ActivationFunction.LeakyReLU => graph.Add("LeakyRelu", [input], ("alpha", (double)ActivationKernels.LeakySlope)),
        ActivationFunction.Tanh => graph.Add("Tanh", [input]),
        ActivationFunction.Sigmoid => graph.Add("Sigmoid", [input]),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No operator of ONNX is known for this activation."),
    };

    private static string WriteNormalization(OnnxGraph graph, FoldedRowNormalization normalization, string input)
    {
        int count = normalization.Gamma.Length;
        bool hasGroups = normalization.GroupCount > 1;
        (string Name, object Value) alongRow = ("axes", new long[] { hasGroups ? 2 : 1 });
        string row = Cast(graph, input, typeof(double));
        if (hasGroups)
        {
            row = graph.Add("Reshape", [row, graph.Constant([-1L, normalization.GroupCount, normalization.GroupLength], 3)]);
        }
        string centered = normalization.Centers ? graph.Add("Sub", [row, graph.Add("ReduceMean", [row], alongRow)]) : row;
        string variance = graph.Add("ReduceMean", [graph.Add("Mul", [centered, centered])], alongRow);
        string deviation = graph.Add("Sqrt", [graph.Add("Add", [variance, graph.Constant(normalization.Epsilon)])]);
        string normalized = graph.Add("Div", [centered, deviation]);
        if (hasGroups)
        {
            normalized = graph.Add("Reshape", [normalized, graph.Constant([-1L, count], 2)]);
        }
        string scaled = graph.Add("Mul", [normalized, graph.Constant(normalization.Gamma, count)]);
        string shifted = graph.Add("Add", [scaled, graph.Constant(normalization.Beta, count)]);
        return Cast(graph, shifted, typeof(float));
    }

    private static string Cast(OnnxGraph graph, string input, Type type) => graph.Add("Cast", [input], ("to", type));

    private static void WriteScores(OnnxGraph graph, string outputs, IReadOnlyList<DataViewSchema.DetachedColumn> columns)
    {
        var variables = columns.ToDictionary(column => column.Name, column => graph.AddColumn(column.Name, column.Type));
        string score = variables[NetworkScoreColumns.Score];
        if (columns.Any(column => column.Name == NetworkScoreColumns.Score && column.Type is VectorDataViewType))
        {
            // The default axis is that of the classes.
            graph.AddTo(score, "Softmax", [outputs]);
            WriteClass(graph, score, variables[NetworkScoreColumns.PredictedLabel]);
            return;
        }
        graph.AddTo(score, "Identity", [outputs]);
        if (variables.TryGetValue(NetworkScoreColumns.Probability, out string? probability))
        {
            graph.AddTo(probability, "Sigmoid", [score]);
            graph.AddTo(variables[NetworkScoreColumns.PredictedLabel], "Greater", [score, graph.Constant(0f)]);
        }
    }

    /// <summary>The number of the largest class, from 1; 0, the missing key, where scores are no numbers.</summary>
    private static void WriteClass(OnnxGraph graph, string score, string predictedLabel)
    {
        (string Name, object Value) alongRow = ("axis", 1L);
        string largest = graph.Add("Add", [graph.Add("ArgMax", [score], alongRow), graph.Constant(1L)]);
        string sum = graph.Add("ReduceSum", [score], ("axes", new long[] { 1 }));
        string isNumber = Cast(graph, graph.Add("Not", [graph.Add("IsNaN", [sum])]), typeof(long));
        graph.AddTo(predictedLabel, "Cast", [graph.Add("Mul", [largest, isNumber])], ("to", typeof(uint)));
    }
}
