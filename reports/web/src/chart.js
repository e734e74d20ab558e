// Lines and points with uPlot (MIT), around it what a canvas lacks: a legend in text, the values
// under the cursor, arrow keys, and the data to take away. A series is
// {cell?, label, legend?, colour, dash, width, points, values, tail?, hollow?, line?}; `values` run
// along `xs`, with null for a gap and undefined for "not one of mine". `tail` marks the index from
// which it is pale; among points, `line` is one all the same.
import uPlot from 'uplot';
import { h, svg } from './dom.js';
import { figureTools } from './export.js';
import { exact, human } from './format.js';
import { cellName, colourOf, shapePath, theme } from './state.js';
import { extent, linearTicks, logTicks } from './ticks.js';

const HEIGHT = 300;
const LEAST_WIDTH = 260;
const INK = {
  light: { text: '#4f5863', line: '#e2e6ea', mark: '#767d86' },
  dark: { text: '#a7b0ba', line: '#2f353c', mark: '#8b939c' },
};
const PALE = '66'; // alpha behind a colour

const live = new Set();

// uPlot draws at a fixed width: those on the page follow it.
const follow = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const plot = target.plot;
    const width = Math.max(LEAST_WIDTH, Math.floor(target.clientWidth));
    if (plot && target.clientWidth > 0 && plot.width !== width) {
      plot.setSize({ width, height: plot.height });
    }
  }
});

export function forgetCharts() {
  live.forEach((box) => {
    follow.unobserve(box);
    box.plot.destroy();
  });
  live.clear();
}

// New content for a part of the page, charts included.
export function refill(holder, ...content) {
  holder.querySelectorAll('.plot').forEach((box) => {
    if (live.delete(box)) {
      follow.unobserve(box);
      box.plot.destroy();
    }
  });
  holder.replaceChildren(...content.flat(3).filter(Boolean));
  if (holder.isConnected) {
    mountCharts(holder);
  }
}

function colourFor(series) {
  return series.cell ? colourOf(series.cell) : series.colour;
}

function known(values) {
  return values.filter((v) => v !== null && v !== undefined && Number.isFinite(v));
}

function range(all, log) {
  const values = log ? all.filter((v) => v > 0) : all;
  if (values.length === 0) {
    return log ? [1, 10] : [0, 1];
  }
  const [low, high] = extent(values);
  if (log) {
    return [low / 1.2, high * 1.2];
  }
  return [Math.min(0, low), high > 0 ? high * 1.06 : 1];
}

// Around the values alone, for what moves little beside its size.
function tightRange(values) {
  const [low, high] = extent(values);
  const room = Math.max((high - low) * 0.15, high * 0.01);
  return [Math.max(0, low - room), high + room];
}

function axis(spec, ink, ticks, extra) {
  return {
    stroke: ink.text,
    grid: { stroke: ink.line, width: 1 },
    ticks: { stroke: ink.line, width: 1, size: 4 },
    font: '11px system-ui, sans-serif',
    label: spec.label,
    labelFont: '12px system-ui, sans-serif',
    labelSize: 18,
    labelGap: 2,
    splits: (plot, _, low, high) => ticks(low, high, plot.width),
    filter: (_, splits) => splits,
    values: (_, splits) => splits.map((v) => (spec.tick ?? ((x) => human(x, spec.unit)))(v)),
    ...extra,
  };
}

// Lines that end where the figures become few go on pale: two lines for one.
function split(series) {
  const tail = series.tail ?? series.values.length;
  const head = series.values.map((v, i) => (i <= tail ? v : undefined));
  return tail < series.values.length
    ? [head, series.values.map((v, i) => (i >= tail ? v : undefined))]
    : [head];
}

function drawPoints(plot, series, xs) {
  const { ctx } = plot;
  ctx.save();
  for (const one of series.filter(({ line }) => !line)) {
    ctx.fillStyle = colourFor(one);
    one.values.forEach((y, i) => {
      if (y !== null && y !== undefined) {
        const px = plot.valToPos(xs[i], 'x', true);
        const py = plot.valToPos(y, 'y', true);
        const r = 4.5 * devicePixelRatio;
        const path = new Path2D(shapePath(one.cell?.shape ?? 'circle', px, py, r));
        if (one.hollow) {
          ctx.strokeStyle = colourFor(one);
          ctx.lineWidth = 1.75 * devicePixelRatio;
          ctx.stroke(path);
        } else {
          ctx.fill(path);
        }
        if (one.ring) {
          ctx.strokeStyle = colourFor(one);
          ctx.lineWidth = 1.5 * devicePixelRatio;
          ctx.stroke(new Path2D(shapePath('circle', px, py, 11 * devicePixelRatio)));
        }
      }
    });
  }
  ctx.restore();
}

