using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
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

        // What remains is text: "w = 0" and "within 1e-4" name things and measure nothing.
        cells.Where(cell => cell.Any(char.IsAsciiDigit)).Should().BeSubsetOf(["at w = 0, no penalty"]);
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
    public void The_page_fetches_nothing_and_runs_no_script() =>
        Page.Value.Should().NotContain("http").And.NotContain("<script").And.NotContain("url(").And.NotContain("<img");

    [Fact]
    public void Every_drawing_is_well_formed_with_coordinates_inside_it()
    {
        var drawings = Svg().Matches(Page.Value).Select(match => XElement.Parse(match.Value)).ToArray();

        drawings.Should().HaveCountGreaterThan(15);
        foreach (var drawing in drawings)
        {
            var box = drawing.Attribute("viewBox")!.Value.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            foreach (var text in drawing.Descendants("text"))
            {
                ((double)text.Attribute("x")!).Should().BeInRange(0, box[2]);
                ((double)text.Attribute("y")!).Should().BeInRange(0, box[3]);
            }

            drawing.ToString().Should().NotContain("NaN").And.NotContain("∞").And.NotContain("Infinity");
        }
    }

    [Fact]
    public void A_section_of_another_study_stands_on_the_page_with_its_heading_and_link()
    {
        var page = StudyReport.Write("Title <1>", [new OtherSection()]);

        page.Should().Contain("Title &lt;1&gt;").And.Contain("<a href=\"#other\">Networks</a>").And.Contain("<p>inside &amp; out</p>");
    }

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

    [GeneratedRegex("<td>(.*?)</td>")]
    private static partial Regex Cell();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();

    private sealed class OtherSection : IReportSection
    {
        public string Id => "other";

        public string Title => "Networks";

        public void Write(HtmlWriter html) => html.Element("p", "inside & out");
    }
}
