using System.Collections.Concurrent;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A computation that needs a column's raw type as a type argument.</summary>
internal interface IRawTypeFunction<out TResult>
{
    TResult Invoke<TValue>();
}

/// <summary>Calls generic code with a type known only at run time; the only place that does so by reflection.</summary>
internal static class RawTypeDispatch
{
    private static readonly ConcurrentDictionary<(Type Function, Type Raw), MethodInfo> Methods = new();

    public static TResult Invoke<TResult>(Type rawType, IRawTypeFunction<TResult> function)
    {
        var method = Methods.GetOrAdd(
            (typeof(IRawTypeFunction<TResult>), rawType),
            key => key.Function.GetMethod(nameof(IRawTypeFunction<>.Invoke))!.MakeGenericMethod(key.Raw));
        return (TResult)method.Invoke(function, BindingFlags.DoNotWrapExceptions, null, null, null)!;
    }

    /// <summary>The getter of a column as a delegate, for code that does not know its type.</summary>
    public static Delegate GetGetter(this DataViewRow row, DataViewSchema.Column column) =>
        Invoke(column.Type.RawType, new GetterOf(row, column));

    private sealed record GetterOf(DataViewRow Row, DataViewSchema.Column Column) : IRawTypeFunction<Delegate>
    {
        public Delegate Invoke<TValue>() => Row.GetGetter<TValue>(Column);
    }
}
