using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Convergence.Output;

/// <summary>
/// The folder of results. Files are written to a folder beside it first and moved when all are complete, so that a run that is
/// cancelled or fails leaves nothing half-written.
/// </summary>
public sealed class OutputFolder : IDisposable
{
    private readonly string _path;
    private readonly DirectoryInfo _temporary;

    private OutputFolder(string path, DirectoryInfo temporary) => (_path, _temporary) = (path, temporary);

    /// <summary>Creates the folder if need be, and a temporary one inside it.</summary>
    /// <exception cref="StudyInputException">The folder cannot be written to.</exception>
    public static OutputFolder Open(string path)
    {
        if (File.Exists(path))
        {
            throw new StudyInputException($"'{path}' is a file. Give the path of a folder with --out.");
        }

        try
        {
            return new OutputFolder(path, Directory.CreateDirectory(Path.Combine(path, $".partial-{Guid.NewGuid():N}")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StudyInputException($"The folder '{path}' cannot be written to: {exception.Message} Give another one with --out.", exception);
        }
    }

    /// <summary>Where to write a file for now.</summary>
    public string TemporaryPath(string fileName) => Path.Combine(_temporary.FullName, fileName);

    /// <summary>Moves all files to their place.</summary>
    /// <returns>Their paths, in alphabetical order.</returns>
    public IReadOnlyList<string> Complete()
    {
        var moved = new List<string>();
        foreach (var file in _temporary.GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            moved.Add(Path.Combine(_path, file.Name));
            file.MoveTo(moved[^1], overwrite: true);
        }

        return moved;
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose() => _temporary.Delete(recursive: true);
}
