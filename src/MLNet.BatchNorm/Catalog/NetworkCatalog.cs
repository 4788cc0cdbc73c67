using MLNet.BatchNorm;
using MLNet.BatchNorm.Interop;
using static Microsoft.ML.BinaryClassificationCatalog;
using static Microsoft.ML.MulticlassClassificationCatalog;
using static Microsoft.ML.RegressionCatalog;

namespace Microsoft.ML;

/// <summary>Multilayer perceptrons with batch normalization, as trainers of ML.NET's catalogs.</summary>
public static class NetworkCatalog
{
    private const string DefaultLabel = "Label";
    private const string DefaultFeatures = "Features";

    /// <summary>Creates a <see cref="MultilayerPerceptronTrainer"/> that tells two classes apart.</summary>
    /// <param name="catalog">The trainers of an <see cref="MLContext"/>'s binary classification.</param>
    /// <param name="options">Columns, layers, optimizer and all else; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MultilayerPerceptronTrainer MultilayerPerceptron(this BinaryClassificationTrainers catalog, MultilayerPerceptronOptions? options) =>
        Create(catalog, NetworkTask.BinaryClassification, options);

    /// <summary>Creates a <see cref="MultilayerPerceptronTrainer"/> that tells two classes apart, with default options.</summary>
    /// <param name="catalog">The trainers of an <see cref="MLContext"/>'s binary classification.</param>
    /// <param name="labelColumnName">The label: Boolean, a key of two values, or Single or Double that are 0 or 1.</param>
    /// <param name="featureColumnName">The features: a vector of Single of known size.</param>
    /// <param name="exampleWeightColumnName">The weight of each row, Single or Double. Default: all weigh the same.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static MultilayerPerceptronTrainer MultilayerPerceptron(
        this BinaryClassificationTrainers catalog,
        string labelColumnName = DefaultLabel,
        string featureColumnName = DefaultFeatures,
        string? exampleWeightColumnName = null) =>
        catalog.MultilayerPerceptron(Options(labelColumnName, featureColumnName, exampleWeightColumnName));

    /// <summary>Creates a <see cref="MultilayerPerceptronTrainer"/> that tells any number of classes apart.</summary>
    /// <param name="catalog">The trainers of an <see cref="MLContext"/>'s multiclass classification.</param>
    /// <param name="options">Columns, layers, optimizer and all else; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MultilayerPerceptronTrainer MultilayerPerceptron(this MulticlassClassificationTrainers catalog, MultilayerPerceptronOptions? options) =>
        Create(catalog, NetworkTask.MulticlassClassification, options);

    /// <summary>Creates a <see cref="MultilayerPerceptronTrainer"/> that tells any number of classes apart, with default options.</summary>
    /// <param name="catalog">The trainers of an <see cref="MLContext"/>'s multiclass classification.</param>
    /// <param name="labelColumnName">The label: a key, as Conversion.MapValueToKey gives it.</param>
    /// <param name="featureColumnName">The features: a vector of Single of known size.</param>
    /// <param name="exampleWeightColumnName">The weight of each row, Single or Double. Default: all weigh the same.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static MultilayerPerceptronTrainer MultilayerPerceptron(
        this MulticlassClassificationTrainers catalog,
        string labelColumnName = DefaultLabel,
        string featureColumnName = DefaultFeatures,
        string? exampleWeightColumnName = null) =>
        catalog.MultilayerPerceptron(Options(labelColumnName, featureColumnName, exampleWeightColumnName));

    /// <summary>Creates a <see cref="MultilayerPerceptronTrainer"/> that predicts a number.</summary>
    /// <param name="catalog">The trainers of an <see cref="MLContext"/>'s regression.</param>
    /// <param name="options">Columns, layers, optimizer and all else; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MultilayerPerceptronTrainer MultilayerPerceptron(this RegressionTrainers catalog, MultilayerPerceptronOptions? options) =>
        Create(catalog, NetworkTask.Regression, options);

    /// <summary>Creates a <see cref="MultilayerPerceptronTrainer"/> that predicts a number, with default options.</summary>
    /// <param name="catalog">The trainers of an <see cref="MLContext"/>'s regression.</param>
    /// <param name="labelColumnName">The label: Single or Double.</param>
    /// <param name="featureColumnName">The features: a vector of Single of known size.</param>
    /// <param name="exampleWeightColumnName">The weight of each row, Single or Double. Default: all weigh the same.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static MultilayerPerceptronTrainer MultilayerPerceptron(
        this RegressionTrainers catalog,
        string labelColumnName = DefaultLabel,
        string featureColumnName = DefaultFeatures,
        string? exampleWeightColumnName = null) =>
        catalog.MultilayerPerceptron(Options(labelColumnName, featureColumnName, exampleWeightColumnName));

    private static MultilayerPerceptronTrainer Create(
        TrainCatalogBase.CatalogInstantiatorBase trainers, NetworkTask task, MultilayerPerceptronOptions? options)
    {
        ArgumentNullException.ThrowIfNull(trainers, "catalog");
        return new MultilayerPerceptronTrainer(HostEnvironment.Of(trainers), task, options);
    }

    private static MultilayerPerceptronOptions Options(string labelColumnName, string featureColumnName, string? exampleWeightColumnName) => new()
    {
        LabelColumnName = labelColumnName,
        FeatureColumnName = featureColumnName,
        ExampleWeightColumnName = exampleWeightColumnName,
    };
}
