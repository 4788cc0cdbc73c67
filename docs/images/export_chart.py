#!/usr/bin/env python3
"""Takes one chart out of the convergence sample's report, for pages that cannot run it: NAME-light.svg and NAME-dark.svg.

    dotnet run -c Release --project samples/MLNet.BatchNorm.Convergence -- --only breast_cancer
    python3 docs/images/export_chart.py convergence-results/report.html "L-BFGS on breast_cancer, C = 1" docs/images/convergence

The chart is named by its title; the first of that name counts. Chromium draws it: chromium in the path, or the one named in CHROME_PATH.
"""
import base64, html, os, re, shutil, subprocess, sys, tempfile

WIDTH, HEIGHT = 640, 380
EXPORT = """<script>window.reportReady.then(async () => {
  const div = [...document.querySelectorAll('.chart')].find(chart => chart.getAttribute('aria-label') === %r);
  if (!div) { document.body.textContent = 'no such chart'; return; }
  const layout = { ...div.layout, paper_bgcolor: getComputedStyle(document.body).backgroundColor };
  const image = await Plotly.toImage({ data: div.data, layout }, { format: 'svg', width: %d, height: %d });
  document.body.innerHTML = '<pre id="svg">' + btoa(unescape(encodeURIComponent(decodeURIComponent(image.slice(image.indexOf(',') + 1))))) + '</pre>';
});</script>"""


def export(page, title, dark):
    """The chart as SVG text, in the colours of the light or the dark page."""
    page = page.replace("@media (prefers-color-scheme: dark)", "@media all" if dark else "@media not all")
    page = page.replace("</body>", EXPORT % (title, WIDTH, HEIGHT) + "</body>")
    browser = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("google-chrome") or sys.exit("There is no Chromium.")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "page.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(page)
        dom = subprocess.run(
            [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900", "--virtual-time-budget=20000", f"--user-data-dir={folder}/profile", "--dump-dom", "file://" + path],
            capture_output=True, text=True, check=True).stdout
    found = re.search(r'<pre id="svg">([A-Za-z0-9+/=]+)</pre>', dom)
    if not found:
        sys.exit(f'No chart "{title}". There are:\n' + "\n".join(sorted({html.unescape(name) for name in re.findall(r'aria-label="([^"]*)" data-height', page)})))
    return base64.b64decode(found.group(1)).decode("utf-8")


def main(report, title, name):
    page = open(report, encoding="utf-8").read()
    for theme in ("light", "dark"):
        with open(f"{name}-{theme}.svg", "w", encoding="utf-8") as file:
            file.write(export(page, title, dark=theme == "dark") + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