function drawMarks(plot, marks, ink) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = ink.mark;
  ctx.fillStyle = ink.text;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  marks.forEach(({ at, label }, i) => {
    const x = Math.round(plot.valToPos(at, 'x', true));
    if (x >= bbox.left && x <= bbox.left + bbox.width) {
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const from = x + 4 * devicePixelRatio;
      const next = marks[i + 1]
        ? plot.valToPos(marks[i + 1].at, 'x', true)
        : bbox.left + bbox.width;
      if (from + ctx.measureText(label).width < next) {
        ctx.fillText(label, from, bbox.top + 11 * devicePixelRatio);
      }
    }
  });
  ctx.restore();
}

function makePlot(spec, series, box, onMove) {
  const ink = INK[theme()];
  const lines = [];
  const data = [spec.xs];
  for (const one of series) {
    split(one).forEach((values, part) => {
      data.push(values);
      lines.push({
        stroke: colourFor(one) + (part === 1 ? PALE : ''),
        width: spec.scatter && !one.line ? 0 : (one.width ?? 1.75),
        dash: one.dash ?? one.cell?.dash,
        points: { show: Boolean(spec.dots), size: 7, fill: colourFor(one) },
        spanGaps: false,
        paths: spec.scatter && !one.line ? () => null : undefined,
      });
    });
  }
  const all = known(series.flatMap((one) => one.values));
  const [first, last] = [spec.xs[0], spec.xs[spec.xs.length - 1]];
  const room = first === last ? 1 : 0; // one point alone needs some on both sides
  const xRange = spec.x.range ?? (spec.x.log ? range(spec.xs, true) : [first - room, last + room]);
  const yRange = spec.y.tight
    ? tightRange(all)
    : range(spec.y.least ? [...all, spec.y.least] : all, spec.y.log);
  if (spec.marks?.length) {
    yRange[1] *= 1.15; // their names stand above the lines
  }
  const ticksOf = (one) => one.ticks ?? (one.log ? logTicks : linearTicks);
  return new uPlot(
    {
      width: Math.max(LEAST_WIDTH, Math.floor(box.clientWidth) || 640),
      height: spec.height ?? HEIGHT,
      legend: { show: false },
      cursor: {
        points: { size: 7 },
        drag: { x: true, y: false },
        y: false,
        // No point where a line has no figure, rather than on its nearest one.
        dataIdx: (plot, line, index) => (plot.data[line][index] == null ? null : index),
      },
      scales: {
        x: {
          time: false,
          distr: spec.x.log ? 3 : 1,
          range: (_, low, high) => (low > first || high < last ? [low, high] : xRange),
        },
        y: { distr: spec.y.log ? 3 : 1, range: yRange },
      },
      axes: [
        axis(spec.x, ink, ticksOf(spec.x), { size: 30 }),
        axis(spec.y, ink, ticksOf(spec.y), { size: 64, side: 3 }),
      ],
      series: [{}, ...lines],
      hooks: {
        setCursor: [(plot) => onMove(plot.cursor.idx)],
        draw: [
          (plot) => {
            drawMarks(plot, spec.marks ?? [], ink);
            if (spec.scatter) {
              drawPoints(plot, series, spec.xs);
            }
          },
        ],
      },
    },
    data,
    box,
  );
}

function sample(one) {
  return svg(
    'svg',
    { class: 'swatch', viewBox: '0 0 26 12', 'aria-hidden': 'true' },
    svg('path', {
      d: 'M0 6h26',
      stroke: one.colour,
      'stroke-width': 2,
      fill: 'none',
      'stroke-dasharray': (one.dash ?? []).join(' '),
    }),
  );
}

function legendOf(series) {
  return series.map((one) => {
    const value = h('span', { className: 'value' });
    const name = one.cell
      ? cellName({ ...one.cell, shown: one.legend ?? one.cell.shown, hollow: one.hollow })
      : h('span', { className: 'cell' }, sample(one), ' ', one.label);
    return { item: h('li', null, name, value), value };
  });
}

