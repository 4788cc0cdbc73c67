using System.Collections.Immutable;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>A fitted map from one column to another.</summary>
/// <param name="outputColumnName">The column that is written.</param>
/// <param name="inputColumnName">The column that is read.</param>
/// <param name="type">The type that the map was made for.</param>
/// <param name="map">The map; one feature per slot.</param>
internal sealed class AffineColumn(string outputColumnName, string inputColumnName, FeatureColumnType type, AffineMap map)
{
    public string OutputColumnName { get; } = outputColumnName;

    public string InputColumnName { get; } = inputColumnName;

    public AffineMap Map { get; } = CheckRange(map, type, outputColumnName);

    /// <summary>The type that the map was made for.</summary>
    public DataViewType Type => type.Type;

    /// <summary>Whether the output counts as normalized, which keeps trainers from normalizing it again.</summary>
    public bool IsNormalized { get; init; } = true;

    public bool IsVector => type.IsVector;

    /// <summary>The names of the slots; empty where there are none.</summary>
    public ImmutableArray<string> SlotNames { get; init; } = [];

    /// <summary>The column of the schema that this map reads, or an error that says why there is none.</summary>
    public DataViewSchema.Column FindInput(DataViewSchema schema, string parameterName) => type.FindSame(schema, InputColumnName, parameterName);

    /// <summary>A getter of the output over a row of the input.</summary>
    public Delegate CreateGetter(DataViewRow input, DataViewSchema.Column column) =>
        type.IsDouble ? CreateGetter<double>(input, column) : CreateGetter<float>(input, column);

    /// <summary>The map back, from the output column to the input column.</summary>
    public AffineColumn Inverse()
    {
        var scale = Map.Scale;
        for (int slot = 0; slot < scale.Length; slot++)
        {
            if (!double.IsFinite(1 / scale[slot]))
            {
                throw new InvalidOperationException(
                    $"Column '{OutputColumnName}', slot {slot}: the scale is {scale[slot]:R}, so that every input gives the same output, and the map cannot be undone.");
            }
        }
        return new AffineColumn(InputColumnName, OutputColumnName, type, Map.Inverse()) { IsNormalized = false, SlotNames = SlotNames };
    }

    public StockColumn ToStock() =>
        new(OutputColumnName, InputColumnName, type.Type, Map.Center.ToArray(), Map.Scale.ToArray(), Map.Shift.ToArray())
        {
            Clip = Map.Clips ? (Map.ClipMinimum, Map.ClipMaximum) : null,
            IsNormalized = IsNormalized,
            Ends = Map.Ends.ToArray(),
        };

    /// <summary>
    /// Values that tell this map from others: in each slot the center, and one and two units of the output beside it; where results are
    /// clipped, those that land on the quarters of the range, since beyond its ends all maps are alike.
    /// </summary>
    public IEnumerable<double[]> ProbeRows()
    {
        foreach (double units in (double[])[0, 1, -1, 2])
        {
            yield return ProbeRow(_ => units);
        }
        foreach (double quarter in Map.Clips ? (double[])[0.25, 0.5, 0.75] : [])
        {
            double target = Map.ClipMinimum + (quarter * (Map.ClipMaximum - Map.ClipMinimum));
            yield return ProbeRow(slot => target - Map.Shift[slot]);
        }
    }

    private double[] ProbeRow(Func<int, double> unitsFromCenter)
    {
        double largest = type.IsDouble ? double.MaxValue : float.MaxValue;
        var row = new double[Map.FeatureCount];
        for (int slot = 0; slot < row.Length; slot++)
        {
            double scale = Map.Scale[slot] == 0 ? 1 : Map.Scale[slot];
            row[slot] = Math.Clamp(Map.Center[slot] + (unitsFromCenter(slot) / scale), -largest, largest);
        }
        return row;
    }

    private Delegate CreateGetter<T>(DataViewRow input, DataViewSchema.Column column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        type.IsVector
            ? AffineGetters.Vector(input.GetGetter<VBuffer<T>>(column), Map, InputColumnName)
            : AffineGetters.Scalar(input.GetGetter<T>(column), Map);

    private static AffineMap CheckRange(AffineMap map, FeatureColumnType type, string outputColumnName)
    {
        for (int slot = 0; slot < map.FeatureCount; slot++)
        {
            if (!AffineRange.Holds(map.Center[slot], map.Scale[slot], map.Shift[slot], type.IsDouble))
            {
                throw new InvalidOperationException(
                    $"Column '{outputColumnName}', slot {slot}: the map (x - {map.Center[slot]:R}) * {map.Scale[slot]:R} + {map.Shift[slot]:R} is beyond " +
                    "the range of Single. Convert the column to Double first, or leave the feature out.");
            }
        }
        return map;
    }
}
