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
/// The stock form of a clipped column, and of an inverse, ends in an expression, which cannot be exported and would end the walk, too. The
/// proxy stands for the view of that last stage, and exports it as Clip nodes itself; an inverse's, which changes nothing, as none.
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
        if (exportableView is { IsInterface: true } && typeof(IDataView).IsAssignableFrom(exportableView))
        {
            var proxy = (ExportableView)DispatchProxy.Create(exportableView, typeof(ExportableView));
            proxy.Fast = fast;
            proxy.Stock = new Lazy<IDataView>(makeStock);
            proxy.Expressed = [.. columns.Where(column => column.EndsInExpression)];
            return (IDataView)(object)proxy;
        }
        return makeStock();
    }

    /// <summary>
    /// The view to hand out of a transformer that cannot be exported: the export throws and says so, where it would otherwise end at a
    /// plain view without a word, and give a graph that computes nothing.
    /// </summary>
    /// <param name="fast">The view that downstream reads.</param>
    /// <param name="makeStock">Makes the stock view over the same source, for whatever else is asked of it.</param>
    /// <param name="refusal">The message.</param>
    public static IDataView WithoutOnnxExport(IDataView fast, Func<IDataView> makeStock, string refusal)
    {
        IDataView view = WithOnnxExport(fast, [], makeStock, MLNetInternals.ExportableView);
        if (view is ExportableView proxy)
        {
            proxy.Refusal = refusal;
        }
        return view;
    }

    /// <summary>The base of the generated proxy.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it at run time.
    private class ExportableView : DispatchProxy
#pragma warning restore CA1852
    {
        public IDataView Fast { get; set; } = null!;

        public Lazy<IDataView> Stock { get; set; } = null!;

        public StockColumn[] Expressed { get; set; } = [];

        public string? Refusal { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.DeclaringType == typeof(IDataView))
            {
                return targetMethod.Invoke(Fast, BindingFlags.DoNotWrapExceptions, null, args, null);
            }
            if (Refusal is not null && targetMethod.Name == "CanSaveOnnx")
            {
                throw new NotSupportedException(Refusal);
            }
            if (Expressed.Length > 0 && targetMethod.Name == "CanSaveOnnx")
            {
                return true;
            }
            if (Expressed.Length > 0 && targetMethod.Name == "SaveAsOnnx")
            {
                foreach (StockColumn column in Expressed.Where(column => column.Clip is not null))
                {
                    (double low, double high) = column.Clip!.Value;
                    MLNetInternals.AddOnnxClip(args![0]!, column.OutputName, column.Type, low, high);
                }
                return null;
            }
            return targetMethod.Invoke(Stock.Value, BindingFlags.DoNotWrapExceptions, null, args, null);
        }
    }
}
