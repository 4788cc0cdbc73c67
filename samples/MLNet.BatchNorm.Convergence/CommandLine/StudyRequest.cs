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
                ? [.. Chosen(ShippedData.Names, ShippedData.NetworkNames).Select(ShippedData.Load)]
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

    /// <summary>The shipped data sets that networks are trained on; none beside a file of the user's own.</summary>
    /// <exception cref="StudyInputException">There is no data set of a name that was given.</exception>
    public IReadOnlyList<TabularData> LoadNetworkData() =>
        DataPath is null ? [.. Chosen(ShippedData.NetworkNames, ShippedData.Names).Select(ShippedData.Load)] : [];

    // A name that no list knows stays, and is refused by the loader.
    private IEnumerable<string> Chosen(IReadOnlyList<string> names, IReadOnlyList<string> others) =>
        ShippedNames.Count == 0 ? names : ShippedNames.Distinct().Where(name => names.Contains(name) || !others.Contains(name));
}
