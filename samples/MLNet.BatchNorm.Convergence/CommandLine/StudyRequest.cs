using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.CommandLine;

/// <summary>What the command line asks for.</summary>
public sealed record StudyRequest(
    string? DataPath,
    string? Label,
    LearningTask? Task,
    IReadOnlyList<string> ShippedNames,
    string OutputPath,
    int ThreadCount,
    StudySettings Settings)
{
    /// <summary>The user's data set, or the shipped ones.</summary>
    /// <exception cref="StudyInputException">The options contradict each other, or the data cannot be used.</exception>
    public IReadOnlyList<TabularData> LoadData()
    {
        if (DataPath is null)
        {
            return Label is null && Task is null
                ? [.. (ShippedNames.Count > 0 ? ShippedNames.Distinct() : ShippedData.Names).Select(ShippedData.Load)]
                : throw new StudyInputException("--label and --task describe a file of your own: give its path with --data.");
        }

        if (ShippedNames.Count > 0)
        {
            throw new StudyInputException("--data and --only exclude each other: one names a file of your own, the other shipped data sets.");
        }

        return Label is null
            ? throw new StudyInputException($"Which column is to be predicted? Give one with --label. The columns are: {string.Join(", ", CsvTable.Read(DataPath).Columns)}.")
            : [TabularDataReader.Read(DataPath, Label, Task)];
    }
}
