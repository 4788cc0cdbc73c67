using System.Data.Common;
using System.Numerics;

namespace MLNet.BatchNorm.Sql;

/// <summary>Holds the request's columns against those that the source really has.</summary>
internal static class SourceSchema
{
    private const int NamesShown = 20;

    private static readonly HashSet<Type> Numeric =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(float), typeof(double), typeof(Half), typeof(decimal),
    ];

    /// <exception cref="ArgumentException">A column is missing, ambiguous, or not numeric where it must be.</exception>
    public static void Check(MomentsRequest request, DbDataReader probe)
    {
        var ordinals = Enumerable.Range(0, probe.FieldCount).ToLookup(probe.GetName, StringComparer.Ordinal);
        foreach (var (name, role) in request.ColumnsRead())
        {
            int[] found = [.. ordinals[name]];
            if (found.Length != 1)
            {
                throw new ArgumentException(
                    found.Length == 0
                        ? $"Could not find {role} column '{name}' in {request.Source}. Columns found: {List(ordinals.Select(column => column.Key))}."
                        : $"{request.Source} has {found.Length} columns '{name}': name them apart in the query.",
                    nameof(request));
            }

            bool mustBeNumeric = role is "feature" or "weight" && request.Dialect.IsNoNumber(name) is null;
            if (mustBeNumeric && !Numeric.Contains(probe.GetFieldType(found[0])))
            {
                throw new ArgumentException(
                    $"{(role == "weight" ? "Weight column" : "Column")} '{name}' of {request.Source}: expected numbers, and found {probe.GetDataTypeName(found[0])}. " +
                    "Leave it out, or convert it in a query.",
                    nameof(request));
            }
        }
    }

    private static string List(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(name => $"'{name}'")];
        return all.Length <= NamesShown
            ? all.Length == 0 ? "none" : string.Join(", ", all)
            : $"{string.Join(", ", all.Take(NamesShown))} and {all.Length - NamesShown} more";
    }
}
