using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Interop;

public class OnnxExportTests
{
    private static readonly MLContext Context = new(seed: 1);

    private static readonly IDataView Data = Context.Data.LoadFromEnumerable(
    [
        new Row { Label = false, X = 1_000_001, Features = [1, 2, 3] }, new Row { Label = true, X = 1_000_002.5f, Features = [4, 5, float.NaN] },
    ]);

    private static readonly StockColumn[] Columns =
    [
        new("Scaled", "X", NumberDataViewType.Single, [1_000_000.0123], [0.4], [0]) { Clip = (-1, 0.5) },
        new("Features", "Features", new VectorDataViewType(NumberDataViewType.Single, 3), [0.1, 2, 3], [2, 0, -0.25], [0, 0.75, 1]),
    ];

    [Fact]
    public void Where_ML_NET_lacks_the_interface_a_view_is_handed_out_that_exports_rightly()
    {
        var stock = Data;
        var fast = new OtherView(Data);

        var view = OnnxExport.WithOnnxExport(fast, Data, () => stock, _ => { }, exportableView: null);

        view.Should().BeSameAs(stock, "a view of our own would end the walk back to the source");
    }

    [Fact]
    public void The_view_reads_from_the_fast_one_and_makes_no_stock_one_until_it_is_exported()
    {
        var view = OnnxExport.WithOnnxExport(new OtherView(Data), Data, () => throw new InvalidOperationException("not needed"), _ => { });

        view.GetColumn<float>("X").Should().HaveCount(2);
        view.GetRowCount().Should().Be(2);
        view.CanShuffle.Should().Be(Data.CanShuffle);
        view.Schema.Should().BeSameAs(Data.Schema);
        view.GetRowCursorSet(Data.Schema, 2).Should().NotBeEmpty();
    }

    [Fact]
    public void Exceptions_of_the_fast_view_come_through_as_they_are()
    {
        var view = OnnxExport.WithOnnxExport(new OtherView(Data), Data, () => Data, _ => { });

        var act = () => view.GetRowCursor(null!);

        act.Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void The_exported_graph_scales_and_clips()
    {
        var scaler = new FastScaler(Columns);
        var model = new TransformerChain<ITransformer>(scaler, Context.Transforms.CopyColumns("Copy", "Features").Fit(scaler.Transform(Data)));

        double[][] scaled = OnnxModel.Run(Context, model, Data, "Scaled");
        double[][] copy = OnnxModel.Run(Context, model, Data, "Copy");

        // (1,000,001 - 1,000,000.0123) * 0.4 in float; the second row is clipped.
        scaled[0].Single().Should().BeApproximately(0.39508, 1e-7);
        scaled[1].Should().Equal(0.5);
        copy[0].Should().Equal([1.8, 0.75, 1], (actual, expected) => Math.Abs(actual - expected) < 2.4e-7);
        copy[1].Should().Equal([7.8, 0.75, double.NaN], (actual, expected) => Math.Abs(actual - expected) < 4.8e-7 || double.IsNaN(expected));
    }

    [Fact]
    public void Two_such_stages_in_a_row_are_both_exported()
    {
        var model = new TransformerChain<ITransformer>(
            new FastScaler([Columns[0]]),
            new FastScaler([new("Scaled", "Scaled", NumberDataViewType.Single, [0.1], [10], [0])]));

        double[][] scaled = OnnxModel.Run(Context, model, Data, "Scaled");

        scaled[0].Single().Should().BeApproximately(2.9508, 1e-6);
        scaled[1].Single().Should().BeApproximately(4, 1e-6);
    }

    [Fact]
    public void Clipping_cannot_be_exported_to_an_operator_set_without_it()
    {
        var act = () => new OnnxGraph(new object()).Clip("X", NumberDataViewType.Single, 0, 1);

        act.Should().Throw<MissingMethodException>().WithMessage("*CheckOpSetVersion*");
    }

    [Fact]
    public void Warnings_reach_the_log_of_the_context()
    {
        var context = new MLContext();
        var messages = new List<string>();
        context.Log += (_, message) => messages.Add($"{message.Kind} {message.RawMessage} {message.Source}");

        HostEnvironment.Of(context.Transforms).Warn("Standardization", "column {0} is sorted");
        HostEnvironment.Of(context.Model).Warn("Loading", "late");

        // The channels' own messages, that they start and end, are not of interest.
        messages.RemoveAll(message => message.StartsWith("Trace", StringComparison.Ordinal));
        messages.Should().HaveCount(2);
        messages[0].Should().StartWith("Warning column {0} is sorted").And.Contain("Standardization");
        messages[1].Should().StartWith("Warning late");
    }

    /// <summary>A transformer whose view is not ML.NET's own, like those of this library.</summary>
    private sealed class FastScaler(StockColumn[] columns) : ITransformer
    {
        private readonly ITransformer _stock = StockNormalizer.Create(columns);

        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _stock.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _stock.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) =>
            OnnxExport.WithOnnxExport(
                new OtherView(_stock.Transform(input)), input, () => _stock.Transform(input), graph => OnnxScaling.Write(graph, columns));

        void ICanSaveModel.Save(ModelSaveContext ctx) => _stock.Save(ctx);
    }

    private sealed class OtherView(IDataView source) : IDataView
    {
        public bool CanShuffle => source.CanShuffle;

        public DataViewSchema Schema => source.Schema;

        public long? GetRowCount() => source.GetRowCount() ?? 2;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            ArgumentNullException.ThrowIfNull(columnsNeeded);
            return source.GetRowCursor(columnsNeeded, rand);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            source.GetRowCursorSet(columnsNeeded, n, rand);
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float X { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
