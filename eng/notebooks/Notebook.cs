using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>A notebook in the format of Jupyter (nbformat 4).</summary>
internal sealed class Notebook
{
    // As Jupyter itself writes it, so that saving there and here gives the same bytes.
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonNode _json;

    private Notebook(string path)
    {
        Path = path;
        _json = JsonNode.Parse(File.ReadAllText(path)) ?? throw new InvalidDataException($"{path} is empty.");
        Cells = [.. _json["cells"]!.AsArray().Select(cell => new NotebookCell(cell!.AsObject()))];
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public IReadOnlyList<NotebookCell> Cells { get; }

    public IReadOnlyList<NotebookCell> CodeCells => [.. Cells.Where(cell => cell.IsCode)];

    public static Notebook Load(string path) => new(path);

    public string ToJson() => _json.ToJsonString(Format) + "\n";

    public void Save() => File.WriteAllText(Path, ToJson());
}
