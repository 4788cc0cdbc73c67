using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component reads itself from: the main stream of its folder in the model zip, and further entries and sub-folders beside it.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    private readonly ModelZipReader _zip;
    private readonly string? _directory;
    private readonly ModelHeader _header;
    private readonly string[] _strings;

    private ModelLoadContext(IHostEnvironment environment, ModelZipReader zip, string? directory, MemoryStream stream)
    {
        Environment = environment;
        _zip = zip;
        _directory = directory;
        Reader = new BinaryReader(stream, Encoding.UTF8);
        _header = ModelHeader.Parse(Reader.ReadBytes(ModelHeader.Size), stream.Length);
        _strings = ReadStrings();
        stream.Position = _header.TailPosition;
        ModelHeader.Require(Reader.ReadUInt64() == ModelHeader.TailSignature, "wrong tail");
        stream.Position = ModelHeader.Size;
    }

    /// <summary>What the loaded component is to run in.</summary>
    public IHostEnvironment Environment { get; }

    /// <summary>Reads the component's own block.</summary>
    public BinaryReader Reader { get; }

    /// <summary>The version of the component's format in this stream.</summary>
    public uint ModelWritten => _header.ModelWritten;

    public string LoaderSignature => _header.LoaderSignature;

    private string Location => string.IsNullOrEmpty(_directory) ? "the root of the model zip" : $"'{_directory}'";

    /// <summary>Throws unless the stream holds that component in a readable version.</summary>
    public void CheckVersionInfo(ComponentVersion version) => _header.Check(version);

    public string? LoadStringOrNull()
    {
        var id = Reader.ReadInt32();
        ModelHeader.Require(id >= -1 && id < _strings.Length, $"string number {id} of {_strings.Length} in {Location}");
        return id < 0 ? null : _strings[id];
    }

    public string LoadString()
        => LoadStringOrNull() ?? throw new FormatException($"Corrupt model stream: a string is missing in {Location}.");

    public string LoadNonEmptyString()
    {
        var value = LoadString();
        ModelHeader.Require(value.Length > 0, $"an empty name in {Location}");
        return value;
    }

    /// <summary>Reads an entry beside the component's model stream, where there is one.</summary>
    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        using var stream = _zip.OpenEntryOrNull(_directory, name);
        if (stream == null)
        {
            return false;
        }
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        action(reader);
        return true;
    }

    /// <summary>Reads a part of the component from a sub-folder, where there is one.</summary>
    public bool TryProcessSubModel(string directory, Action<ModelLoadContext> action)
    {
        using var context = OpenOrNull(Environment, _zip, ModelZipPath.Combine(_directory, directory));
        if (context == null)
        {
            return false;
        }
        action(context);
        return true;
    }

    /// <summary>Loads the component in a sub-folder with the loader that its header names.</summary>
    public T LoadModel<T>(string name)
        where T : class
        => LoadModelOrNull<T>(name)
            ?? throw new FormatException($"Corrupt model file: '{ModelZipPath.Combine(_directory, name)}' is missing.");

    public T? LoadModelOrNull<T>(string name)
        where T : class
        => LoadModelOrNull<T>(Environment, _zip, ModelZipPath.Combine(_directory, name));

    public static T? LoadModelOrNull<T>(IHostEnvironment environment, ModelZipReader zip, string? directory)
        where T : class
    {
        using var context = OpenOrNull(environment, zip, directory);
        if (context == null)
        {
            return null;
        }
        return ComponentLoaders.Load(context) as T
            ?? throw new FormatException($"Couldn't load model: {context.Location} holds '{context.LoaderSignature}', which is no {typeof(T).Name}.");
    }

    public void Dispose() => Reader.Dispose();

    /// <summary>The error for a component outside the subset.</summary>
    public FormatException UnknownComponent()
        => new($"Couldn't load model: {Location} holds the component '{LoaderSignature}', which the offline implementation of Microsoft.ML " +
            "does not have. Load this model with the Microsoft.ML package (build with MLNetProvider=package).");

    private static ModelLoadContext? OpenOrNull(IHostEnvironment environment, ModelZipReader zip, string? directory)
    {
        var stream = zip.OpenEntryOrNull(directory, ModelSaveContext.ModelStreamName);
        return stream == null ? null : new ModelLoadContext(environment, zip, directory, stream);
    }

    private string[] ReadStrings()
    {
        if (_header.StringTablePosition == 0)
        {
            return [];
        }
        Reader.BaseStream.Position = _header.StringTablePosition;
        var ends = new long[_header.StringTableSize / sizeof(long)];
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = Reader.ReadInt64();
        }
        var strings = new string[ends.Length];
        var start = 0L;
        for (var i = 0; i < ends.Length; i++)
        {
            ModelHeader.Require(start <= ends[i] && ends[i] <= _header.StringCharsSize && ends[i] % sizeof(char) == 0, "bad string table");
            var characters = new char[(ends[i] - start) / sizeof(char)];
            for (var j = 0; j < characters.Length; j++)
            {
                characters[j] = (char)Reader.ReadUInt16();
            }
            strings[i] = new string(characters);
            start = ends[i];
        }
        ModelHeader.Require(start == _header.StringCharsSize, "characters behind the last string");
        return strings;
    }
}
