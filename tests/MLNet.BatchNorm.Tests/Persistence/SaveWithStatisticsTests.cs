using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm.Tests.Persistence;

/// <summary>Saving is complete, or the old file stays.</summary>
public sealed class SaveWithStatisticsTests : IDisposable
{
    private static readonly MLContext Context = new(seed: 1);
    private static readonly IDataView Data = Context.Data.LoadFromEnumerable([new Row { X = 1 }, new Row { X = 2 }, new Row { X = 6 }]);
    private readonly string _folder = Directory.CreateTempSubdirectory("save-").FullName;

    private string ModelPath => Path.Combine(_folder, "model.zip");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_saved_loads_with_statistics_and_in_plain_ML_NET()
    {
        var model = Context.Transforms.Standardize("X").Fit(Data);

        Context.Model.SaveWithStatistics(model, Data.Schema, ModelPath);

        Context.Model.LoadWithStatistics(ModelPath, out var schema).Stages<StandardizationTransformer>().Single().Columns[0].Statistics[0].Mean.Should().Be(3);
        schema!.Single().Name.Should().Be("X");
        new MLContext().Model.Load(ModelPath, out _).Transform(Data).GetColumn<float>("X").Should().HaveCount(3);
        Directory.GetFileSystemEntries(_folder).Should().Equal(ModelPath);
    }

    [Fact]
    public void A_model_that_fails_while_it_is_saved_leaves_the_old_file_and_no_other()
    {
        Context.Model.SaveWithStatistics(Context.Transforms.Standardize("X").Fit(Data), Data.Schema, ModelPath);
        byte[] before = File.ReadAllBytes(ModelPath);

        ((Action)(() => Context.Model.SaveWithStatistics(new TransformerChain<ITransformer>(new Failing()), Data.Schema, ModelPath)))
            .Should().Throw<IOException>().WithMessage("no space");

        File.ReadAllBytes(ModelPath).Should().Equal(before);
        Directory.GetFileSystemEntries(_folder).Should().Equal(ModelPath);
    }

    [Fact]
    public void Statistics_over_the_limit_are_refused_and_leave_the_old_file()
    {
        File.WriteAllText(ModelPath, "old");
        var tooLong = new Oversized();

        ((Action)(() => Context.Model.SaveWithStatistics(tooLong, null, ModelPath))).Should().Throw<InvalidOperationException>().WithMessage("*at most*can be saved*");

        tooLong.HasSavedStock.Should().BeFalse();
        File.ReadAllText(ModelPath).Should().Be("old");
    }

    [Fact]
    public void Links_are_followed_to_the_file_and_the_rights_of_the_old_file_are_kept()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        string target = Path.Combine(_folder, "target.zip");
        File.WriteAllText(target, "old");
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string link = Path.Combine(_folder, "link.zip");
        File.CreateSymbolicLink(link, target);
        File.CreateSymbolicLink(ModelPath, link);

        Context.Model.SaveWithStatistics(Context.Transforms.Standardize("X").Fit(Data), Data.Schema, ModelPath);

        File.ResolveLinkTarget(ModelPath, returnFinalTarget: false)!.FullName.Should().Be(link);
        File.ResolveLinkTarget(link, returnFinalTarget: false)!.FullName.Should().Be(target);
        File.GetUnixFileMode(target).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Context.Model.LoadWithStatistics(target, out _).Should().BeOfType<StandardizationTransformer>();
    }

    [Fact]
    public void Counts_beyond_what_can_be_loaded_are_refused_when_saving()
    {
        var scaler = Context.Transforms.Standardize("X").Fit(Data);
        var act = () =>
        {
            for (int i = 0; i < 56; i++)
            {
                scaler = scaler.Merge(scaler);
            }
            Context.Model.SaveWithStatistics(scaler, Data.Schema, ModelPath);
        };

        act.Should().Throw<InvalidOperationException>().WithMessage("*count*");
        File.Exists(ModelPath).Should().BeFalse();
    }

    private sealed class Failing : ITransformer
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new IOException("no space");
    }

    private sealed class Oversized : ITransformer
    {
        public bool HasSavedStock { get; private set; }

        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;

        void ICanSaveModel.Save(ModelSaveContext ctx)
        {
            StatisticsEntry.SaveWithStatistics(ctx, new Stock(this), "Test", 1, writer => writer.WriteDoubles(new double[(StatisticsEntry.MaximumByteCount / 8) + 1]));
        }

        private sealed class Stock(Oversized owner) : ITransformer
        {
            public bool IsRowToRowMapper => true;

            public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

            public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

            public IDataView Transform(IDataView input) => input;

            void ICanSaveModel.Save(ModelSaveContext ctx) => owner.HasSavedStock = true;
        }
    }

    private sealed class Row
    {
        public float X { get; set; }
    }
}
