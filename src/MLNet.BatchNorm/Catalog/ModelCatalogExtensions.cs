using System.Reflection;
using MLNet.BatchNorm.Persistence;

namespace Microsoft.ML;

/// <summary>Saves and loads models that hold transformers of MLNet.BatchNorm.</summary>
public static class ModelCatalogExtensions
{
    /// <summary>
    /// Saves a model like <see cref="ModelOperationsCatalog.Save(ITransformer, DataViewSchema, string)"/>, completely or not at all: the partner
    /// of <see cref="LoadWithStatistics(ModelOperationsCatalog, string, out DataViewSchema?)"/>.
    /// </summary>
    /// <remarks>
    /// The model is written to a file of its own in the same folder, which is on the disk before it takes the place of
    /// <paramref name="path"/> in one step. A file that stands there stays as it is until then, also where the disk is full, the program is
    /// ended, or the model cannot be saved. What is saved can be loaded.
    /// </remarks>
    /// <example>
    /// <code>
    /// var mlContext = new MLContext();
    /// var data = mlContext.Data.LoadFromEnumerable(new[] { new { Age = 25f }, new { Age = 31f } });
    /// var model = mlContext.Transforms.Standardize("Age").Fit(data);
    /// mlContext.Model.SaveWithStatistics(model, data.Schema, "model.zip");
    /// var loaded = mlContext.Model.LoadWithStatistics("model.zip", out var schema);
    /// </code>
    /// </example>
    /// <param name="catalog">The catalog: <c>mlContext.Model</c>.</param>
    /// <param name="model">The model: any transformer or chain.</param>
    /// <param name="inputSchema">The schema of the data that the model is for; <see langword="null"/> for none.</param>
    /// <param name="path">The path of the model file.</param>
    /// <exception cref="InvalidOperationException">
    /// The statistics of a stage are longer than an entry may be, or a count is larger than can be saved.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveWithStatistics(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream =>
        {
            catalog.Save(model, inputSchema, stream);
            ModelArchive.RequireReadable(stream);
        });
    }

    /// <summary>
    /// Loads a model like <see cref="ModelOperationsCatalog.Load(string, out DataViewSchema)"/>, with this library's transformers
    /// where they were saved, ready to be updated, inverted and reported on.
    /// </summary>
    /// <remarks>
    /// <para>
    /// <c>mlContext.Model.Save</c> stores every transformer of this library as plain ML.NET, which any ML.NET program loads and scores
    /// with <c>mlContext.Model.Load</c>, and beside it its full state. This method reads that state. Where there is none, it returns
    /// what <c>mlContext.Model.Load</c> returns.
    /// </para>
    /// <para>It may be called from several threads at once, like <c>mlContext.Model.Load</c>.</para>
    /// </remarks>
    /// <param name="catalog">The catalog: <c>mlContext.Model</c>.</param>
    /// <param name="path">The path of the model file.</param>
    /// <param name="inputSchema">
    /// The schema of the data that the model was saved for; <see langword="null"/> if none was saved.
    /// </param>
    /// <returns>The model, in the shape in which it was saved: a chain as a chain, each stage in the same place.</returns>
    /// <exception cref="InvalidDataException">
    /// The file or a saved state is damaged, does not belong to the stock form beside it, or was written by a later version of this library.
    /// The message names the entry.
    /// <c>mlContext.Model.Load</c> still loads the model, without the state.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">The file is no model of ML.NET, or a stage that is ML.NET's own is damaged.</exception>
    public static ITransformer LoadWithStatistics(this ModelOperationsCatalog catalog, string path, out DataViewSchema? inputSchema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        try
        {
            return catalog.LoadWithStatistics(stream, out inputSchema);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"The file '{path}' is no model that ML.NET can load. {exception.Message}", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"The file '{path}' cannot be loaded. {exception.Message}", exception);
        }
    }

    /// <inheritdoc cref="LoadWithStatistics(ModelOperationsCatalog, string, out DataViewSchema?)"/>
    /// <param name="catalog">The catalog: <c>mlContext.Model</c>.</param>
    /// <param name="stream">
    /// The model. Read from its start, wherever it is positioned; one that cannot seek is first copied to memory, from its current
    /// position. Left open.
    /// </param>
    /// <param name="inputSchema">
    /// The schema of the data that the model was saved for; <see langword="null"/> if none was saved.
    /// </param>
    public static ITransformer LoadWithStatistics(this ModelOperationsCatalog catalog, Stream stream, out DataViewSchema? inputSchema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return ModelWithStatistics.Load(catalog, stream, out inputSchema, StatisticsKinds.All);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } cause)
        {
            // ML.NET makes its stages by reflection, which wraps what a damaged one throws.
            throw new InvalidDataException($"The model file is damaged: {cause.Message}", cause);
        }
    }
}
