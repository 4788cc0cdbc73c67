using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Loads views from a source of <typeparamref name="TSource"/>.</summary>
public interface IDataLoader<in TSource>
{
    DataViewSchema GetOutputSchema();

    IDataView Load(TSource input);
}

/// <summary>Loads from files by path.</summary>
public static class DataLoaderExtensions
{
    public static IDataView Load(this IDataLoader<IMultiStreamSource> loader, params string[] path) => loader.Load(new MultiFileSource(path));
}
