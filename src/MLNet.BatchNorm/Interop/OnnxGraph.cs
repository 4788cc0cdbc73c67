using System.Reflection;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Interop;

/// <summary>
/// The graph that ML.NET is exporting to ONNX (its internal <c>OnnxContext</c>), and the operators that this library adds to it.
/// </summary>
/// <remarks>
/// ML.NET maps the name of every variable that is added, of constants too, as if it were a column. So the names of what is no column begin
/// with <see cref="Prefix"/>: a column of the same name would otherwise be lost to the stages behind. An attribute whose value is 0 is
/// dropped by ML.NET: give none where 0 is not the operator's default.
/// </remarks>
internal sealed class OnnxGraph(object context)
{
    private const string Prefix = "MLNet.BatchNorm.";
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Whether the column is in the graph; it is not where a stage before could not be exported.</summary>
    public bool HasColumn(string columnName) => (bool)Call("ContainsColumn", [typeof(string)], columnName);

    /// <summary>The variable that holds a column.</summary>
    public string VariableOf(string columnName) => (string)Call("GetVariableName", [typeof(string)], columnName);

    /// <summary>A new variable that holds the column from here on.</summary>
    public string AddColumn(string columnName, DataViewType type) =>
        (string)Call("AddIntermediateVariable", [typeof(DataViewType), typeof(string), typeof(bool)], type, columnName, false);

    /// <summary>Adds an operator of ONNX's own set; returns the variable of its result.</summary>
    public string Add(string operation, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var output = (string)Call("AddIntermediateVariable", [typeof(DataViewType), typeof(string), typeof(bool)], null, Prefix + operation, true);
        AddTo(output, operation, inputs, attributes);
        return output;
    }

    /// <summary>Adds an operator of ONNX's own set whose result goes to a given variable.</summary>
    public void AddTo(string output, string operation, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var name = (string)Call("GetNodeName", [typeof(string)], operation);
        object node = Call(
            "CreateNode",
            [typeof(string), typeof(IEnumerable<string>), typeof(IEnumerable<string>), typeof(string), typeof(string)],
            operation, inputs, new[] { output }, name, "");
        foreach ((string attribute, object value) in attributes)
        {
            // Integers, real numbers, lists of integers, and the types that Cast casts to.
            Type type = value is long[]? typeof(IEnumerable<long>) : value is Type ? typeof(Type) : value.GetType();
            Call(node, "AddAttribute", [typeof(string), type], attribute, value);
        }
    }

    /// <summary>A constant.</summary>
    public string Constant<T>(T value)
        where T : unmanaged =>
        (string)Call("AddInitializer", [typeof(T), typeof(string), typeof(bool)], value, $"{Prefix}Constant", true);

    /// <summary>A constant tensor, row-major.</summary>
    public string Constant<T>(T[] values, params long[] dimensions)
        where T : unmanaged =>
        (string)Call("AddInitializer", [typeof(IEnumerable<T>), typeof(IEnumerable<long>), typeof(string), typeof(bool)], values, dimensions, $"{Prefix}Constants", true);

    /// <summary>Clips a column in place.</summary>
    public void Clip(string columnName, DataViewType type, double low, double high)
    {
        // Clip takes its limits as inputs since operator set 11, and doubles since 12.
        bool isDouble = ((type as VectorDataViewType)?.ItemType ?? type) == NumberDataViewType.Double;
        Call("CheckOpSetVersion", [typeof(int), typeof(string)], isDouble ? 12 : 11, "Clip");
        string input = VariableOf(columnName);
        AddTo(AddColumn(columnName, type), "Clip", [input, Limit(low), Limit(high)]);

        string Limit(double value) => isDouble ? Constant(value) : Constant((float)value);
    }

    private object Call(string name, Type[] types, params object?[] arguments) => Call(context, name, types, arguments);

    private static object Call(object target, string name, Type[] types, params object?[] arguments)
    {
        MethodInfo method = target.GetType().GetMethod(name, Instance, types) ?? throw new MissingMethodException(target.GetType().FullName, name);
        return method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }
}
