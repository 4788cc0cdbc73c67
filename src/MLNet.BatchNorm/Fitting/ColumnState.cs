using System.Collections.Immutable;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>The fitted columns in a statistics entry: names, types, slot names and exact moments, which all scalings have.</summary>
internal static class ColumnState
{
    /// <summary>With channels, few numbers stand for many slots: this bounds what a forged entry can make us allocate.</summary>
    private const int MaximumSlotCount = 1 << 24;

    // *** Binary format ***
    // int: number of columns; for each
    //   string: output column, string: input column
    //   flag: is double, flag: is vector, ints: dimensions
    //   strings: slot names, as many as slots or none
    //   moments (MomentsState)
    public static void Write(StatisticsWriter writer, ImmutableArray<FittedColumn> columns)
    {
        writer.WriteInt32(columns.Length);
        foreach (var column in columns)
        {
            if (column.Moments.FirstOverflow is { } feature)
            {
                throw column.VarianceBeyondDouble(feature);
            }
            writer.WriteString(column.OutputColumnName);
            writer.WriteString(column.InputColumnName);
            writer.WriteBoolean(column.Type.IsDouble);
            writer.WriteBoolean(column.Type.IsVector);
            writer.WriteInt32s(column.Type.Dimensions.AsSpan());
            writer.WriteStrings([.. column.SlotNames]);
            MomentsState.Write(writer, column.Moments);
        }
    }

    public static ImmutableArray<FittedColumn> Read(StatisticsReader reader, ScalingOptions options)
    {
        const int MinimumColumnBytes = 4 * sizeof(int);
        int count = reader.ReadCount(MinimumColumnBytes);
        if (count == 0)
        {
            throw reader.Damaged("it has no columns");
        }
        var columns = ImmutableArray.CreateBuilder<FittedColumn>(count);
        var outputs = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            columns.Add(ReadColumn(reader, options));
            if (!outputs.Add(columns[i].OutputColumnName))
            {
                throw reader.Damaged($"two of its columns write '{columns[i].OutputColumnName}'");
            }
        }
        return columns.MoveToImmutable();
    }

    private static FittedColumn ReadColumn(StatisticsReader reader, ScalingOptions options)
    {
        string output = reader.ReadString();
        string input = reader.ReadString();
        var type = ReadType(reader);
        reader.TakeSlots(type.SlotCount);
        var layout = FeatureLayout.Create(type, options.ChannelAxis, input);
        string[] slotNames = reader.ReadStringsOrNull() ?? [];
        if (slotNames.Length != 0 && slotNames.Length != type.SlotCount)
        {
            throw reader.Damaged($"column '{input}' has {type.SlotCount} slots and {slotNames.Length} slot names");
        }
        return new FittedColumn(output, input, type, [.. slotNames], layout, MomentsState.Read(reader, layout.FeatureCount));
    }

    private static FeatureColumnType ReadType(StatisticsReader reader)
    {
        PrimitiveDataViewType itemType = reader.ReadBoolean() ? NumberDataViewType.Double : NumberDataViewType.Single;
        bool isVector = reader.ReadBoolean();
        int[] dimensions = reader.ReadInt32s();
        if (isVector == (dimensions.Length == 0))
        {
            throw reader.Damaged($"a column is {(isVector ? "a vector" : "no vector")} and has {dimensions.Length} dimensions");
        }
        // As a product of doubles, which cannot overflow.
        if (dimensions.Any(dimension => dimension < 1) || dimensions.Aggregate(1.0, (product, dimension) => product * dimension) > MaximumSlotCount)
        {
            throw reader.Damaged($"a column claims the dimensions [{string.Join(", ", dimensions)}]");
        }
        return FeatureColumnType.Create(isVector ? new VectorDataViewType(itemType, dimensions) : itemType);
    }
}
