using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Documents.Jupyter;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>A notebook, and the file in Jupyter's format (nbformat 4.5) that it stands in.</summary>
internal sealed class NotebookFile
{
    private readonly InteractiveDocument _document;

    private NotebookFile(string path)
    {
        Path = path;
        _document = Notebook.Parse(File.ReadAllText(path));
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public IEnumerable<InteractiveDocumentElement> Cells => _document.Elements;

    public IReadOnlyList<InteractiveDocumentElement> CodeCells => [.. Cells.Where(cell => cell.IsCode())];

    public static NotebookFile Load(string path) => new(path);

    /// <summary>As Jupyter itself writes it, to the byte: lines end in \n, the last one too.</summary>
    public string ToJson() => _document.ToJupyterJson().Replace("\r\n", "\n", StringComparison.Ordinal) + "\n";

    public void Save() => File.WriteAllText(Path, ToJson());
}
