using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Options of a trainer: its feature column.</summary>
public abstract class TrainerInputBase
{
    public string FeatureColumnName = DefaultColumnNames.Features;

    private protected TrainerInputBase()
    {
    }
}

/// <summary>Options of a trainer that needs labels.</summary>
public abstract class TrainerInputBaseWithLabel : TrainerInputBase
{
    public string LabelColumnName = DefaultColumnNames.Label;

    private protected TrainerInputBaseWithLabel()
    {
    }
}

/// <summary>Options of a trainer that can weigh examples.</summary>
public abstract class TrainerInputBaseWithWeight : TrainerInputBaseWithLabel
{
    public string? ExampleWeightColumnName;

    private protected TrainerInputBaseWithWeight()
    {
    }
}
