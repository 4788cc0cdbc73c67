using System.Reflection;
using Microsoft.ML;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Interop;

/// <summary>
/// Makes a fast data view pass for the stock one where ML.NET exports to ONNX.
/// </summary>
/// <remarks>
/// <para>
/// <c>ConvertToOnnx</c> walks back from the transformed data view for as long as each view implements an internal interface; any other
/// view ends the walk silently, and the graph would lack all that came before. So the view handed out is a proxy that implements that
/// interface: schema and cursors are the fast view's, all else (the source, the ONNX and the model writer) is the stock view's.
/// </para>
/// <para>
/// The stock form of a clipped column, of an inverse and of a network has expressions, which cannot be exported and would end the walk,
/// too. The proxy stands for the view of that last stage, or of all stages of the network, and writes to the graph itself.
/// </para>
/// </remarks>
internal static class OnnxExport
{
    /// <summary>
    /// The view to hand out. Where ML.NET has changed so that no proxy can be made, the stock view: slower, still right.
    /// </summary>
    /// <param name="fast">The view that downstream reads: its schema object is the one that downstream binds to.</param>
    /// <param name="columns">The columns that the stock transformer was made of.</param>
    /// <param name="makeStock">
    /// Makes the view of <see cref="StockNormalizer.Create"/>'s transformer over the same source; called once, when it is first needed.
    /// </param>
    public static IDataView WithOnnxExport(IDataView fast, IEnumerable<StockColumn> columns, Func<IDataView> makeStock) =>
        WithOnnxExport(fast, columns, makeStock, MLNetInternals.ExportableView);

    internal static IDataView WithOnnxExport(
        IDataView fast, IEnumerable<StockColumn> columns, Func<IDataView> makeStock, Type? exportableView)
    {
        StockColumn[] expressed = [.. columns.Where(column => column.EndsInExpression)];
        return Wrap(fast, source: null, makeStock, expressed.Length == 0 ? null : Write, exportableView);

        void Write(OnnxGraph graph)
        {
            foreach (StockColumn column in expressed.Where(column => column.Clip is not null))
            {
                (double low, double high) = column.Clip!.Value;
                graph.Clip(column.OutputName, column.Type, low, high);
            }
        }
    }

    /// <summary>The view to hand out of a transformer that writes all of itself to the graph, whatever its stock form is.</summary>
    /// <param name="fast">The view that downstream reads.</param>
    /// <param name="source">The view that the transformer reads: the walk goes on from there.</param>
    /// <param name="makeStock">Makes the stock view over the same source, for whatever else is asked of it; called once, when it is first needed.</param>
    /// <param name="write">Writes the transformer to the graph.</param>
    public static IDataView WithOnnxExport(IDataView fast, IDataView source, Func<IDataView> makeStock, Action<OnnxGraph> write) =>
        Wrap(fast, source, makeStock, write, MLNetInternals.ExportableView);

    private static IDataView Wrap(IDataView fast, IDataView? source, Func<IDataView> makeStock, Action<OnnxGraph>? write, Type? exportableView)
    {
        if (exportableView is { IsInterface: true } && typeof(IDataView).IsAssignableFrom(exportableView))
        {
            var proxy = (ExportableView)DispatchProxy.Create(exportableView, typeof(ExportableView));
            proxy.Fast = fast;
            proxy.Source = source;
            proxy.Stock = new Lazy<IDataView>(makeStock);
            proxy.Write = write;
            return (IDataView)(object)proxy;
        }
        return makeStock();
    }

    /// <summary>The base of the generated proxy.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it at run time.
    private class ExportableView : DispatchProxy
#pragma warning restore CA1852
    {
        public IDataView Fast { get; set; } = null!;

        public IDataView? Source { get; set; }

        public Lazy<IDataView> Stock { get; set; } = null!;

        public Action<OnnxGraph>? Write { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.DeclaringType == typeof(IDataView))
            {
                return targetMethod.Invoke(Fast, BindingFlags.DoNotWrapExceptions, null, args, null);
            }
            if (Source is not null && targetMethod.Name == "get_Source")
            {
                return Source;
            }
            if (Write is not null && targetMethod.Name == "CanSaveOnnx")
            {
                return true;
            }
            if (Write is not null && targetMethod.Name == "SaveAsOnnx")
            {
                Write(new OnnxGraph(args![0]!));
                return null;
            }
            return targetMethod.Invoke(Stock.Value, BindingFlags.DoNotWrapExceptions, null, args, null);
        }
    }
}
