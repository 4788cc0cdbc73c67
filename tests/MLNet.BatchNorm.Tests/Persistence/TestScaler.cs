using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>The simplest transformer with statistics: a stock map of one column, and a note that only the statistics entry holds.</summary>
internal sealed class TestScaler(StockColumn column, string? note) : ITransformer
{
    public const string KindName = "Test";

    private readonly ITransformer _stock = StockNormalizer.Create([column]);

    public static StatisticsKind Kind { get; } = new(KindName, 2, (reader, _) => Read(reader));

    public string? Note => note;

    public StockColumn Column => column;

    public bool IsRowToRowMapper => true;

    /// <summary>A scaler of one float column.</summary>
    public static TestScaler Of(string output, string input, double center, double scale, string? note = null) =>
        new(new StockColumn(output, input, NumberDataViewType.Single, [center], [scale], [0]), note);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _stock.GetOutputSchema(inputSchema);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _stock.GetRowToRowMapper(inputSchema);

    public IDataView Transform(IDataView input) => _stock.Transform(input);

    void ICanSaveModel.Save(ModelSaveContext ctx) => StatisticsEntry.SaveWithStatistics(ctx, _stock, KindName, 2, Write);

    public void Write(StatisticsWriter writer)
    {
        writer.WriteString(column.OutputName);
        writer.WriteString(column.InputName);
        writer.WriteDoubles(column.Center);
        writer.WriteDoubles(column.Scale);
        writer.WriteDoubles(column.Shift);
        writer.WriteString(note);
    }

    private static TestScaler Read(StatisticsReader reader)
    {
        var column = new StockColumn(
            reader.ReadString(), reader.ReadString(), NumberDataViewType.Single, reader.ReadDoubles(1), reader.ReadDoubles(1), reader.ReadDoubles(1));
        if (!column.Center.Concat(column.Scale).Concat(column.Shift).All(double.IsFinite))
        {
            throw reader.Damaged("a number is not finite");
        }
        return new TestScaler(column, reader.ReadStringOrNull());
    }
}
