using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>A vocabulary of one .NET type.</summary>
internal sealed class KeyVocabulary<T>(PrimitiveDataViewType itemType) : KeyVocabulary(itemType)
{
    private readonly List<T> _values = [];
    private readonly Dictionary<Wrapped, uint> _keys = new(WrappedComparer);

    private static IEqualityComparer<Wrapped> WrappedComparer { get; } = typeof(T) == typeof(ReadOnlyMemory<char>) ? new TextComparer() : new ValueComparer();

    public override int Count => _values.Count;

    public override Func<bool> CreateLearner(DataViewRow row, DataViewSchema.Column column, int maximumCount)
    {
        var get = row.GetGetter<T>(column);
        var value = default(T)!;
        return () =>
        {
            get(ref value);
            if (_values.Count < maximumCount && !IsMissing(value))
            {
                TryAdd(value);
            }
            return _values.Count < maximumCount;
        };
    }

    public override void Sort()
    {
        var values = _values.ToList();
        values.Sort(Compare);
        _values.Clear();
        _keys.Clear();
        values.ForEach(value => TryAdd(value));
    }

    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        var value = default(T)!;
        return (ValueGetter<uint>)((ref uint destination) =>
        {
            get(ref value);
            destination = _keys.GetValueOrDefault(new Wrapped(value));
        });
    }

    public override void Annotate(DataViewSchema.Annotations.Builder annotations)
    {
        if (Count > 0)
        {
            annotations.AddKeyValues(ItemType, new VBuffer<T>(Count, [.. _values]));
        }
    }

    protected override void WriteValues(BinaryWriter writer) => ValueBlock<T>.Instance.Write(writer, _values.ToArray());

    protected override void ReadValues(BinaryReader reader, int count)
    {
        foreach (var value in ValueBlock<T>.Instance.Read(reader, count))
        {
            ModelHeader.Require(TryAdd(value), $"a vocabulary with '{value}' twice");
        }
    }

    protected override void WriteTexts(ModelSaveContext context) => _values.ForEach(value => context.SaveNonEmptyString(value!.ToString()!));

    protected override void ReadTexts(ModelLoadContext context, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var text = context.LoadNonEmptyString();
            ModelHeader.Require(TryAdd((T)(object)text.AsMemory()), $"a vocabulary with '{text}' twice");
        }
    }

    private bool TryAdd(T value)
    {
        // A text is copied out of the longer text that it may be a slice of.
        var kept = value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;
        if (!_keys.TryAdd(new Wrapped(kept), (uint)_values.Count + 1))
        {
            return false;
        }
        _values.Add(kept);
        return true;
    }

    private static bool IsMissing(T value) => value switch
    {
        ReadOnlyMemory<char> text => text.IsEmpty,
        float number => float.IsNaN(number),
        double number => double.IsNaN(number),
        _ => false,
    };

    private static int Compare(T left, T right) => left is ReadOnlyMemory<char> leftText && right is ReadOnlyMemory<char> rightText
        ? leftText.Span.CompareTo(rightText.Span, StringComparison.Ordinal)
        : Comparer<T>.Default.Compare(left, right);

    // Dictionary keys must not be null, which an unconstrained type parameter could be.
    private readonly record struct Wrapped(T Value);

    private sealed class ValueComparer : IEqualityComparer<Wrapped>
    {
        public bool Equals(Wrapped x, Wrapped y) => EqualityComparer<T>.Default.Equals(x.Value, y.Value);

        public int GetHashCode([DisallowNull] Wrapped obj) => EqualityComparer<T>.Default.GetHashCode(obj.Value!);
    }

    private sealed class TextComparer : IEqualityComparer<Wrapped>
    {
        public bool Equals(Wrapped x, Wrapped y) => Span(x).SequenceEqual(Span(y));

        public int GetHashCode([DisallowNull] Wrapped obj) => string.GetHashCode(Span(obj), StringComparison.Ordinal);

        private static ReadOnlySpan<char> Span(Wrapped wrapped) => ((ReadOnlyMemory<char>)(object)wrapped.Value!).Span;
    }
}
