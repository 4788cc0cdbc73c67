using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns the values of columns, and gives each a key.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    internal const int DefaultMaximumNumberOfKeys = 1000000;
    internal const KeyOrdinality DefaultOrdinality = KeyOrdinality.ByOccurrence;
    internal const bool DefaultAddKeyValueAnnotationsAsText = false;

    private readonly IHost _host;
    private readonly (string Output, string Input)[] _columns;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _ordinality;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, int maximumNumberOfKeys, KeyOrdinality ordinality)
    {
        Contracts.CheckValue(columns, nameof(columns));
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        _columns = Array.ConvertAll(columns, pair => (pair.OutputColumnName, pair.InputColumnName));
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _ordinality = ordinality;
    }

    /// <summary>Which value gets the first key.</summary>
    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(_maximumNumberOfKeys > 0, "maximumNumberOfKeys", "Must be positive");
        var columns = Array.ConvertAll(_columns, pair => ValueToKeyMappingTransformer.FindInput(input.Schema, pair.Input));
        var vocabularies = Array.ConvertAll(columns, column => KeyVocabulary.Create((PrimitiveDataViewType)column.Type));
        using (var cursor = input.GetRowCursor(columns))
        {
            var learners = columns.Select((column, i) => vocabularies[i].CreateLearner(cursor, column, _maximumNumberOfKeys)).ToList();
            while (learners.Count > 0 && cursor.MoveNext())
            {
                learners.RemoveAll(learn => !learn());
            }
        }
        if (_ordinality == KeyOrdinality.ByValue)
        {
            Array.ForEach(vocabularies, vocabulary => vocabulary.Sort());
        }
        return new ValueToKeyMappingTransformer(_host, _columns, vocabularies);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        foreach (var (output, input) in _columns)
        {
            if (!inputSchema.TryFindColumn(input, out var column))
            {
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            }
            var keyValues = new SchemaShape.Column(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, column.ItemType, column.IsKey);
            result[output] = new SchemaShape.Column(output, column.Kind, NumberDataViewType.UInt32, true, new SchemaShape([keyValues]));
        }
        return new SchemaShape(result.Values);
    }
}
