namespace MLNet.BatchNorm;

internal enum NetworkTask
{
    BinaryClassification,
    MulticlassClassification,
    Regression,
}
