using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MLNet.BatchNorm.Convergence.Output;
using MLNet.BatchNorm.Convergence.Report;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

public sealed partial class StudyReportTests
{
    private static readonly Lazy<string> Page = new(() => StudyReport.Write(ShortStudy.Outcome.Results, ShortStudy.Outcome.Timings));

    [Fact]
    public void The_files_hold_every_number_that_the_report_shows()
    {
        var known = new HashSet<double>();
        Collect(JsonDocument.Parse(StudyJson.Write(ShortStudy.Outcome.Results)).RootElement, known);
        Collect(JsonDocument.Parse(StudyJson.Write(ShortStudy.Outcome.Timings)).RootElement, known);

        var shown = Data().Matches(Page.Value).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();

        shown.Should().HaveCountGreaterThan(300).And.BeSubsetOf(known);
    }

    [Fact]
    public void No_cell_shows_a_number_that_is_not_marked_as_one()
    {
        var cells = Cell().Matches(Page.Value).Select(match => Data().Replace(match.Groups[1].Value, string.Empty)).Distinct();

        // What remains is text: "w = 0" and the names of features name things and measure nothing.
        var names = ShortStudy.Outcome.Results.DataSets.SelectMany(data => data.Scalings[0].Features).Select(feature => feature.Name);
        cells.Where(cell => cell.Any(char.IsAsciiDigit)).Should().BeSubsetOf(["at w = 0, no penalty", "at the optimum, C = 1", "at the optimum, C = 10000", .. names]);
    }

    [Fact]
    public void Conclusions_on_the_page_are_those_of_the_file()
    {
        foreach (var sentence in ShortStudy.Outcome.Results.DataSets.SelectMany(data => data.Conclusions).Concat(ShortStudy.Outcome.Results.Summary))
        {
            Page.Value.Should().Contain(HtmlWriter.Escape(sentence));
        }
    }

    [Fact]
    public void The_page_carries_plotly_with_its_licence_and_names_no_other_source() =>
        Page.Value.Should().Contain("plotly.js v").And.Contain("Licensed under the MIT license")
            .And.NotContain("<script src").And.NotContain("<link rel=\"stylesheet\"").And.NotContain("<img").And.NotContain("@import");

    [Fact]
    public void Every_chart_is_a_figure_of_finite_numbers()
    {
        var figures = Figure().Matches(Page.Value).Select(match => JsonDocument.Parse(match.Groups[1].Value).RootElement).ToArray();

        figures.Should().HaveCountGreaterThan(30);
        figures.Should().AllSatisfy(figure =>
        {
            figure.GetProperty("data").GetArrayLength().Should().BePositive();
            figure.GetProperty("layout").ValueKind.Should().Be(JsonValueKind.Object);
            figure.ToString().Should().NotContain("NaN").And.NotContain("Infinity");
        });
    }

    [Fact]
    public void The_lesson_stands_in_its_order_and_the_details_are_folded()
    {
        var headings = Heading().Matches(Page.Value).Select(match => match.Groups[1].Value).ToArray();

        headings.Should().Equal(
            "What to conclude", "1. Why scale", "2. Batch normalization inside a network", "3. Internal covariate shift", "4. Gamma and beta, training and inference",
            "5. Why it works", "6. Limits", "Details");
        Page.Value.Should().NotContain("<details open");
    }

    [Fact]
    public void No_two_charts_of_the_page_have_the_same_title() =>
        Titles(Page.Value).Should().HaveCountGreaterThan(30).And.OnlyHaveUniqueItems();

    [Fact]
    public void No_two_charts_show_the_same_lines()
    {
        var lines = Figure().Matches(Page.Value)
            .Select(match => string.Join('\n', JsonDocument.Parse(match.Groups[1].Value).RootElement.GetProperty("data").EnumerateArray().Select(trace => $"{Of(trace, "x")} {Of(trace, "y")} {Of(trace, "z")}")));

        lines.Should().OnlyHaveUniqueItems();

        static string Of(JsonElement trace, string axis) => trace.TryGetProperty(axis, out var values) ? values.GetRawText() : string.Empty;
    }

    [Fact]
    public void Every_chart_of_the_lesson_has_a_sentence_of_its_own_that_names_the_data()
    {
        var lesson = Page.Value[..Page.Value.IndexOf("<section id=\"details\">", StringComparison.Ordinal)];
        var claims = Claim().Matches(lesson).Select(match => match.Groups[1].Value).ToArray();

        claims.Should().HaveSameCount(Titles(lesson)).And.HaveCountGreaterThan(20).And.OnlyHaveUniqueItems();
        claims.Should().AllSatisfy(claim => claim.Should().MatchRegex("^(wine|digits|All data sets)[:,].*[0-9].*\\.$"));

        // What the top of the page concludes, a picture shows.
        ShortStudy.Outcome.Results.Summary.Select(HtmlWriter.Escape)
            .Where(sentence => !sentence.Contains("so many reach the target: Sigmoid", StringComparison.Ordinal) && !sentence.Contains("standard deviations an epoch. Hidden", StringComparison.Ordinal))
            .Should().BeSubsetOf(claims);
    }

    [Fact]
    public void The_data_files_are_linked() => Regex.Matches(Page.Value, "<a href=\"file:[^\"]+/data/([^\"]+)\">").Select(match => match.Groups[1].Value)
        .Should().Equal("wine.csv", "diabetes.csv", "digits.csv");

    [Fact]
    public void The_page_is_below_eight_megabytes() => Encoding.UTF8.GetByteCount(Page.Value).Should().BeLessThan(8_000_000);

    [Fact]
    public void A_section_of_another_study_stands_on_the_page_with_its_heading_and_link()
    {
        var page = StudyReport.Write("Title <1>", [new OtherSection()]);

        page.Should().Contain("Title &lt;1&gt;").And.Contain("<a href=\"#other\">Networks</a>").And.Contain("<p>inside &amp; out</p>");
    }

    private static string[] Titles(string page) => [.. Regex.Matches(page, "aria-label=\"([^\"]+)\" data-height").Select(match => match.Groups[1].Value)];

    private static void Collect(JsonElement element, HashSet<double> known)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                known.Add(element.GetDouble());
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, known);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Collect(property.Value, known);
                }

                break;
        }
    }

    [GeneratedRegex("<data value=\"([^\"]+)\">[^<]*</data>")]
    private static partial Regex Data();

    [GeneratedRegex("<td[^>]*>(.*?)</td>")]
    private static partial Regex Cell();

    [GeneratedRegex("<script type=\"application/json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Figure();

    [GeneratedRegex("<p class=\"claim\">(.*?)</p>")]
    private static partial Regex Claim();

    [GeneratedRegex("<h2>(.*?)</h2>")]
    private static partial Regex Heading();

    private sealed class OtherSection : IReportSection
    {
        public string Id => "other";

        public string Title => "Networks";

        public void Write(HtmlWriter html) => html.Element("p", "inside & out");
    }
}
