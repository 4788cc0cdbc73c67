using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>One output column of an expression.</summary>
internal abstract record ExpressionColumn(string Output, string Input, string Text, DataViewType ItemType, bool IsVector)
{
    public static ExpressionColumn Create(string output, string input, string text, DataViewType itemType, bool isVector)
        => itemType == NumberDataViewType.Single
            ? new ExpressionColumn<float>(output, input, text, itemType, isVector, ExpressionParser<float>.Parse(text))
            : itemType == NumberDataViewType.Double
                ? new ExpressionColumn<double>(output, input, text, itemType, isVector, ExpressionParser<double>.Parse(text))
                : throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input,
                    "Single or Double (all that expressions of the offline implementation of Microsoft.ML take)", itemType.ToString()!);

    public abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input);
}

/// <summary>One output column of an expression over T.</summary>
internal sealed record ExpressionColumn<T>(string Output, string Input, string Text, DataViewType ItemType, bool IsVector, Func<T, T> Function)
    : ExpressionColumn(Output, Input, Text, ItemType, IsVector)
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input)
    {
        if (!IsVector)
        {
            var getScalar = row.GetGetter<T>(input);
            return (ValueGetter<T>)((ref T destination) =>
            {
                getScalar(ref destination);
                destination = Function(destination);
            });
        }
        var getVector = row.GetGetter<VBuffer<T>>(input);
        var source = default(VBuffer<T>);
        // What is not given in a sparse vector is zero; where zero goes to zero, it stays that way.
        var ofZero = Function(T.Zero);
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) =>
        {
            getVector(ref source);
            var values = source.GetValues();
            var indices = source.GetIndices();
            var isSparse = !source.IsDense && T.IsZero(ofZero);
            var editor = isSparse ? VBufferEditor.Create(ref destination, source.Length, values.Length) : VBufferEditor.Create(ref destination, source.Length);
            if (isSparse)
            {
                indices.CopyTo(editor.Indices);
            }
            else if (!source.IsDense)
            {
                editor.Values.Fill(ofZero);
            }
            for (var i = 0; i < values.Length; i++)
            {
                editor.Values[isSparse || source.IsDense ? i : indices[i]] = Function(values[i]);
            }
            destination = editor.Commit();
        });
    }
}
