using System.Reflection;
using Microsoft.ML;

namespace MLNet.BatchNorm.Interop;

/// <summary>
/// Makes a fast data view pass for the stock one where ML.NET exports to ONNX.
/// </summary>
/// <remarks>
/// <c>ConvertToOnnx</c> walks back from the transformed data view for as long as each view implements an internal interface; any other
/// view ends the walk silently, and the graph would lack all that came before. So the view handed out is a proxy that implements that
/// interface: schema and cursors are the fast view's, and it writes to the graph itself, since stock forms have stages that cannot be
/// exported, or not in double precision. All else is the stock view's.
/// </remarks>
internal static class OnnxExport
{
    /// <summary>
    /// The view to hand out. Where ML.NET has changed so that no proxy can be made, the stock view: slower, still right.
    /// </summary>
    /// <param name="fast">The view that downstream reads: its schema object is the one that downstream binds to.</param>
    /// <param name="source">The view that the transformer reads: the walk goes on from there.</param>
    /// <param name="makeStock">Makes the stock view over the same source, for whatever else is asked of it; called once, when it is first needed.</param>
    /// <param name="write">Writes the transformer to the graph.</param>
    public static IDataView WithOnnxExport(IDataView fast, IDataView source, Func<IDataView> makeStock, Action<OnnxGraph> write) =>
        WithOnnxExport(fast, source, makeStock, write, MLNetInternals.ExportableView);

    internal static IDataView WithOnnxExport(
        IDataView fast, IDataView source, Func<IDataView> makeStock, Action<OnnxGraph> write, Type? exportableView)
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

        public IDataView Source { get; set; } = null!;

        public Lazy<IDataView> Stock { get; set; } = null!;

        public Action<OnnxGraph> Write { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.DeclaringType == typeof(IDataView))
            {
                return targetMethod.Invoke(Fast, BindingFlags.DoNotWrapExceptions, null, args, null);
            }
            switch (targetMethod.Name)
            {
                case "get_Source":
                    return Source;
                case "CanSaveOnnx":
                    return true;
                case "SaveAsOnnx":
                    Write(new OnnxGraph(args![0]!));
                    return null;
                default:
                    return targetMethod.Invoke(Stock.Value, BindingFlags.DoNotWrapExceptions, null, args, null);
            }
        }
    }
}
