using Microsoft.ML;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>Statistics of salary are not averaged into those of age: where both sides name their slots, the names must agree.</summary>
public class SlotNameTests
{
    private readonly MLContext _context = new(seed: 1);

    private const string Message = "Column 'Features': expected the slots to be named as in the data of the fit; slot 0 is 'A' there and 'B' here.*";

    [Fact]
    public void Updating_with_slots_in_another_order_is_refused()
    {
        _context.Transforms.Standardize("Features").Fit(Named("A", "B")).Invoking(scaler => scaler.Update(Named("B", "A"))).Should().Throw<ArgumentException>().WithMessage(Message);
        _context.Transforms.ScaleMinMax("Features").Fit(Named("A", "B")).Invoking(scaler => scaler.Update(Named("B", "A"))).Should().Throw<ArgumentException>().WithMessage(Message);
        _context.Transforms.BatchNormalize("Features").Fit(Named("A", "B")).Invoking(scaler => scaler.Update(Named("B", "A"))).Should().Throw<ArgumentException>().WithMessage(Message);
    }

    [Fact]
    public void Merging_with_slots_in_another_order_is_refused()
    {
        var plain = new BatchNormOptions { Momentum = null };
        _context.Transforms.Standardize("Features").Fit(Named("A", "B"))
            .Invoking(scaler => scaler.Merge(_context.Transforms.Standardize("Features").Fit(Named("B", "A")))).Should().Throw<ArgumentException>().WithMessage(Message);
        _context.Transforms.ScaleMinMax("Features").Fit(Named("A", "B"))
            .Invoking(scaler => scaler.Merge(_context.Transforms.ScaleMinMax("Features").Fit(Named("B", "A")))).Should().Throw<ArgumentException>().WithMessage(Message);
        _context.Transforms.BatchNormalize("Features", options: plain).Fit(Named("A", "B"))
            .Invoking(scaler => scaler.Merge(_context.Transforms.BatchNormalize("Features", options: plain).Fit(Named("B", "A"))))
            .Should().Throw<ArgumentException>().WithMessage(Message);
    }

    [Fact]
    public void Drift_of_slots_in_another_order_is_refused() =>
        _context.Transforms.BatchNormalize("Features").Fit(Named("A", "B")).Invoking(scaler => scaler.MeasureDrift(Named("B", "A")))
            .Should().Throw<ArgumentException>().WithMessage(Message);

    [Fact]
    public void A_side_without_names_takes_those_of_the_other()
    {
        var named = _context.Transforms.Standardize("Features").Fit(Named("A", "B"));
        var unnamed = _context.Transforms.Standardize("Features").Fit(Unnamed());

        named.Update(Unnamed()).Columns[0].SlotNames.Should().Equal("A", "B");
        unnamed.Update(Named("A", "B")).Columns[0].SlotNames.Should().Equal("A", "B");
        named.Merge(unnamed).Columns[0].SlotNames.Should().Equal("A", "B");
        unnamed.Merge(named).Columns[0].SlotNames.Should().Equal("A", "B");
        _context.Transforms.BatchNormalize("Features").Fit(Unnamed()).Update(Named("A", "B")).Columns[0].SlotNames.Should().Equal("A", "B");
        unnamed.Merge(unnamed).Columns[0].SlotNames.Should().BeEmpty();
    }

    [Fact]
    public void The_names_taken_over_are_saved()
    {
        var updated = _context.Transforms.Standardize("Features").Fit(Unnamed()).Update(Named("A", "B"));
        using var stream = new MemoryStream();
        _context.Model.Save(updated, null, stream);

        ((StandardizationTransformer)_context.Model.LoadWithStatistics(stream, out _)).Columns[0].SlotNames.Should().Equal("A", "B");
    }

    private IDataView Named(string first, string second)
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new { A = 1f, B = 100f }, new { A = 2f, B = 300f }, new { A = 4f, B = 200f } });
        return _context.Transforms.Concatenate("Features", first, second).Fit(data).Transform(data);
    }

    private IDataView Unnamed() => Rows.Of<float>(_context, [[1, 100], [2, 300], [4, 200]]);
}
