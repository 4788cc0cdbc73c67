using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The values of a column, each with a key: 1 for the first, 0 for what is not among them.</summary>
internal abstract class KeyVocabulary(PrimitiveDataViewType itemType)
{
    private const byte TextCode = 0;
    private const byte TypedCode = 1;

    public PrimitiveDataViewType ItemType => itemType;

    public abstract int Count { get; }

    public KeyDataViewType KeyType => new(typeof(uint), Math.Max(Count, 1));

    /// <summary>Takes in the row's value; false where the vocabulary holds all the values that it may.</summary>
    public abstract Func<bool> CreateLearner(DataViewRow row, DataViewSchema.Column column, int maximumCount);

    public abstract void Sort();

    public abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column);

    public abstract void Annotate(DataViewSchema.Annotations.Builder annotations);

    protected abstract void WriteValues(BinaryWriter writer);

    protected abstract void ReadValues(BinaryReader reader, int count);

    protected abstract void WriteTexts(ModelSaveContext context);

    protected abstract void ReadTexts(ModelLoadContext context, int count);

    public static KeyVocabulary Create(PrimitiveDataViewType itemType) => RawTypeDispatch.Invoke(itemType.RawType, new Creation(itemType));

    // Format: for text 0, the number of texts, and their numbers in the string table; else 1, the type, the number of values, and their block.
    public void Save(ModelSaveContext context)
    {
        var isText = ItemType is TextDataViewType;
        context.Writer.Write(isText ? TextCode : TypedCode);
        if (!isText)
        {
            SchemaTypeCodec.Write(context.Writer, ItemType);
        }
        context.Writer.Write(Count);
        if (isText)
        {
            WriteTexts(context);
        }
        else
        {
            WriteValues(context.Writer);
        }
    }

    public static KeyVocabulary Load(ModelLoadContext context)
    {
        var code = context.Reader.ReadByte();
        ModelHeader.Require(code is TextCode or TypedCode, $"a vocabulary of kind {code}");
        var isText = code == TextCode;
        var type = isText ? TextDataViewType.Instance : SchemaTypeCodec.ReadOrNull(context.Reader);
        ModelHeader.Require(type is PrimitiveDataViewType and not KeyDataViewType, "a vocabulary of a type that cannot be read");
        var vocabulary = Create((PrimitiveDataViewType)type!);
        var count = context.Reader.ReadInt32();
        ModelHeader.Require(count >= 0, $"a vocabulary of {count} values");
        if (isText)
        {
            vocabulary.ReadTexts(context, count);
        }
        else
        {
            vocabulary.ReadValues(context.Reader, count);
        }
        return vocabulary;
    }

    private sealed record Creation(PrimitiveDataViewType ItemType) : IRawTypeFunction<KeyVocabulary>
    {
        public KeyVocabulary Invoke<TValue>() => new KeyVocabulary<TValue>(ItemType);
    }
}
