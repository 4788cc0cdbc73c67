using System.Text;

namespace Microsoft.ML;

/// <summary>Where a component writes itself: the main stream of its folder in the model zip, and further entries and sub-folders beside it.</summary>
public sealed partial class ModelSaveContext : IDisposable
{
    internal const string ModelStreamName = "Model.key";

    private readonly ModelZipWriter _zip;
    private readonly string? _directory;
    private readonly MemoryStream _stream;
    private readonly string _path;
    private readonly ModelHeader _header = new();
    private readonly List<string> _strings = [];
    private readonly Dictionary<string, int> _stringIds = new(StringComparer.Ordinal);
    private string? _loaderAssembly;

    internal ModelSaveContext(ModelZipWriter zip, string? directory)
    {
        _zip = zip;
        _directory = directory;
        _stream = zip.BeginEntry(directory, ModelStreamName, out _path);
        Writer = new BinaryWriter(_stream, Encoding.UTF8, leaveOpen: true);
        Writer.Write(new byte[ModelHeader.Size]);
    }

    /// <summary>Writes the component's own block, behind the header.</summary>
    internal BinaryWriter Writer { get; }

    internal void CheckAtModel()
    {
        if (_stream.Position != ModelHeader.Size)
        {
            throw new InvalidOperationException("A component must start to write at the head of its model stream.");
        }
    }

    internal void SetVersionInfo(ComponentVersion version)
    {
        _header.Describe(version);
        _loaderAssembly = version.LoaderAssembly;
    }

    /// <summary>Writes the number of a string in the stream's string table.</summary>
    internal void SaveString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!_stringIds.TryGetValue(value, out var id))
        {
            id = _strings.Count;
            _stringIds.Add(value, id);
            _strings.Add(value);
        }
        Writer.Write(id);
    }

    internal void SaveNonEmptyString(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        SaveString(value);
    }

    internal void SaveStringOrNull(string? value)
    {
        if (value == null)
        {
            Writer.Write(-1);
        }
        else
        {
            SaveString(value);
        }
    }

    /// <summary>Adds an entry beside the component's model stream.</summary>
    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw new ArgumentOutOfRangeException(nameof(name), "name cannot be null or empty");
        }
        ArgumentNullException.ThrowIfNull(action);
        using var stream = _zip.BeginEntry(_directory, name, out var path);
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            action(writer);
        }
        _zip.EndEntry(path, stream);
    }

    /// <summary>Saves a part of the component as a model of its own in a sub-folder.</summary>
    internal void SaveSubModel(string directory, Action<ModelSaveContext> save)
    {
        using var context = new ModelSaveContext(_zip, ModelZipPath.Combine(_directory, directory));
        save(context);
        context.Done();
    }

    internal void SaveModel(ICanSaveModel model, string name) => SaveSubModel(name, model.Save);

    internal static void SaveModel(ModelZipWriter zip, ICanSaveModel model, string? directory)
    {
        using var context = new ModelSaveContext(zip, directory);
        model.Save(context);
        context.Done();
    }

    /// <summary>Completes the model stream: string table, assembly name, tail, and the header at its head.</summary>
    internal void Done()
    {
        if (_header.ModelSignature == 0)
        {
            throw new InvalidOperationException("ModelSignature not specified! A component's Save must write a model (for instance by handing the context to a stock transformer).");
        }
        _header.ModelSize = _stream.Position - ModelHeader.Size;
        WriteStrings();
        if (_loaderAssembly != null)
        {
            _header.AssemblyNamePosition = _stream.Position;
            WriteCharacters(_loaderAssembly);
            _header.AssemblyNameSize = (uint)(_stream.Position - _header.AssemblyNamePosition);
        }
        _header.TailPosition = _stream.Position;
        Writer.Write(ModelHeader.TailSignature);
        _header.Limit = _stream.Position;
        Writer.Flush();
        _stream.Position = 0;
        _stream.Write(_header.ToBytes());
        _zip.EndEntry(_path, _stream);
    }

    public void Dispose()
    {
        Writer.Dispose();
        _stream.Dispose();
    }

    private void WriteStrings()
    {
        if (_strings.Count == 0)
        {
            return;
        }
        _header.StringTablePosition = _stream.Position;
        _header.StringTableSize = _strings.Count * sizeof(long);
        var end = 0L;
        foreach (var value in _strings)
        {
            end += value.Length * sizeof(char);
            Writer.Write(end);
        }
        _header.StringCharsPosition = _stream.Position;
        _header.StringCharsSize = end;
        foreach (var value in _strings)
        {
            WriteCharacters(value);
        }
    }

    // Character by character: an encoder would replace half of a surrogate pair, which a string may hold.
    private void WriteCharacters(string value)
    {
        foreach (var character in value)
        {
            Writer.Write((ushort)character);
        }
    }
}
