using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

// What to load, and how the text is written.
public sealed partial class TextLoader
{
    /// <summary>How the text is written.</summary>
    public class Options
    {
        public bool AllowQuoting;

        public bool AllowSparse;

        public char[] Separators = ['\t'];

        public Column[]? Columns;

        public bool TrimWhitespace;

        public bool HasHeader;

        public bool MissingRealsAsNaNs;
    }

    /// <summary>One column to load: a name, an item type, and the fields that it takes.</summary>
    public sealed class Column
    {
        public string? Name;

        public Range[]? Source;

        public KeyCount? KeyCount;

        public Column()
        {
        }

        public Column(string name, DataKind dataKind, int index)
            : this(name, dataKind, [new Range(index)])
        {
        }

        public Column(string name, DataKind dataKind, int minIndex, int maxIndex)
            : this(name, dataKind, [new Range(minIndex, maxIndex)])
        {
        }

        public Column(string name, DataKind dataKind, Range[] source, KeyCount? keyCount = null)
        {
            Contracts.CheckValue(name, nameof(name));
            Contracts.CheckValue(source, nameof(source));
            Name = name;
            DataKind = dataKind;
            Source = source;
            KeyCount = keyCount;
        }

        public DataKind DataKind { get; set; } = DataKind.Single;

        internal PrimitiveDataViewType GetItemType()
        {
            var type = DataKind.ToType();
            if (KeyCount is null)
            {
                return type;
            }

            Contracts.CheckParam(
                KeyDataViewType.IsValidDataType(type.RawType), nameof(DataKind), $"Bad item type for Key in column '{Name}': {DataKind}.");
            var largest = type.RawType == typeof(byte) ? byte.MaxValue
                : type.RawType == typeof(ushort) ? ushort.MaxValue
                : type.RawType == typeof(uint) ? uint.MaxValue
                : ulong.MaxValue;
            return new KeyDataViewType(type.RawType, KeyCount.Count ?? largest);
        }
    }

    /// <summary>A run of fields; without an end, up to the last field of the sample's lines.</summary>
    public sealed class Range
    {
        public int Min;

        public int? Max;

        public bool AutoEnd;

        public bool ForceVector;

        public Range()
        {
        }

        public Range(int index)
        {
            Contracts.CheckParam(index >= 0, nameof(index), $"Must be non-negative, got {index}.");
            Min = index;
            Max = index;
        }

        public Range(int min, int? max)
        {
            Contracts.CheckParam(min >= 0, nameof(min), $"Must be non-negative, got {min}.");
            Contracts.CheckParam(!(max < min), nameof(max), $"If specified, must be greater than or equal to min; got {min} to {max}.");
            Min = min;
            Max = max;
            ForceVector = true;
            AutoEnd = max is null;
        }
    }
}
