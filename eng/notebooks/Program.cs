using System.Diagnostics;
using MLNet.BatchNorm.Notebooks;

const string Usage = """
    Usage: dotnet run --project eng/notebooks -- COMMAND [NOTEBOOK.ipynb ...]

        execute               pack the library into artifacts/packages, run the code cells in order, and save their outputs in the notebook
        execute --no-pack     the same with what artifacts/packages holds
        generate              write each notebook as a file-based app, NOTEBOOK.cs beside it

    From the repository's root. Without names: all notebooks of samples/notebooks.
    """;

// Taken here: while a kernel runs, what is printed goes to its notebook.
var (output, errors) = (Console.Out, Console.Error);
bool noPack = args is ["execute", "--no-pack", ..];
string command = args.FirstOrDefault() ?? "";
string[] paths = [.. args.Skip(noPack ? 2 : 1)];
if (command is not ("execute" or "generate") || paths.Any(path => path.StartsWith('-')))
{
    errors.WriteLine(Usage);
    return 2;
}
if (paths.Length == 0)
{
    paths = [.. Directory.GetFiles(Path.Combine("samples", "notebooks"), "*.ipynb").Order(StringComparer.Ordinal)];
}
try
{
    return command == "execute" ? await Execute() : Generate();
}
catch (Exception exception) when (exception is InvalidOperationException or IOException or ArgumentException)
{
    errors.WriteLine(exception.Message);
    return 1;
}

async Task<int> Execute()
{
    if (!noPack)
    {
        await LibraryPackage.Pack();
    }
    LibraryPackage.UseOnlyPacked();
    bool failed = false;
    // A notebook runs in its own folder, of which a process has only one at a time.
    foreach (var folder in paths.Select(Path.GetFullPath).GroupBy(path => Path.GetDirectoryName(path)!).ToList())
    {
        Environment.CurrentDirectory = folder.Key;
        await Parallel.ForEachAsync(folder, async (path, _) => failed |= !await ExecuteOne(path));
    }
    return failed ? 1 : 0;
}

async Task<bool> ExecuteOne(string path)
{
    var clock = Stopwatch.StartNew();
    var notebook = NotebookFile.Load(path);
    string? failure = await NotebookRunner.Run(notebook);
    notebook.Save();
    if (failure is not null)
    {
        errors.WriteLine(failure);
        return false;
    }
    output.WriteLine($"{path}: {notebook.CodeCells.Count} code cells in {clock.Elapsed.TotalSeconds:F1} s");
    return true;
}

int Generate()
{
    foreach (string path in paths)
    {
        string app = Path.ChangeExtension(path, ".cs");
        File.WriteAllText(app, FileBasedApp.Generate(NotebookFile.Load(path)));
        output.WriteLine($"{path} -> {app}");
    }
    return 0;
}
