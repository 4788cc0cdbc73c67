using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>
/// Trains a <see cref="MultilayerPerceptronTransformer"/>: dense layers with batch normalization between them, learned by mini-batch
/// gradient descent with backpropagation.
/// </summary>
/// <remarks>
/// <para>
/// <b>Estimator characteristics</b>
/// <list type="table">
/// <item><term>Machine learning task</term><description>Binary classification, multiclass classification, regression: made from the catalog of the task</description></item>
/// <item><term>Is normalization required?</term><description>Yes: put Standardize or one of ML.NET's normalizers before it</description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once and held in memory, four bytes per feature</description></item>
/// <item><term>Feature column</term><description>A vector of Single of known size; dense or sparse</description></item>
/// <item><term>Label column</term><description>Two classes: Boolean, a key of two values (the second is positive), or Single or Double that are 0 or 1. More classes: a key of UInt32, as MapValueToKey gives it. Regression: Single or Double</description></item>
/// <item><term>Weight column</term><description>Optional: a scalar Single or Double, zero or positive</description></item>
/// <item><term>Output columns</term><description>Two classes: PredictedLabel, Score (the logarithm of the odds), Probability. More classes: PredictedLabel, Score (a probability per class). Regression: Score</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MLNet.BatchNorm</description></item>
/// </list>
/// </para>
/// <para>
/// With inputs x, a hidden layer is z = W x + b, normalized over the mini-batch as in Ioffe and Szegedy, "Batch normalization:
/// accelerating deep network training by reducing internal covariate shift" (2015), algorithm 1, and then f(z), the activation; the last
/// layer is W x + b. The loss is the mean over the batch of the cross-entropy for classes, and of the squared error for regression, whose
/// labels are standardized for the training. The gradient flows through the batch's mean and variance; gamma and beta are learned, and
/// running statistics take the batch's place at inference.
/// </para>
/// <para>
/// Rows whose label is missing are left out, with a warning; rows of weight 0 too. A missing (NaN) or infinite feature is an error that
/// names the column, the slot and the row. Data without rows, or whose rows are all of one class, are an error, and so is a training that
/// diverges. Messages go to <see cref="MLContext.Log"/>, one line per epoch, and a warning where features are not scaled at all: where the root
/// mean square of one is beyond 1000, or that of all below 0.001.
/// </para>
/// <para>
/// The same data, options and number of threads give the same network to the last bit. A trainer can be used from many threads.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var mlContext = new MLContext(seed: 1);
/// var data = mlContext.Data.LoadFromTextFile("iris.csv",
///     [new TextLoader.Column("Features", DataKind.Single, 0, 3), new TextLoader.Column("Species", DataKind.String, 4)], separatorChar: ',', hasHeader: true);
/// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label", "Species")
///     .Append(mlContext.Transforms.Standardize("Features"))
///     .Append(mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(new MultilayerPerceptronOptions { HiddenLayers = [32, 16] }))
///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
/// var results = mlContext.MulticlassClassification.CrossValidate(data, pipeline);
/// Console.WriteLine(results.Average(result => result.Metrics.MicroAccuracy));
/// </code>
/// </example>
public sealed class MultilayerPerceptronTrainer : IEstimator<MultilayerPerceptronTransformer>
{
    private readonly HostEnvironment _host;
    private readonly NetworkTask _task;
    private readonly MultilayerPerceptronOptions _options;

    internal MultilayerPerceptronTrainer(HostEnvironment host, NetworkTask task, MultilayerPerceptronOptions? options)
    {
        _host = host;
        _task = task;
        _options = options ?? new MultilayerPerceptronOptions();
        _options.Validate();
    }

