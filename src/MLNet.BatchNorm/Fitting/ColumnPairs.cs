using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>The column pairs of an estimator: checked when it is made, and followed through a pipeline's schema shapes.</summary>
internal static class ColumnPairs
{
    public static ImmutableArray<InputOutputColumnPair> Check(InputOutputColumnPair[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Length == 0)
        {
            throw new ArgumentException("Expected at least one column pair; found none.", nameof(columns));
        }
        var outputs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            if (string.IsNullOrEmpty(column?.OutputColumnName) || string.IsNullOrEmpty(column.InputColumnName))
            {
                throw new ArgumentException("Expected the names of an output and an input column in each pair; found none.", nameof(columns));
            }
            if (!outputs.Add(column.OutputColumnName))
            {
                throw new ArgumentException($"Output column '{column.OutputColumnName}' is given twice. Give each pair an output column of its own.", nameof(columns));
            }
        }
        return [.. columns];
    }

    /// <summary>
    /// The shape after the estimator. Shapes can only be made by ML.NET itself: its own normalizer has the same effect on them.
    /// </summary>
    public static SchemaShape GetOutputSchema(
        TransformsCatalog catalog, ImmutableArray<InputOutputColumnPair> columns, SchemaShape inputSchema, string? weightColumnName)
    {
        foreach (var pair in columns)
        {
            CheckInput(inputSchema, pair.InputColumnName);
        }
        if (weightColumnName is not null && !Names(inputSchema).Contains(weightColumnName))
        {
            throw SchemaErrors.Missing(nameof(inputSchema), "weight", weightColumnName, Names(inputSchema));
        }
        return catalog.NormalizeMeanVariance([.. columns]).GetOutputSchema(inputSchema);
    }

    private static void CheckInput(SchemaShape schema, string columnName)
    {
        if (!Names(schema).Contains(columnName))
        {
            throw SchemaErrors.Missing(nameof(schema), "input", columnName, Names(schema));
        }
        var column = schema.First(candidate => candidate.Name == columnName);
        if (column.Kind == SchemaShape.Column.VectorKind.VariableVector || column.IsKey
            || (column.ItemType != NumberDataViewType.Single && column.ItemType != NumberDataViewType.Double))
        {
            throw SchemaErrors.WrongType(
                nameof(schema), "input", columnName, FeatureColumnType.Expected, SchemaErrors.Describe(column),
                column.Kind == SchemaShape.Column.VectorKind.VariableVector ? FeatureColumnType.SizeAdvice : FeatureColumnType.TypeAdvice);
        }
    }

    private static IEnumerable<string> Names(SchemaShape schema) => schema.Select(column => column.Name);
}
