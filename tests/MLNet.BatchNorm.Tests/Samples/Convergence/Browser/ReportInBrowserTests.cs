using System.Globalization;
using MLNet.BatchNorm.Convergence.Report;

namespace MLNet.BatchNorm.Tests.Samples.Convergence.Browser;

/// <summary>The report as a reader sees it: in a browser, wide and narrow, light and dark.</summary>
public sealed class ReportInBrowserTests : IAsyncLifetime
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.html");
    private HeadlessBrowser? _browser;

    private HeadlessBrowser Browser => _browser!;

    public async Task InitializeAsync()
    {
        if (HeadlessBrowser.Path is not null)
        {
            await File.WriteAllTextAsync(_path, StudyReport.Write(ShortStudy.Outcome.Results, ShortStudy.Outcome.Timings));
            _browser = await HeadlessBrowser.Start();
        }
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        File.Delete(_path);
    }

    [BrowserFact]
    public async Task Every_chart_is_drawn_nothing_overlaps_the_edge_and_no_request_leaves_the_page()
    {
        foreach (var (width, dark) in new[] { (1280, false), (1280, true), (390, false), (390, true) })
        {
            await Browser.Open(_path, width, dark);

            // All but the folded ones, whose first row of ancestors is closed.
            (await Browser.Is("[...document.querySelectorAll('.chart')].every(div => !!div.closest('details:not([open])') !== !!div.querySelector('.main-svg'))")).Should().BeTrue();
            (await Browser.Number("document.querySelectorAll('.chart .main-svg').length")).Should().BeGreaterThan(20);
            (await Browser.Number("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(width);
            (await Browser.Number("Math.max(...[...document.querySelectorAll('.chart text')].map(text => text.getBoundingClientRect().right))")).Should().BeLessThanOrEqualTo(width + 1);
            (await Browser.Number("Math.min(...[...document.querySelectorAll('.chart text')].map(text => text.getBoundingClientRect().left))")).Should().BeGreaterThanOrEqualTo(-1);
            (await Browser.Number("Math.max(...[...document.querySelectorAll('.chart .legend')].flatMap(legend => [...legend.querySelectorAll('.legendtext')].map(text => text.getBoundingClientRect().right - legend.querySelector('.bg').getBoundingClientRect().right)))"))
                .Should().BeLessThanOrEqualTo(1, "no name in a legend is cut off");
            (await Browser.Evaluate("getComputedStyle(document.body).backgroundColor"))!.GetValue<string>().Should().Be(dark ? "rgb(22, 23, 25)" : "rgb(255, 255, 255)");
        }

        Browser.Errors.Should().BeEmpty();
        Browser.Requests.Where(address => !address.StartsWith("data:", StringComparison.Ordinal)).Distinct().Should().Equal(new Uri(_path).AbsoluteUri);
    }

    [BrowserFact]
    public async Task It_is_a_third_as_long_as_the_old_one_before_anything_is_unfolded()
    {
        await Browser.Open(_path, 1280, dark: false);

        (await Browser.Number("document.documentElement.scrollHeight")).Should().BeLessThan(11_000);
    }

    [BrowserFact]
    public async Task The_slider_replays_the_distributions_and_a_point_tells_its_values()
    {
        await Browser.Open(_path, 1280, dark: false);
        const string Shown = "JSON.stringify(document.querySelector('[data-player=replay]').data.map(trace => trace.y))";
        var before = (await Browser.Evaluate(Shown))!.GetValue<string>();

        await Browser.Evaluate("(() => { const input = document.querySelector('.player input'); input.value = input.max; input.dispatchEvent(new Event('input')); })()");

        (await Browser.Evaluate("document.querySelector('.player output').textContent"))!.GetValue<string>().Should().Be("after epoch 12");
        (await Browser.Evaluate(Shown))!.GetValue<string>().Should().NotBe(before);

        await Browser.Evaluate("document.querySelector('#limits .chart').scrollIntoView({ block: 'center' })");
        var (x, y) = await Browser.Place("#limits .chart .scatterlayer .point");
        await Browser.Hover(x, y);
        (await Browser.Becomes("!!document.querySelector('#limits .hoverlayer .hovertext')")).Should().BeTrue();
    }

    [BrowserFact]
    public async Task A_click_on_the_legend_hides_a_line_and_another_shows_it_again()
    {
        await Browser.Open(_path, 1280, dark: false);
        await Browser.Evaluate("document.querySelector('#limits .chart').scrollIntoView({ block: 'center' })");
        const string Hidden = "JSON.stringify([...new Set(document.querySelector('#limits .chart')._fullData.filter(trace => trace.visible !== true).map(trace => trace.name))])";
        var first = (await Browser.Evaluate("document.querySelector('#limits .chart .legendtext').textContent"))!.GetValue<string>();
        (await Browser.Evaluate(Hidden))!.GetValue<string>().Should().Be("[]");

        await ClickLegend();
        (await Browser.Becomes($"{Hidden} === JSON.stringify(['{first}'])")).Should().BeTrue("only {0} is hidden", first);

        await ClickLegend();
        (await Browser.Becomes($"{Hidden} === '[]'")).Should().BeTrue("{0} is back", first);

        async Task ClickLegend()
        {
            var toggle = await Browser.Place("#limits .chart .legendtoggle");
            await Browser.Drag(toggle, toggle);
        }
    }

    [BrowserFact]
    public async Task A_frame_drawn_with_the_mouse_zooms_and_a_double_click_shows_everything_again()
    {
        await Browser.Open(_path, 1280, dark: false);
        await Browser.Evaluate("document.querySelector('#limits .chart').scrollIntoView({ block: 'center' })");
        const string Axis = "document.querySelector('#limits .chart')._fullLayout.yaxis.range";
        var (low, high) = (await Browser.Number($"{Axis}[0]"), await Browser.Number($"{Axis}[1]"));
        const string Area = "#limits .chart .nsewdrag";

        await Browser.Drag(await Browser.Place(Area, 0.25, 0.25), await Browser.Place(Area, 0.75, 0.75));
        (await Browser.Becomes($"{Axis}[1] !== {Text(high)}")).Should().BeTrue();
        (await Browser.Number($"{Axis}[0]")).Should().BeApproximately(low + ((high - low) / 4), (high - low) / 50);
        (await Browser.Number($"{Axis}[1]")).Should().BeApproximately(high - ((high - low) / 4), (high - low) / 50);

        // Two clicks within 0.3 s: a busy machine may need another try.
        var middle = await Browser.Place(Area);
        for (var attempt = 0; attempt < 20 && await Browser.Number($"{Axis}[1]") != high; attempt++)
        {
            await Browser.Drag(middle, middle);
            await Browser.Drag(middle, middle);
            await Task.Delay(500);
        }

        (await Browser.Number($"{Axis}[0]")).Should().Be(low);
        (await Browser.Number($"{Axis}[1]")).Should().Be(high);

        static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }

    [BrowserFact]
    public async Task Details_draw_their_charts_when_they_are_unfolded()
    {
        await Browser.Open(_path, 390, dark: false);

        await Browser.Evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })");
        (await Browser.Becomes("[...document.querySelectorAll('.chart')].every(div => div.querySelector('.main-svg'))")).Should().BeTrue();
        (await Browser.Number("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(390);
        Browser.Errors.Should().BeEmpty();
    }
}
