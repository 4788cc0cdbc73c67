using System.Text;

namespace MLNet.BatchNorm.Sql;

/// <summary>
/// The statement that computes moments. It reads the rows twice: for counts, range and mean, and for the sums of the deviations from that
/// mean and of their squares. In double both, and in one statement, so that both see the same rows. The mean of the deviations, 0 but for
/// rounding, then corrects mean and variance: Chan, Golub and LeVeque, "Algorithms for computing the sample variance", The American
/// Statistician 37 (1983), equation 1.7, the corrected two-pass algorithm.
/// </summary>
/// <remarks>
/// Comparisons tell NaN from infinities without functions that engines spell differently, whether NaN is equal to itself and greater
/// than all (PostgreSQL, DuckDB, Spark, Snowflake) or neither (IEEE 754): |NaN| is never at most the largest number, and neither NaN nor
/// -NaN is less than the smallest.
/// </remarks>
internal sealed class MomentsStatement
{
    /// <summary>Key, rows, rows of positive weight, rows of a weight that is none.</summary>
    public const int ColumnsBeforeFeatures = 4;

    /// <summary>Values, infinities, values that are no numbers, minimum, maximum, center, weight, sum and square sum of deviations.</summary>
    public const int ColumnsPerFeature = 9;

    private readonly MomentsRequest _request;
    private readonly ISqlDialect _dialect;
    private readonly IReadOnlyList<string> _columns;

    private MomentsStatement(MomentsRequest request, IReadOnlyList<string> columns)
    {
        _request = request;
        _dialect = request.Dialect;
        _columns = columns;
    }

    /// <summary>The text. Its result has the columns that the constants count, key and weights of 0 where there are none.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="columns">The features of this statement.</param>
    public static string Build(MomentsRequest request, IReadOnlyList<string> columns)
    {
        var statement = new MomentsStatement(request, columns);
        return request switch
        {
            { GroupColumn: not null } => statement.Grouped(),
            { Options.PartitionColumnName: not null } => statement.Partitioned(),
            _ => statement.Whole(),
        };
    }

    /// <summary>
    /// The text that asks for quantiles: per feature the number of infinities, and a quantile for each probability. The dialect has them.
    /// </summary>
    public static string BuildQuantiles(MomentsRequest request, IReadOnlyList<string> columns, IReadOnlyList<double> probabilities)
    {
        var statement = new MomentsStatement(request, columns);
        return $"""
            SELECT {List(statement.Each(feature => $"{request.Dialect.CountFunction}(i{feature}), "
                + string.Join(", ", probabilities.Select(probability => request.Dialect.Quantile($"x{feature}", probability)))))}
            FROM (
            {statement.Values()}
            ) AS vals
            """;
    }

    /// <summary>A result without rows whose columns are the source's.</summary>
    public static string BuildProbe(MomentsRequest request) => $"SELECT * FROM {request.Source.ToSql(request.Dialect)} AS source WHERE 1 = 0";

    /// <summary>The name of the parameter of a condition.</summary>
    public static string FilterParameter(int condition) => $"filter{condition}";

    private string Whole() =>
        $"""
        WITH center AS {_dialect.Materialized}(
        SELECT {List(RowCounts(), Each(Summary), Each(feature => $"{Mean(feature)} AS c{feature}"))}
        FROM (
        {Values()}
        ) AS vals
        ), sums AS (
        SELECT {List(Each(feature => Sums(feature, $"c{feature}")))}
        FROM (
        {Values()}
        ) AS vals CROSS JOIN center
        )
        SELECT {List(["0 AS k"], Result())}
        FROM center CROSS JOIN sums
        """;

    private string Grouped() =>
        $"""
        WITH center AS {_dialect.Materialized}(
        SELECT {List(["k"], RowCounts(), Each(Summary), Each(feature => $"{Mean(feature)} AS c{feature}"))}
        FROM (
        {Values()}
        ) AS vals
        GROUP BY k
        ), sums AS (
        SELECT {List(["vals.k AS ks"], Each(feature => Sums(feature, $"c{feature}")))}
        FROM (
        {Values()}
        ) AS vals INNER JOIN center ON vals.k = center.k
        GROUP BY vals.k
        )
        SELECT {List(["k"], Result())}
        FROM center LEFT JOIN sums ON center.k = sums.ks
        ORDER BY k
        """;

    /// <summary>
    /// One common center, from sums per partition and as scalar subqueries: both readings are then sums GROUP BY the partition's key over
    /// the table alone, which engines push down.
    /// </summary>
    private string Partitioned() =>
        $"""
        WITH center AS {_dialect.Materialized}(
        SELECT {List(Each(feature => $"SUM(t{feature}) / NULLIF({_dialect.ToDouble($"SUM(u{feature})")}, {_dialect.Literal(0)}) AS c{feature}"))}
        FROM (
        SELECT {List(["k"], Each(feature => $"SUM({Weighted($"x{feature}")}) AS t{feature}, {WeightOf(feature)} AS u{feature}"))}
        FROM (
        {Values()}
        ) AS vals
        GROUP BY k
        ) AS parts
        ), sums AS (
        SELECT {List(["k"], RowCounts(), Each(Summary), Each(feature => Sums(feature, $"(SELECT c{feature} FROM center)")))}
        FROM (
        {Values()}
        ) AS vals
        GROUP BY k
        )
        SELECT {List(["k"], Result())}
        FROM sums CROSS JOIN center
        ORDER BY k
        """;

