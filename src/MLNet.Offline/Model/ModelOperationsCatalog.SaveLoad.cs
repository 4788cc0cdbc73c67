using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

// Saving and loading: the transformer in one folder of a zip, its input schema in an entry beside it.
public sealed partial class ModelOperationsCatalog
{
    public void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream)
    {
        Contracts.CheckValue(stream, nameof(stream));
        using var zip = new ModelZipWriter(stream);
        if (model != null)
        {
            ModelSaveContext.SaveModel(zip, model, TransformerChain.LoaderSignature);
        }
        if (inputSchema != null)
        {
            using var schemaStream = zip.BeginEntry(null, SchemaEntry.Name, out var path);
            SchemaEntry.Write(schemaStream, inputSchema);
            zip.EndEntry(path, schemaStream);
        }
    }

    public void Save(ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        // The file is touched only when the model is complete: one that cannot be saved does not destroy the model saved before.
        using var zip = new MemoryStream();
        Save(model, inputSchema, zip);
        using var file = File.Create(filePath);
        zip.WriteTo(file);
    }

    // The schema is null for a model that was saved without one; like the real library, the signature does not say so.
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        Contracts.CheckValue(stream, nameof(stream));
        using var zip = new ModelZipReader(stream);
        using var schemaStream = zip.OpenEntryOrNull(null, SchemaEntry.Name);
        inputSchema = schemaStream == null ? null! : SchemaEntry.Read(schemaStream);
        if (ModelLoadContext.LoadModelOrNull<ITransformer>(_env, zip, TransformerChain.LoaderSignature) is { } model)
        {
            return model;
        }
        if (inputSchema != null)
        {
            throw new FormatException("Corrupt model file: the zip holds an input schema and no transformer.");
        }
        throw new InvalidOperationException("Could not load the model: the zip holds no transformer. Models that were saved with a data loader, " +
            "or by versions before 1.0, cannot be loaded by the offline implementation of Microsoft.ML.");
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }
}
