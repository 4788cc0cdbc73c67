using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Fitted columns bound to one input schema.</summary>
internal sealed class AffineBinding : RowBinding
{
    private readonly ImmutableArray<AffineColumn> _columns;
    private readonly ImmutableArray<DataViewSchema.Column> _inputs;

    private AffineBinding(DataViewSchema inputSchema, ImmutableArray<AffineColumn> columns, ImmutableArray<DataViewSchema.Column> inputs)
        : base(inputSchema, [.. columns.Zip(inputs, Describe)])
    {
        _columns = columns;
        _inputs = inputs;
    }

    public static AffineBinding Create(DataViewSchema inputSchema, ImmutableArray<AffineColumn> columns, string parameterName) =>
        new(inputSchema, columns, [.. columns.Select(column => column.FindInput(inputSchema, parameterName))]);

    public override DataViewSchema.Column InputOf(int added) => _inputs[added];

    public override Func<int, Delegate> CreateGetters(DataViewRow input) => added => _columns[added].CreateGetter(input, _inputs[added]);

    private static DataViewSchema.DetachedColumn Describe(AffineColumn column, DataViewSchema.Column input)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (column.IsNormalized)
        {
            annotations.Add(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, (ref bool value) => value = true);
        }
        annotations.Add(input.Annotations, kind => kind == AnnotationKinds.SlotNames);
        return new DataViewSchema.DetachedColumn(column.OutputColumnName, input.Type, annotations.ToAnnotations());
    }
}
