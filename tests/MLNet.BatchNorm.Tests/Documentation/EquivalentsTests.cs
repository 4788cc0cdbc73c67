using System.Collections;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Documentation;

/// <summary>
/// Runs every row of the tables of equivalents in docs/coming-from-*.md. The second cell is evaluated after the page's C# block. What it
/// must equal is what the first cell gives: a result of the other library, from Golden/equivalents_*.json, or, for stock ML.NET, code as well.
/// </summary>
public sealed class EquivalentsTests
{
    private const string StockPage = "docs/coming-from-stock-mlnet.md";
    private const string Differs = "differs: ";

    private static readonly string[] Pages = ["docs/coming-from-scikit-learn.md", "docs/coming-from-pytorch.md", "docs/coming-from-keras.md", StockPage];

    // One session per page: compiling its block takes longer than all of its rows.
    private static readonly Dictionary<string, Task<CodeSession>> Sessions = Pages.ToDictionary(page => page, Start);

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string page in Pages)
            {
                foreach (var row in Equivalents(page))
                {
                    rows.Add(page, row[0]);
                }
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Both_cells_of_the_row_give_the_same(string page, string code)
    {
        var row = Equivalents(page).Single(candidate => candidate[0] == code);
        CodeSession session = await Sessions[page];
        double[]? wanted = page == StockPage ? await Evaluate(session, code) : Golden(page, code);
        double[]? found = await Evaluate(session, row[1]);

        if (wanted is null || found is null)
        {
            found.Should().BeEquivalentTo(wanted, "an error is an error in both");
        }
        else if (row[2].StartsWith(Differs, StringComparison.Ordinal))
        {
            wanted.Zip(found, (one, other) => Math.Abs(one - other)).Max().Should().BeGreaterThan(0.01);
        }
        else
        {
            found.ShouldBeClose(wanted, 1e-9, floor: 1);
        }
    }

    [Theory]
    [InlineData("docs/coming-from-scikit-learn.md", 32)]
    [InlineData("docs/coming-from-pytorch.md", 20)]
    [InlineData("docs/coming-from-keras.md", 13)]
    [InlineData(StockPage, 15)]
    public void No_row_is_overlooked(string page, int count)
    {
        Equivalents(page).Should().HaveCount(count).And.OnlyContain(row => row.Count == 3);
        if (page != StockPage)
        {
            GoldenFile.Cases(FileOf(page)).Select(golden => golden.Name).Should().BeEquivalentTo(Equivalents(page).Select(row => row[0]));
        }
    }

    /// <summary>The formulas of fixZero's table, for the two defaults that surprise.</summary>
    [Fact]
    public async Task With_fixZero_stock_normalizers_compute_what_the_page_says()
    {
        CodeSession session = await Sessions[StockPage];
        double[] x = (await Evaluate(session, "data"))!;
        double[] meanVariance = (await Evaluate(session, """mlContext.Transforms.NormalizeMeanVariance("X")"""))!;
        double[] minMax = (await Evaluate(session, """mlContext.Transforms.NormalizeMinMax("X")"""))!;

        meanVariance.ShouldBeClose(x.Select((value, i) => value / Math.Sqrt(Column(x, i % 3).Average(other => other * other))), 1e-12);
        minMax.ShouldBeClose(x.Select((value, i) => value / Column(x, i % 3).Max(Math.Abs)), 1e-12);
    }

    private static IEnumerable<double> Column(double[] x, int column) => x.Where((_, i) => i % 3 == column);

    private static async Task<CodeSession> Start(string page)
    {
        var session = new CodeSession();
        foreach (string block in new MarkdownPage(page).Code("csharp"))
        {
            await session.Run(block);
        }
        return session;
    }

    /// <summary>The rows of tables whose first column is code.</summary>
    private static List<IReadOnlyList<string>> Equivalents(string page) =>
        [.. new MarkdownPage(page).TableRows().Where(row => row.Count == 3 && (row[0].Contains('(', StringComparison.Ordinal) || row[0].Contains('.', StringComparison.Ordinal)))];

    private static string FileOf(string page) => $"equivalents_{Path.GetFileNameWithoutExtension(page).Replace("coming-from-", string.Empty, StringComparison.Ordinal)}.json";

    private static double[]? Golden(string page, string code)
    {
        var golden = GoldenFile.Case(FileOf(page), code);
        return golden.IsText("value") ? null : golden.Numbers("value");
    }

    /// <summary>The numbers that the code gives; null where it throws.</summary>
    private static async Task<double[]?> Evaluate(CodeSession session, string code)
    {
        object value;
        try
        {
            value = (await session.Run(code))!;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
        if (value is IEstimator<ITransformer> estimator)
        {
            var data = await session.Evaluate<IDataView>("data");
            value = estimator.Fit(data).Transform(data);
        }
        else if (value is ITransformer transformer)
        {
            value = transformer.Transform(await session.Evaluate<IDataView>("data"));
        }
        return [.. Numbers(value)];
    }

    private static IEnumerable<double> Numbers(object value) => value switch
    {
        IDataView view => view.GetColumn<double[]>("X").SelectMany(row => row),
        IEnumerable many => many.Cast<object>().SelectMany(Numbers),
        _ => [Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)],
    };
}
