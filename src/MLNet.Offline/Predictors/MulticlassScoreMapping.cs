using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>The columns of a multiclass prediction, named after the values behind the training label's keys.</summary>
internal sealed class MulticlassScoreMapping : ScoreMapping
{
    private readonly LinearMulticlassModelParametersBase _model;

    public MulticlassScoreMapping(
        DataViewSchema inputSchema,
        DataViewSchema.Column features,
        LinearMulticlassModelParametersBase model,
        DataViewSchema.Column? trainLabel,
        string scoreName,
        string predictedLabelName)
        : base(inputSchema, features, CreateColumns(inputSchema, model.ClassCount, trainLabel, scoreName, predictedLabelName)) => _model = model;

    protected override Delegate[] CreateGetters(Action<Scorer> scoreRow)
    {
        var scores = new float[_model.ClassCount];
        Scorer scorer = (in VBuffer<float> features) => _model.Score(features, scores);
        ValueGetter<uint> label = (ref uint value) =>
        {
            scoreRow(scorer);
            value = (uint)(IndexOfHighest(scores) + 1);
        };
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> value) =>
        {
            scoreRow(scorer);
            var editor = VBufferEditor.Create(ref value, scores.Length);
            scores.CopyTo(editor.Values);
            value = editor.Commit();
        };
        return [label, score];
    }

    // The first of equals; -1, hence the missing key, if no score is a number.
    private static int IndexOfHighest(float[] scores)
    {
        var highest = -1;
        for (var i = 0; i < scores.Length; i++)
        {
            if (!float.IsNaN(scores[i]) && (highest < 0 || scores[i] > scores[highest]))
            {
                highest = i;
            }
        }
        return highest;
    }

    private static DataViewSchema.DetachedColumn[] CreateColumns(
        DataViewSchema inputSchema, int classCount, DataViewSchema.Column? trainLabel, string scoreName, string predictedLabelName)
    {
        var columns = new ScoreColumns(ScoreColumns.MulticlassClassification, inputSchema);
        var values = trainLabel?.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues);
        if (values is not { Type: VectorDataViewType type } || type.Size != classCount)
        {
            values = null;
        }
        return
        [
            columns.Create(
                predictedLabelName,
                new KeyDataViewType(typeof(uint), classCount),
                DefaultColumnNames.PredictedLabel,
                annotations => AddValues(annotations, AnnotationUtils.Kinds.KeyValues)),
            columns.Create(
                scoreName,
                new VectorDataViewType(NumberDataViewType.Single, classCount),
                DefaultColumnNames.Score,
                annotations =>
                {
                    AddValues(annotations, AnnotationUtils.Kinds.TrainingLabelValues);
                    if (values?.Type.GetItemType() is TextDataViewType)
                    {
                        AddValues(annotations, AnnotationUtils.Kinds.SlotNames);
                    }
                }),
        ];

        void AddValues(DataViewSchema.Annotations.Builder annotations, string kind)
        {
            if (values is { } column)
            {
                var getter = RawTypeDispatch.Invoke(column.Type.RawType, new AnnotationGetter(trainLabel!.Value.Annotations, column));
                annotations.Add(kind, column.Type, getter);
            }
        }
    }

    private sealed record AnnotationGetter(DataViewSchema.Annotations Annotations, DataViewSchema.Column Column) : IRawTypeFunction<Delegate>
    {
        public Delegate Invoke<TValue>() => Annotations.GetGetter<TValue>(Column);
    }
}
