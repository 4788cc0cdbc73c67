using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using RegressionTrainers = Microsoft.ML.RegressionCatalog.RegressionTrainers;

namespace Microsoft.ML;

/// <summary>The trainer that ML.NET keeps in its Mkl.Components package.</summary>
public static class MklComponentsCatalog
{
    public static OlsTrainer Ols(
        this RegressionTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null) => catalog.Ols(new OlsTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
        });

    public static OlsTrainer Ols(this RegressionTrainers catalog, OlsTrainer.Options options)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(options, nameof(options));
        return new OlsTrainer(catalog.GetEnvironment(), options);
    }
}
