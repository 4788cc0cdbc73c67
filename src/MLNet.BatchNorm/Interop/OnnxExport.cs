using System.Reflection;
using Microsoft.ML;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Interop;

/// <summary>
/// Makes a fast data view one that ML.NET exports to ONNX.
/// </summary>
/// <remarks>
/// <c>ConvertToOnnx</c> walks back from the transformed data view for as long as each view implements an internal interface; any other
/// view ends the walk silently, and the graph would lack all that came before. So the view handed out is a proxy that implements that
/// interface: schema and cursors are the fast view's, and it writes the map into the graph itself (<see cref="OnnxGraph"/>).
/// </remarks>
internal static class OnnxExport
{
    /// <summary>
    /// The view to hand out. Where ML.NET has changed so that no proxy can be made, the stock view: slower, still right.
    /// </summary>
    /// <param name="fast">The view that downstream reads: its schema object is the one that downstream binds to.</param>
    /// <param name="source">The view that it reads from, where the walk goes on.</param>
    /// <param name="columns">Gives the columns of the map; asked when they are exported.</param>
    /// <param name="makeStock">Makes the view of <see cref="StockNormalizer.Create"/>'s transformer over the same source.</param>
    public static IDataView WithOnnxExport(IDataView fast, IDataView source, Func<IReadOnlyCollection<StockColumn>> columns, Func<IDataView> makeStock) =>
        WithOnnxExport(fast, source, columns, makeStock, MLNetInternals.ExportableView);

    internal static IDataView WithOnnxExport(
        IDataView fast, IDataView source, Func<IReadOnlyCollection<StockColumn>> columns, Func<IDataView> makeStock, Type? exportableView)
    {
        if (Proxy(fast, exportableView) is not { } proxy)
        {
            return makeStock();
        }
        proxy.Source = source;
        proxy.Columns = columns;
        return (IDataView)(object)proxy;
    }

    /// <summary>
    /// The view to hand out of a transformer that cannot be exported: the export throws and says so, where it would otherwise end at a
    /// plain view without a word, and give a graph that computes nothing.
    /// </summary>
    /// <param name="fast">The view that downstream reads.</param>
    /// <param name="makeStock">Makes the stock view over the same source, for whoever walks on from there.</param>
    /// <param name="refusal">The message.</param>
    public static IDataView WithoutOnnxExport(IDataView fast, Func<IDataView> makeStock, string refusal)
    {
        if (Proxy(fast, MLNetInternals.ExportableView) is not { } proxy)
        {
            return makeStock();
        }
        proxy.Stock = new Lazy<IDataView>(makeStock);
        proxy.Refusal = refusal;
        return (IDataView)(object)proxy;
    }

    private static ExportableView? Proxy(IDataView fast, Type? exportableView)
    {
        if (exportableView is not { IsInterface: true } || !typeof(IDataView).IsAssignableFrom(exportableView))
        {
            return null;
        }
        var proxy = (ExportableView)DispatchProxy.Create(exportableView, typeof(ExportableView));
        proxy.Fast = fast;
        return proxy;
    }

    /// <summary>The base of the generated proxy.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it at run time.
    private class ExportableView : DispatchProxy
#pragma warning restore CA1852
    {
        public IDataView Fast { get; set; } = null!;

        public IDataView? Source { get; set; }

        public Func<IReadOnlyCollection<StockColumn>> Columns { get; set; } = () => [];

        public Lazy<IDataView>? Stock { get; set; }

        public string? Refusal { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.DeclaringType == typeof(IDataView))
            {
                return targetMethod.Invoke(Fast, BindingFlags.DoNotWrapExceptions, null, args, null);
            }
            if (targetMethod.Name == "CanSaveOnnx")
            {
                return Refusal is null ? true : throw new NotSupportedException(Refusal);
            }
            if (Stock is not null)
            {
                return targetMethod.Invoke(Stock.Value, BindingFlags.DoNotWrapExceptions, null, args, null);
            }
            switch (targetMethod.Name)
            {
                case "get_Source":
                    return Source;
                case "SaveAsOnnx":
                    new OnnxGraph(args![0]!).Add(Columns());
                    return null;
                default:
                    throw new NotSupportedException($"{targetMethod.Name}: a data view of MLNet.BatchNorm is not saved. Save the transformer that made it.");
            }
        }
    }
}
