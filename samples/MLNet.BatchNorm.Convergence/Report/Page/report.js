(() => {
  const charts = [...document.querySelectorAll('.chart')];
  const figures = new Map(charts.map(div => [div, JSON.parse(div.nextElementSibling.textContent)]));
  const narrow = () => matchMedia('(max-width: 600px)').matches;
  const touch = matchMedia('(pointer: coarse)').matches;
  const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const faint = hex => `rgba(${[1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)).join(',')},0.18)`;

  // A string that begins with an @ names a colour of the style sheet, or another thing that depends on the screen.
  const paint = value => {
    if (typeof value === 'string' && value[0] === '@') {
      if (value === '@scale') return [[0, color('low')], [1, color('high')]];
      if (value === '@decades') return 1;
      return value.endsWith('-faint') ? faint(color(value.slice(1, -6))) : color(value.slice(1));
    }
    if (Array.isArray(value)) return value.map(paint);
    return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, paint(inner)])) : value;
  };

  // Decades far apart get fewer ticks.
  const axis = (given, from) => {
    const own = paint(given || {});
    if (own.dtick && own.type === 'log') {
      const values = from.filter(value => value > 0);
      const span = own.range ? own.range[1] - own.range[0] : values.length ? Math.log10(Math.max(...values) / Math.min(...values)) : 1;
      own.dtick = span <= 2 ? 'D2' : Math.max(1, Math.ceil(span / 6));
    }
    return { gridcolor: color('grid'), zerolinecolor: color('grid'), linecolor: color('faint'), automargin: true, nticks: 7, ...own };
  };

  const draw = div => {
    const figure = figures.get(div);
    const values = key => figure.data.flatMap(trace => trace[key] || []).flat();
    const legend = figure.data.filter(trace => trace.showlegend !== false && trace.type !== 'contour').length > 1;
    const layout = {
      ...paint(figure.layout), xaxis: axis(figure.layout.xaxis, values('x')), yaxis: axis(figure.layout.yaxis, values('y')),
      paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', font: { color: color('text'), family: 'system-ui, sans-serif', size: narrow() ? 11 : 12 },
      margin: { l: 50, r: 12, t: 8, b: 40 }, height: +div.dataset.height, showlegend: legend, hovermode: 'closest', dragmode: touch ? false : 'zoom',
      legend: { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom', font: { size: narrow() ? 10 : 12 }, ...(narrow() && figure.data[0].type === 'bar' ? { entrywidthmode: 'fraction', entrywidth: figure.data.length > 2 ? 0.45 : 0.95 } : {}) },
      hoverlabel: { bgcolor: color('page'), bordercolor: color('faint'), font: { color: color('text') } },
    };
    return Plotly.react(div, paint(figure.data), layout, { responsive: true, displayModeBar: false });
  };

  const visible = div => !div.closest('details:not([open])');
  const drawAll = () => Promise.all(charts.filter(visible).map(draw));
  document.querySelectorAll('details').forEach(details => details.addEventListener('toggle', () => details.open && charts.filter(div => details.contains(div) && visible(div)).forEach(draw)));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  matchMedia('(max-width: 600px)').addEventListener('change', drawAll);

  // Charts that a slider replays hold one set of y values per epoch.
  document.querySelectorAll('.player').forEach(player => {
    const [button, input, output] = ['button', 'input', 'output'].map(name => player.querySelector(name));
    const played = charts.filter(div => div.dataset.player === player.id);
    const epochs = JSON.parse(player.dataset.epochs);
    const show = () => {
      output.textContent = `after epoch ${epochs[input.value]}`;
      played.forEach(div => {
        const figure = figures.get(div);
        figure.data.forEach(trace => { trace.y = trace.customdata[input.value]; });
        draw(div);
      });
    };
    let timer = 0;
    const stop = () => { clearInterval(timer); timer = 0; button.textContent = 'Play'; };
    input.addEventListener('input', () => { stop(); show(); });
    button.addEventListener('click', () => {
      if (timer) return stop();
      if (+input.value === epochs.length - 1) input.value = 0;
      button.textContent = 'Stop';
      show();
      timer = setInterval(() => { input.value = +input.value + 1; show(); if (+input.value === epochs.length - 1) stop(); }, 500);
    });
  });

  window.reportReady = drawAll();
})();
