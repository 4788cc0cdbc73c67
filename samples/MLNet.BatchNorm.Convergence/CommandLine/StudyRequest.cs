using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Data.Files;
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
    FileHints Hints,
    TimeSpan TimeBudget,
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
            ? throw new StudyInputException($"Which column is to be predicted? Give one with --label. The columns are: {FileTable.Listed(DataFile.Read(DataPath, Hints, label: null).Columns, most: 60)}.")
            : [TabularDataReader.Read(DataPath, Label, Task, Hints)];
    }

    /// <summary>What networks are trained on: the user's file, or some of the shipped data sets.</summary>
    /// <param name="own">What <see cref="LoadData"/> gave.</param>
    /// <exception cref="StudyInputException">There is no data set of a name that was given.</exception>
    public IReadOnlyList<TabularData> LoadNetworkData(IReadOnlyList<TabularData> own) =>
        DataPath is null ? [.. Chosen(ShippedData.NetworkNames, ShippedData.Names).Select(ShippedData.Load)] : own;

    // A name that no list knows stays, and is refused by the loader.
    private IEnumerable<string> Chosen(IReadOnlyList<string> names, IReadOnlyList<string> others) =>
        ShippedNames.Count == 0 ? names : ShippedNames.Distinct().Where(name => names.Contains(name) || ShippedData.LargeNames.Contains(name) || !others.Contains(name));
}
