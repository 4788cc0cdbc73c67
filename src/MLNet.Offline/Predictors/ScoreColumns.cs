namespace Microsoft.ML.Data;

/// <summary>The columns that predictors add, with the annotations by which they can be told from others.</summary>
internal sealed class ScoreColumns
{
    public const string BinaryClassification = "BinaryClassification";
    public const string MulticlassClassification = "MulticlassClassification";
    public const string Regression = "Regression";

    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    private readonly string _task;
    private readonly uint _setId;

    /// <summary>Numbers the set one above any that <paramref name="inputSchema"/> already has.</summary>
    public ScoreColumns(string task, DataViewSchema inputSchema)
    {
        _task = task;
        _setId = inputSchema.Max(SetIdOf) + 1;
    }

    public DataViewSchema.DetachedColumn Create(
        string name, DataViewType type, string valueKind, Action<DataViewSchema.Annotations.Builder>? addMore = null)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddText(AnnotationUtils.Kinds.ScoreColumnKind, _task);
        annotations.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreColumnSetId, SetIdType, _setId);
        annotations.AddText(AnnotationUtils.Kinds.ScoreValueKind, valueKind);
        addMore?.Invoke(annotations);
        return new DataViewSchema.DetachedColumn(name, type, annotations.ToAnnotations());
    }

    private static uint SetIdOf(DataViewSchema.Column column)
    {
        var id = 0u;
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.ScoreColumnSetId)?.Type is KeyDataViewType { } type
            && type.RawType == typeof(uint))
        {
            column.Annotations.GetValue(AnnotationUtils.Kinds.ScoreColumnSetId, ref id);
        }
        return id;
    }
}
