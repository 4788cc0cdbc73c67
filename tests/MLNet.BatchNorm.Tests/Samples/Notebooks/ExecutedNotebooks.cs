using MLNet.BatchNorm.Notebooks;
using MLNet.BatchNorm.Tests.Packaging;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>All notebooks, executed once in a copy of the repository with the packed library.</summary>
public sealed class ExecutedNotebooks(PackedLibrary package) : IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        var (exitCode, output) = await NotebookTool.Run(package.Copy.Folder, "execute", "--no-pack");
        exitCode.Should().Be(0, output);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    internal NotebookFile Load(string name) => NotebookFile.Load(Path.Combine(package.Copy.Folder, "samples", "notebooks", $"{name}.ipynb"));
}
