#!/usr/bin/env python3
"""Takes one chart out of the convergence sample's report, for pages that cannot style it: NAME-light.svg and NAME-dark.svg, with colors and legend.

    dotnet run -c Release --project samples/MLNet.BatchNorm.Convergence -- --only breast_cancer
    python3 docs/images/extract_chart.py convergence-results/report.html "LABEL" docs/images/convergence

LABEL is the chart's aria-label, the first of that name counts. Nothing but Python's standard library is needed.
"""
import html, re, sys

ROW_HEIGHT = 20


def variables(css, dark):
    """The style sheet's custom properties, those of the dark page over those of the light one."""
    light_block, dark_block = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    return {name: value.strip() for block in [light_block] + [dark_block] * dark for name, value in re.findall(r"(--[\w-]+):([^;]+);", block)}


def styles(css, values):
    """The rules that draw charts, with the properties put in; a series' own color is set by its class."""
    series = {name: values[variable] for name, variable in re.findall(r"\.(s-[\w-]+) \{ --series: var\((--[\w-]+)\); \}", css)}
    rules = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css.split("figure h4")[1]):
        selector = selector.strip().removeprefix("svg ")
        if not re.match(r"(text|path|\.(grid|axis|line|whisker|median|bar|contour|optimum))", selector):
            continue
        if "var(--series)" in body:
            rules += [f".{name} {selector} {{{body.replace('var(--series)', color)}}}" for name, color in series.items()]
        else:
            rules.append(f"{selector} {{{body}}}")
    return re.sub(r"var\((--[\w-]+)\)", lambda match: values[match.group(1)], "\n".join(rules))


def legend(page, start, width, height):
    """The legend above the chart, set below it in as many rows as it needs; and the height of that."""
    row = page[:start].rsplit('<p class="legend">', 1)[1].split("</p>")[0]
    x, y, parts = 20, height, []
    for css_class, sample, name in re.findall(r'<span><svg class="([\w-]+)"[^>]*>(.*?)</svg>(.*?)</span>', row):
        item_width = 54 + 6.2 * len(html.unescape(name))
        if x + item_width > width and x > 20:
            x, y = 20, y + ROW_HEIGHT
        parts.append(f'<g class="{css_class}" transform="translate({x:g} {y:g})">{sample}</g><text x="{x + 40:g}" y="{y + 10:g}">{name}</text>')
        x += item_width
    return "\n".join(parts), y + ROW_HEIGHT


def main(report, label, name):
    page = open(report, encoding="utf-8").read()
    css = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    found = re.search(rf'<svg class="chart" viewBox="0 0 ([\d.]+) ([\d.]+)" role="img" aria-label="{re.escape(html.escape(label))}">(.*?)</svg>', page, re.DOTALL)
    if not found:
        sys.exit(f'No chart "{label}". There are:\n' + "\n".join(sorted(set(re.findall(r'role="img" aria-label="([^"]*)"', page)))))
    width, height, body = float(found.group(1)), float(found.group(2)), found.group(3)
    legend_rows, total = legend(page, found.start(), width, height)
    for theme in ("light", "dark"):
        values = variables(css, dark=theme == "dark")
        with open(f"{name}-{theme}.svg", "w", encoding="utf-8") as file:
            file.write(
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {total:g}" role="img" font-family="system-ui, sans-serif">\n'
                f"<title>{html.escape(label)}</title>\n<style>\n{styles(css, values)}\n</style>\n"
                f'<rect width="100%" height="100%" fill="{values["--page"]}"/>{body}{legend_rows}\n</svg>\n')


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
