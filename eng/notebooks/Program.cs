using System.Diagnostics;
using MLNet.BatchNorm.Notebooks;

const string Usage = """
    Usage: dotnet run --project eng/notebooks -- COMMAND [NOTEBOOK.ipynb ...]

        execute     run the code cells in order and save their outputs in the notebook
        generate    write each notebook as a file-based app, NOTEBOOK.cs beside it

    Without names: all notebooks of samples/notebooks, from the repository's root.
    """;

if (args is not [("execute" or "generate") and var command, .. var paths])
{
    Console.Error.WriteLine(Usage);
    return 2;
}
if (paths.Length == 0)
{
    paths = [.. Directory.GetFiles(Path.Combine("samples", "notebooks"), "*.ipynb").Order(StringComparer.Ordinal)];
}
try
{
    foreach (string path in paths)
    {
        var notebook = Notebook.Load(path);
        if (command == "generate")
        {
            string app = Path.ChangeExtension(path, ".cs");
            File.WriteAllText(app, FileBasedApp.Generate(notebook));
            Console.WriteLine($"{path} -> {app}");
            continue;
        }
        var clock = Stopwatch.StartNew();
        var outputs = await NotebookRunner.Run(notebook);
        foreach (var (index, cell) in notebook.CodeCells.Index())
        {
            cell.SetOutputs(index + 1, outputs[index]);
        }
        notebook.Save();
        Console.WriteLine($"{path}: {outputs.Count} code cells in {clock.Elapsed.TotalSeconds:F1} s");
    }
    return 0;
}
catch (Exception exception) when (exception is InvalidOperationException or IOException or ArgumentException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