function rowsOf(spec, series) {
  const heads = [spec.x.csv ?? spec.x.label, ...series.map((one) => one.label)];
  return [heads, ...spec.xs.map((x, i) => [x, ...series.map((one) => one.values[i] ?? '')])];
}

function tools(spec, series) {
  return figureTools(
    spec.title,
    () => (spec.rows ? spec.rows() : rowsOf(spec, series)),
    linkTo(spec),
  );
}

export function linkTo({ id, title }) {
  return h('a', { className: 'quiet', href: `#${id}`, 'aria-label': `Link to ${title}` }, '#');
}

// A frame that every figure has: title, what it shows, tools.
export function frame(spec, ...content) {
  return h(
    'figure',
    { id: spec.id },
    h(
      'figcaption',
      null,
      h('strong', null, spec.title),
      spec.about ? ` ${spec.about}` : null,
      (spec.notes ?? []).map((note) => h('span', { className: 'warn' }, ` ${note}`)),
    ),
    content,
  );
}

function describe(spec, series, index) {
  const x = (spec.x.says ?? ((v) => human(v, spec.x.unit)))(spec.xs[index]);
  const parts = series
    .filter((one) => Number.isFinite(one.values[index]))
    .map((one) => `${one.label} ${human(one.values[index], spec.y.unit)}`);
  return { x, text: `${x}: ${parts.join(', ') || 'nothing measured'}` };
}

// Arrow keys move along the points that any series has.
function onKeys(event, box, spec) {
  const last = spec.xs.length - 1;
  const from = box.index ?? -1;
  const step = event.shiftKey ? 10 : 1;
  const to = {
    ArrowRight: Math.min(last, from + step),
    ArrowLeft: Math.max(0, from - step),
    Home: 0,
    End: last,
  }[event.key];
  if (to === undefined) {
    return;
  }
  event.preventDefault();
  const left = box.plot.valToPos(spec.xs[to], 'x');
  box.plot.setCursor({ left, top: box.plot.over.clientHeight / 2 });
  box.move(to); // of several points at one x the cursor knows only one
}

// {id, title, about, notes, xs, x: {label, unit, log, ticks, tick, says}, y: {…}, series, marks}
export function chart(spec) {
  const series = spec.series.filter((one) => known(one.values).length > 0);
  if (series.length === 0 || spec.xs.length === 0) {
    return frame(spec, h('p', { className: 'soft' }, 'Nothing was measured for this chart.'));
  }
  const legend = legendOf(series);
  const at = h(
    'p',
    { className: 'at' },
    spec.hint ?? 'Point at the chart, or move with the arrow keys.',
  );
  const box = h('div', {
    className: 'plot',
    tabIndex: 0,
    role: 'slider',
    'aria-label': `${spec.title}: read values along ${spec.x.label}`,
    'aria-valuemin': 0,
    'aria-valuemax': spec.xs.length - 1,
    'aria-valuenow': 0,
    'aria-valuetext': describe(spec, series, 0).text,
  });
  const move = (index) => {
    if (index === null || index === undefined) {
      return;
    }
    box.index = index;
    const { x, text } = describe(spec, series, index);
    at.textContent = `At ${x}`;
    box.setAttribute('aria-valuenow', index);
    box.setAttribute('aria-valuetext', text);
    series.forEach((one, i) => {
      const value = one.values[index];
      const some = Number.isFinite(value);
      legend[i].value.textContent = some ? human(value, spec.y.unit) : '';
      legend[i].value.title = some ? exact(value, spec.y.unit) : '';
      legend[i].value.classList.toggle('pale', index > (one.tail ?? Infinity));
    });
  };
  box.move = move;
  box.addEventListener('keydown', (event) => onKeys(event, box, spec));
  // The box must stand on the page before it has a width.
  box.mount = () => {
    box.plot = makePlot(spec, series, box, move);
    live.add(box);
    follow.observe(box);
  };
  return frame(
    spec,
    tools(spec, series),
    box,
    h(
      'ul',
      { className: 'legend' },
      legend.map(({ item }) => item),
    ),
    at,
  );
}

export function mountCharts(root) {
  root.querySelectorAll('.plot').forEach((box) => box.mount?.());
}
