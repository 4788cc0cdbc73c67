using MLNet.BatchNorm.Notebooks;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>Charts are named by where they stand.</summary>
public sealed class ChartNamesTests
{
    [Fact]
    public void A_chart_has_the_name_of_its_place_wherever_its_script_says_it() =>
        ChartNames.Fix("""<div id="5ed16366-5558-46f5-9325-8ffb2b9148ab"><!-- Plotly chart --></div>5ed16366555846f593258ffb2b9148ab('5ed16366-5558-46f5-9325-8ffb2b9148ab')""", 12, 3)
            .Should().Be("""<div id="00000012-0000-0000-0000-000000000003"><!-- Plotly chart --></div>00000012000000000000000000000003('00000012-0000-0000-0000-000000000003')""");

    [Fact]
    public void Other_output_stays_as_it_is() =>
        ChartNames.Fix("<b id=\"5ed16366-5558-46f5-9325-8ffb2b9148ab\">", 12, 3).Should().Be("<b id=\"5ed16366-5558-46f5-9325-8ffb2b9148ab\">");
}