    /// <summary>Reads the data once, trains on them, and returns the network as a transformer.</summary>
    /// <param name="input">The data to learn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that the network cannot learn from.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are no rows, or rows of one class only; a feature is missing or infinite; a weight is negative; a layer would have more weights
    /// than an array holds.
    /// </exception>
    /// <exception cref="NetworkDivergedException">
    /// The loss of the training or of the validation rows is no longer a finite number, or a thousand times what it was before the first step.
    /// </exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public MultilayerPerceptronTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Train(input, null, nameof(input));
    }

    /// <summary>
    /// Trains on one set of data and watches the loss on another: what <see cref="EpochProgress.ValidationLoss"/> and early stopping go by.
    /// <see cref="MultilayerPerceptronOptions.ValidationFraction"/> is not looked at.
    /// </summary>
    /// <param name="trainData">The data to learn from.</param>
    /// <param name="validationData">Other rows, with the same columns.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public MultilayerPerceptronTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        return Train(trainData, validationData, nameof(trainData));
    }

    /// <summary>
    /// Goes on from a trained network, as ML.NET's online trainers do from theirs: from its weights and statistics, for
    /// <see cref="MultilayerPerceptronOptions.Epochs"/> more epochs. Epochs are counted on, and with them the learning rate's schedule, the
    /// order of the rows and dropout.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Where the model was trained with <see cref="MultilayerPerceptronOptions.KeepTrainingState"/>, the optimizer goes on as if it had never
    /// stopped: 10 epochs and 10 more on the same data are 20, to the last bit, whether the model was saved in between or not, with every
    /// schedule that does not look at the number of all epochs (<see cref="LearningRateSchedule.Cosine"/> does). Without it, or with another
    /// kind of optimizer, the optimizer begins anew.
    /// </para>
    /// <para>
    /// Classes are matched by their key values, in whatever order the new data have them, or lack some; the result has the model's classes,
    /// in the model's order, and a regression keeps the model's units. With early stopping the model itself is the first network to beat on
    /// the validation rows.
    /// </para>
    /// </remarks>
    /// <param name="trainData">The data to learn from.</param>
    /// <param name="model">A network of the same task, as many features, and the layers and normalization of this trainer's options. It is not changed.</param>
    /// <exception cref="ArgumentException">The model has other layers than the options, or is for another task.</exception>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public MultilayerPerceptronTransformer Fit(IDataView trainData, MultilayerPerceptronModel model)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(model);
        return Train(trainData, null, nameof(trainData), model);
    }

    /// <summary>Goes on from a trained network, and watches the loss on other data than it learns from.</summary>
    /// <param name="trainData">The data to learn from.</param>
    /// <param name="validationData">Other rows, with the same columns.</param>
    /// <param name="model">A network of the same task, as many features, and the layers and normalization of this trainer's options. It is not changed.</param>
    /// <inheritdoc cref="Fit(IDataView, MultilayerPerceptronModel)" path="/remarks"/>
    /// <inheritdoc cref="Fit(IDataView, MultilayerPerceptronModel)" path="/exception"/>
    public MultilayerPerceptronTransformer Fit(IDataView trainData, IDataView validationData, MultilayerPerceptronModel model)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        ArgumentNullException.ThrowIfNull(model);
        return Train(trainData, validationData, nameof(trainData), model);
    }

    /// <summary>The schema shape of the output: the score columns of the task are added, as ML.NET's own trainers add them.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of a type that the network cannot learn from.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return NetworkShapes.GetOutputSchema(inputSchema, _task, _options);
    }

    /// <summary>What is trained, for what.</summary>
    public override string ToString() => $"Trainer of a multilayer perceptron for {NetworkText.Of(_task)}: {_options}";

    private MultilayerPerceptronTransformer Train(
        IDataView trainData, IDataView? validationData, string parameterName, MultilayerPerceptronModel? model = null)
    {
        FittedNetwork? trained = model is null ? null : NetworkContinuation.Check(model, _task, _options);
        var columns = Find(trainData.Schema, parameterName, trained);
        int outputCount = trained?.Network.OutputCount ?? columns.OutputCount(_task);
        NetworkSize.CheckWeights(columns.FeatureCount, outputCount, _options);
        var log = new NetworkLog(_host);
        var data = Read(trainData, columns);
        if (trained is null)
        {
            RequireTwoClasses(data, columns.Label.Name);
        }

        if (FeatureScale.Warning(data, columns.Features) is { } warning)
        {
            log.Warn(warning);
        }

        var validation = validationData is null ? null : Read(validationData, FindValidation(validationData.Schema, columns, trained));
        var history = new EpochHistory(_options.Progress);
        TrainingResult result = NetworkTraining.Train(
            data, validation, _task, outputCount, _options with { Progress = history }, log, NetworkContinuation.Start(trained, _options));
        return new MultilayerPerceptronTransformer(new FittedNetwork(
            _task,
            _options.FeatureColumnName,
            (VectorDataViewType)columns.Features.Type,
            trained is null ? FittedNetwork.SchemaOf(columns.Label) : FittedNetwork.SchemaOf(trained.Label, _options.LabelColumnName),
            _options,
            result.Network,
            trained is null ? history.Epochs : [.. trained.History.Take(trained.EpochCount), .. history.Epochs])
        {
            EpochCount = result.EpochCount,
            State = result.State,
        });
    }

    private NetworkColumns Find(DataViewSchema schema, string parameterName, FittedNetwork? trained) => trained is null
        ? NetworkColumns.Find(schema, _task, _options, parameterName)
        : NetworkColumns.Find(schema, _task, _options, parameterName, trained);

    private NetworkData Read(IDataView view, NetworkColumns columns) =>
        NetworkDataReader.Read(view, _task, columns, _host, _options.CancellationToken);

    private NetworkColumns FindValidation(DataViewSchema schema, NetworkColumns training, FittedNetwork? trained)
    {
        const string Parameter = "validationData";
        var columns = Find(schema, Parameter, trained);
        NetworkColumns.FindFeatures(schema, columns.Features.Name, Parameter, training.FeatureCount);
        return trained is not null || columns.OutputCount(_task) == training.OutputCount(_task) ? columns : throw SchemaErrors.WrongType(
            Parameter, "label", columns.Label.Name, $"{training.Label.Type}, as in the training data", $"{columns.Label.Type}",
            "Make the keys of both with the same fitted MapValueToKey.");
    }

    private void RequireTwoClasses(NetworkData data, string labelColumnName)
    {
        if (_task != NetworkTask.Regression && data.Targets.AsSpan().IndexOfAnyExcept(data.Targets[0]) < 0)
        {
            throw new InvalidOperationException(
                $"Label column '{labelColumnName}': all {data.RowCount} row(s) are of one class, so there is nothing to tell apart. " +
                "Check filters upstream and, where the rows are sorted by class, how they were split.");
        }
    }
}
