using System.Reflection;
using Microsoft.ML;

namespace MLNet.BatchNorm.Interop;

/// <summary>
/// Makes a fast data view pass for the stock one where ML.NET exports to ONNX.
/// </summary>
/// <remarks>
/// ConvertToOnnx walks back from the transformed data view for as long as each view implements an internal interface; any other view
/// ends the walk silently, and the graph would lack all that came before. A proxy implements that interface: schema and cursors are
/// the fast view's, everything else (the source, the ONNX and the model writer) is the stock view's.
/// </remarks>
internal static class OnnxExport
{
    private const string InterfaceName = "Microsoft.ML.Model.OnnxConverter.ITransformCanSaveOnnx";

    /// <summary>
    /// The view to hand out: <paramref name="fast"/> behind a proxy that exports like <paramref name="stock"/>. Where ML.NET has no
    /// such interface (any more), <paramref name="stock"/> itself: slower, still right.
    /// </summary>
    /// <param name="fast">The view that downstream reads: its schema object is the one that downstream binds to.</param>
    /// <param name="stock">The stock transformer's view over the same source.</param>
    public static IDataView WithOnnxExport(IDataView fast, IDataView stock) => WithOnnxExport(fast, stock, InterfaceName);

    internal static IDataView WithOnnxExport(IDataView fast, IDataView stock, string interfaceName)
    {
        Type? exportable = Array.Find(stock.GetType().GetInterfaces(), type => type.FullName == interfaceName);
        if (exportable is null || !typeof(IDataView).IsAssignableFrom(exportable))
        {
            return stock;
        }
        var proxy = (ExportableView)DispatchProxy.Create(exportable, typeof(ExportableView));
        proxy.Fast = fast;
        proxy.Stock = stock;
        return (IDataView)(object)proxy;
    }

    /// <summary>The base of the generated proxy: calls of <see cref="IDataView"/> go to one view, all others to the other.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it at run time.
    private class ExportableView : DispatchProxy
    {
        public IDataView Fast { get; set; } = null!;

        public IDataView Stock { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            object target = targetMethod!.DeclaringType == typeof(IDataView) ? Fast : Stock;
            return targetMethod.Invoke(target, BindingFlags.DoNotWrapExceptions, null, args, null);
        }
    }
#pragma warning restore CA1852
}
