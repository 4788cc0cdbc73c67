using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Looks at the first rows of a view, or of what a transformer makes of it.</summary>
public static class DebuggerExtensions
{
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100) => new(data, maxRows);

    public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = 100) =>
        new(transformer.Transform(data), maxRows);
}