    /// <summary>The rows that count, with features x0, x1, ... that are finite or NULL, and what is said of them when they are not.</summary>
    private string Values()
    {
        string largest = _dialect.Literal(double.MaxValue);
        string smallest = _dialect.Literal(double.MinValue);
        string weighs = _request.IsWeighted ? $"w > {_dialect.Literal(0)} AND w <= {largest} AND " : string.Empty;
        List<string> selected = [];
        if (_request.KeyColumn is not null)
        {
            selected.Add("k");
        }

        if (_request.IsWeighted)
        {
            string isNoNumber = _dialect.IsNoNumber(Column(_request.Options.WeightColumnName!)) is null ? string.Empty : " AND bw IS NULL";
            selected.Add("w");
            selected.Add($"CASE WHEN w > {_dialect.Literal(0)} AND w <= {largest} THEN 1 END AS pw");
            selected.Add($"CASE WHEN w >= {_dialect.Literal(0)} AND w <= {largest}{isNoNumber} THEN NULL ELSE 1 END AS nw");
        }

        for (int feature = 0; feature < _columns.Count; feature++)
        {
            string x = $"x{feature}";
            selected.Add($"CASE WHEN {weighs}ABS({x}) <= {largest} THEN {x} END AS {x}");
            selected.Add($"CASE WHEN {weighs}({x} < {smallest} OR -{x} < {smallest}) THEN 1 END AS i{feature}");
            if (HasTypePerValue(feature))
            {
                selected.Add($"b{feature}");
            }
        }

        return $"""
            SELECT {List(selected)}
            FROM (
            {Rows()}
            ) AS read_rows
            """;
    }

    private string Rows()
    {
        List<string> selected = [];
        if (_request.KeyColumn is { } key)
        {
            selected.Add($"{Column(key)} AS k");
        }

        if (_request.Options.WeightColumnName is { } weight)
        {
            selected.Add($"{_dialect.ToDouble(Column(weight))} AS w");
            AddTypeCheck(selected, weight, "w");
        }

        for (int feature = 0; feature < _columns.Count; feature++)
        {
            selected.Add($"{_dialect.ToDouble(Column(_columns[feature]))} AS x{feature}");
            AddTypeCheck(selected, _columns[feature], $"{feature}");
        }

        var text = new StringBuilder($"SELECT {List(selected)}\nFROM {_request.Source.ToSql(_dialect)} AS source");
        for (int i = 0; i < _request.Options.Filter.Count; i++)
        {
            SqlCondition condition = _request.Options.Filter[i];
            text.Append(i == 0 ? "\nWHERE " : " AND ").Append(Column(condition.ColumnName)).Append(' ').Append(condition.Operator);
            if (condition.HasValue)
            {
                text.Append(' ').Append(_dialect.ParameterMarker(FilterParameter(i)));
            }
        }

        return text.ToString();
    }

    private void AddTypeCheck(List<string> selected, string column, string suffix)
    {
        if (_dialect.IsNoNumber(Column(column)) is { } isNoNumber)
        {
            selected.Add($"CASE WHEN {isNoNumber} THEN 1 END AS b{suffix}");
        }
    }

    private IEnumerable<string> RowCounts()
    {
        yield return $"{_dialect.CountFunction}(*) AS n";
        if (_request.IsWeighted)
        {
            yield return $"{_dialect.CountFunction}(pw) AS np, {_dialect.CountFunction}(nw) AS nb";
        }
    }

    private string Summary(int feature)
    {
        string count = _dialect.CountFunction;
        string noNumbers = HasTypePerValue(feature) ? $", {count}(b{feature}) AS nb{feature}" : string.Empty;
        string weight = _request.IsWeighted ? $", {WeightOf(feature)} AS nw{feature}" : string.Empty;
        return $"{count}(x{feature}) AS n{feature}, {count}(i{feature}) AS ni{feature}{noNumbers}, MIN(x{feature}) AS min{feature}, MAX(x{feature}) AS max{feature}{weight}";
    }

    private string Mean(int feature) => _request.IsWeighted
        ? $"SUM({Weighted($"x{feature}")}) / {WeightOf(feature)}"
        : $"AVG(x{feature})";

    /// <summary>The weight of the values. Where there is a value it is positive, and where there is none it is NULL.</summary>
    private string WeightOf(int feature) => _request.IsWeighted
        ? $"SUM(CASE WHEN x{feature} IS NOT NULL THEN w END)"
        : $"{_dialect.CountFunction}(x{feature})";

    private string Sums(int feature, string center)
    {
        string deviation = $"(x{feature} - {center})";
        return $"SUM({Weighted(deviation)}) AS s{feature}, SUM({Weighted($"{deviation} * {deviation}")}) AS q{feature}";
    }

    private string Weighted(string expression) => _request.IsWeighted ? $"w * {expression}" : expression;

    private IEnumerable<string> Result()
    {
        yield return "n";
        yield return _request.IsWeighted ? "np, nb" : "n AS np, 0 AS nb";
        for (int feature = 0; feature < _columns.Count; feature++)
        {
            string noNumbers = HasTypePerValue(feature) ? $"nb{feature}" : $"0 AS nb{feature}";
            string weight = _request.IsWeighted ? $"nw{feature}" : $"n{feature} AS nw{feature}";
            yield return $"n{feature}, ni{feature}, {noNumbers}, min{feature}, max{feature}, c{feature}, {weight}, s{feature}, q{feature}";
        }
    }

    private bool HasTypePerValue(int feature) => _dialect.IsNoNumber(Column(_columns[feature])) is not null;

    private IEnumerable<string> Each(Func<int, string> select) => Enumerable.Range(0, _columns.Count).Select(select);

    private string Column(string name) => $"source.{_dialect.QuoteIdentifier(name)}";

    private static string List(params IEnumerable<string>[] parts) => string.Join(",\n", parts.SelectMany(part => part));
}
