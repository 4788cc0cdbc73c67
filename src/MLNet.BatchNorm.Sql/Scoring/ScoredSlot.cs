namespace MLNet.BatchNorm.Sql;

/// <summary>One slot of a transformer's columns, and the columns of the database that it is read from and written to.</summary>
internal sealed class ScoredSlot
{
    private readonly ColumnMap _map;
    private readonly int _slot;

    private ScoredSlot(ColumnMap map, int slot, string inputColumn, string outputColumn)
    {
        _map = map;
        _slot = slot;
        InputColumn = inputColumn;
        OutputColumn = outputColumn;
    }

    public string InputColumn { get; }

    public string OutputColumn { get; }

    public bool Clips => _map.Minimum > double.NegativeInfinity || _map.Maximum < double.PositiveInfinity;

    public static IReadOnlyList<ScoredSlot> Of(IReadOnlyList<ColumnMap> maps, SqlScoringOptions options)
    {
        int slotCount = maps.Sum(map => map.Scale.Length);
        CheckCount(options.InputColumns, slotCount, nameof(options.InputColumns));
        CheckCount(options.OutputColumns, slotCount, nameof(options.OutputColumns));
        List<ScoredSlot> slots = [];
        foreach (ColumnMap map in maps)
        {
            for (int slot = 0; slot < map.Scale.Length; slot++)
            {
                string input = options.InputColumns?[slots.Count] ?? InputOf(map, slot);
                SqlNames.Check(input, nameof(options));
                slots.Add(new ScoredSlot(map, slot, input, options.OutputColumns?[slots.Count] ?? (map.IsVector ? input : map.OutputColumnName)));
            }
        }

        return slots;
    }

    /// <summary>(x - center) * scale + shift, without what does nothing.</summary>
    public string Expression(ISqlDialect dialect, string table)
    {
        string y = dialect.ToDouble($"{table}.{dialect.QuoteIdentifier(InputColumn)}");
        if (_map.Center[_slot] != 0)
        {
            y = $"({y} - {dialect.Literal(_map.Center[_slot])})";
        }

        if (_map.Scale[_slot] != 1)
        {
            y = $"{y} * {dialect.Literal(_map.Scale[_slot])}";
        }

        return _map.Shift[_slot] == 0 ? y : $"{y} + {dialect.Literal(_map.Shift[_slot])}";
    }

    /// <summary>A result limited to the range. NaN fulfils neither comparison, also where it counts as the greatest number; see <see cref="MomentsStatement"/>.</summary>
    public string Clip(ISqlDialect dialect, string y)
    {
        string low = double.IsFinite(_map.Minimum) ? $" WHEN {y} < {dialect.Literal(_map.Minimum)} THEN {dialect.Literal(_map.Minimum)}" : string.Empty;
        string high = double.IsFinite(_map.Maximum) ? $" WHEN -{y} < {dialect.Literal(-_map.Maximum)} THEN {dialect.Literal(_map.Maximum)}" : string.Empty;
        return $"CASE{low}{high} ELSE {y} END";
    }

    private static string InputOf(ColumnMap map, int slot)
    {
        if (!map.IsVector)
        {
            return map.InputColumnName;
        }

        return map.SlotNames.Length > slot && map.SlotNames[slot].Length > 0 ? map.SlotNames[slot] : throw new ArgumentException(
            $"Column '{map.InputColumnName}' is a vector, and its slot {slot} has no name: which column of the database it is, {nameof(SqlScoringOptions)}.{nameof(SqlScoringOptions.InputColumns)} must say.");
    }

    private static void CheckCount(IReadOnlyList<string>? names, int slotCount, string option)
    {
        if (names is not null && names.Count != slotCount)
        {
            throw new ArgumentException($"Expected {slotCount} names, one per slot; found {names.Count}.", option);
        }
    }
}
