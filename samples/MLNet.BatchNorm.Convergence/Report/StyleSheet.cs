namespace MLNet.BatchNorm.Convergence.Report;

/// <summary>The style sheet of the page.</summary>
internal static class StyleSheet
{
    /// <summary>Okabe and Ito's colours; on a dark page, their lighter ones where the dark ones would drown.</summary>
    public const string Text = """
        :root {
          --page: #ffffff; --text: #1c1c1c; --faint: #5a5a5a; --grid: #e3e3e3; --axis: #8a8a8a; --contour: #7a7a7a; --link: #00568a;
          --raw: #d55e00; --minmax: #b07800; --standardized: #0072b2; --whitened: #a8467f; --batchnormalized: #00805c; --other: #555555;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #161719; --text: #e8e8e8; --faint: #a8a8a8; --grid: #303236; --axis: #7d7d7d; --contour: #9a9a9a; --link: #7cc4f5;
            --raw: #ff7f2a; --minmax: #e69f00; --standardized: #56b4e9; --whitened: #e08dbb; --batchnormalized: #2bc79a; --other: #bbbbbb;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 1240px; margin: 0 auto; padding: 16px; }
        h1 { font-size: 1.7rem; line-height: 1.2; } h2 { margin-top: 2.2em; border-top: 2px solid var(--grid); padding-top: .8em; }
        h3 { margin: 1.6em 0 .3em; } p, li { max-width: 80ch; } a { color: var(--link); }
        nav ul { display: flex; flex-wrap: wrap; gap: .3em 1.2em; list-style: none; padding: 0; }
        .faint, figcaption { color: var(--faint); font-size: .86rem; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); gap: 14px 20px; }
        figure { margin: 0; min-width: 0; max-width: 600px; } figure h4 { margin: .4em 0 .2em; font-size: 1rem; }
        .legend { display: flex; flex-wrap: wrap; gap: .2em 1.2em; margin: .5em 0; } .legend span { display: inline-flex; align-items: center; gap: .4em; }
        .table { overflow-x: auto; margin: .6em 0; } table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
        th, td { padding: 3px 10px; text-align: left; border-bottom: 1px solid var(--grid); white-space: nowrap; } th { vertical-align: bottom; }
        details { margin: .6em 0; } summary { cursor: pointer; }
        svg.chart { display: block; width: 100%; height: auto; } svg text { fill: var(--text); font-size: 11px; }
        svg text.title { fill: var(--faint); } svg text.small { font-size: 10px; }
        svg path { fill: none; } .grid { stroke: var(--grid); } .axis { stroke: var(--axis); }
        .line { stroke: var(--series); stroke-width: 1.8; stroke-linejoin: round; } svg path.marker { fill: var(--series); stroke: var(--page); stroke-width: .6; }
        .whisker { stroke: var(--series); stroke-width: 1.3; } .median { stroke: var(--text); stroke-width: 1.6; }
        .bar { fill: var(--series); stroke: var(--series); } .bar1 { fill-opacity: .45; } .bar2 { fill-opacity: .12; }
        .contour { stroke: var(--contour); stroke-width: .9; } .optimum { stroke: var(--text); stroke-width: 2; }
        .s-raw { --series: var(--raw); } .s-minmax { --series: var(--minmax); } .s-standardized { --series: var(--standardized); }
        .s-whitened { --series: var(--whitened); } .s-batchnormalized { --series: var(--batchnormalized); } .s-other { --series: var(--other); }
        """;
}
