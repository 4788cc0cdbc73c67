namespace Microsoft.ML;

/// <summary>The folder of a model file that a component is being saved into.</summary>
public sealed partial class ModelSaveContext
{
}
