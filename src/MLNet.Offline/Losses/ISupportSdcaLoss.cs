namespace Microsoft.ML.Trainers;

/// <summary>A loss with a conjugate that coordinate ascent can climb.</summary>
public interface ISupportSdcaLoss : IScalarLoss
{
    float ComputeDualUpdateInvariant(float scaledFeaturesNormSquared);

    float DualUpdate(float output, float label, float dual, float invariant, int maxNumThreads);

    double DualLoss(float label, float dual);
}

/// <summary>Such a loss for classification.</summary>
public interface ISupportSdcaClassificationLoss : ISupportSdcaLoss, IClassificationLoss
{
}

/// <summary>Such a loss for regression.</summary>
public interface ISupportSdcaRegressionLoss : ISupportSdcaLoss, IRegressionLoss
{
}
