// Latency over time. A result holds how the latencies of each stretch of time lie; older ones only
// the worst of each second.
import { h, svg } from './dom.js';
import { frame } from './chart.js';
import { copyButton, toCsv } from './export.js';
import { exact, human } from './format.js';
import { theme } from './state.js';
import { leftOut } from './panels.js';
import { extent, logTicks } from './ticks.js';

// From few to many, even steps of lightness, readable by the colour-blind (after cividis).
const HEAT = {
  light: ['#eef2c8', '#d8cf76', '#b5ab62', '#8f8a6b', '#6b6b6f', '#454e6c', '#16305f'],
  dark: ['#1b2c4f', '#3a466b', '#5f6270', '#85816f', '#ada567', '#d6c951', '#fdea45'],
};
const COLUMNS = 240; // at most; longer runs join neighbouring seconds, the worst of them counts

function joined(cell) {
  const { at_s: at = [], worst_latency_ns: worst = [] } = cell.series;
  const step = Math.max(1, Math.ceil(at.length / COLUMNS));
  const out = [];
  for (let i = 0; i < at.length; i += step) {
    const part = worst.slice(i, i + step).filter((v) => Number.isFinite(v) && v > 0);
    out.push({
      at: at[Math.min(at.length - 1, i + step - 1)],
      worst: part.length ? Math.max(...part) : null,
    });
  }
  return out;
}

function strip(row, shade, end) {
  const width = 1000;
  const rects = row.points.map(({ at, worst }, i) => {
    const from = i === 0 ? 0 : row.points[i - 1].at;
    return worst === null
      ? null
      : svg(
          'rect',
          {
            x: (from / end) * width,
            y: 0,
            width: ((at - from) / end) * width + 0.6,
            height: 22,
            fill: shade(worst),
          },
          svg('title', null, `${row.cell.shown}, until ${at} s: worst ${human(worst, 'ns')}`),
        );
  });
  return h(
    'li',
    null,
    h('span', { className: 'cell' }, row.cell.shown),
    svg(
      'svg',
      {
        class: 'strip',
        viewBox: `0 0 ${width} 22`,
        preserveAspectRatio: 'none',
        role: 'img',
        'aria-label':
          `${row.cell.shown}: worst latency of each second, ` +
          `from ${human(row.low, 'ns')} to ${human(row.high, 'ns')}`,
      },
      rects,
    ),
    h('span', { className: 'value', title: exact(row.high, 'ns') }, human(row.high, 'ns')),
  );
}

// Of results that hold no more than the worst latency of each second.
function stripes(state) {
  const rows = state
    .visible()
    .map((cell) => ({ cell, points: joined(cell) }))
    .map((row) => {
      const values = row.points.map(({ worst }) => worst).filter((v) => v !== null);
      return {
        ...row,
        low: Math.min(...values),
        high: Math.max(...values),
        some: values.length > 0,
      };
    })
    .filter(({ some }) => some);
  if (rows.length === 0) {
    return null;
  }
  const low = Math.log(Math.min(...rows.map((row) => row.low)));
  const high = Math.log(Math.max(...rows.map((row) => row.high)));
  const colours = HEAT[theme()];
  const shade = (v) =>
    colours[
      Math.min(
        colours.length - 1,
        Math.floor(((Math.log(v) - low) / (high - low || 1)) * colours.length),
      )
    ];
  const [, end] = extent(rows.flatMap((row) => row.points.map(({ at }) => at)));
  const spec = {
    id: 'latency/heat',
    title: 'Worst latency, second by second',
    about:
      'One stripe a cell from its start to its end; a stall shows as a line of its own. ' +
      'The figure is the highest.',
    notes: leftOut(state),
  };
  const csv = () =>
    toCsv([
      ['cell', 'at_s', 'worst_latency_ns'],
      ...rows.flatMap((row) =>
        row.points.map(({ at, worst }) => [row.cell.shown, at, worst ?? '']),
      ),
    ]);
  const keys = colours.map((colour, i) => {
    const swatch = h('span', { className: 'key' });
    swatch.style.background = colour;
    const from = Math.exp(low + ((high - low) * i) / colours.length);
    return h(
      'li',
      null,
      swatch,
      ' ',
      human(from, 'ns'),
      i + 1 === colours.length ? ' and more' : '',
    );
  });
  return frame(
    spec,
    h('div', { className: 'tools' }, copyButton('CSV', `data of ${spec.title}`, csv)),
    h('ul', { className: 'keys' }, keys),
    h(
      'ul',
      { className: 'rows strips' },
      rows.map((row) => strip(row, shade, end)),
    ),
  );
}

const SHARES = [0, 0.001, 0.01, 0.05, 0.2, 0.5]; // of a column's deliveries, where a shade begins
const HEIGHT = 120;

const total = (counts) => counts.reduce((sum, n) => sum + n, 0);

function shadeOf(share) {
  return SHARES.findLastIndex((from) => share > from);
}

// One shape a shade: thousands of places would be slow to draw.
function pathsOf(heat, x, y, colours) {
  const paths = colours.map(() => '');
  heat.columns.forEach((counts, column) => {
    const all = total(counts);
    counts.forEach((n, band) => {
      if (n > 0) {
        const left = x(column);
        const top = y(heat.edges_ns[band + 1]);
        paths[shadeOf(n / all)] +=
          `M${left.toFixed(1)} ${top.toFixed(1)}H${x(column + 1).toFixed(1)}` +
          `V${y(heat.edges_ns[band]).toFixed(1)}H${left.toFixed(1)}z`;
      }
    });
  });
  return paths.map((d, i) => (d === '' ? null : svg('path', { d, fill: colours[i] })));
}

// The highest band of a column that holds something.
const worstOf = (heat, counts) => heat.edges_ns[counts.findLastIndex((n) => n > 0) + 1];

function middleOf(heat, counts) {
  let left = total(counts) / 2;
  const band = counts.findIndex((n) => (left -= n) <= 0);
  return Math.sqrt(heat.edges_ns[band] * heat.edges_ns[band + 1]);
}

function tipOf(heat, counts, column) {
  const from = column * heat.column_s;
  const span = `${from} to ${from + heat.column_s} s`;
  return total(counts) === 0
    ? `${span}: nothing received`
    : `${span}: ${total(counts)} deliveries, half of them within ` +
        `${human(middleOf(heat, counts), 'ns')}, all within ${human(worstOf(heat, counts), 'ns')}`;
}

function map(cell, low, high, end, colours) {
  const { heat } = cell;
  const width = 1000;
  const scale = HEIGHT / Math.log(high / low);
  const y = (ns) => HEIGHT - Math.log(Math.max(low, ns) / low) * scale;
  const x = (column) => Math.min(1, (column * heat.column_s) / end) * width;
  const ticks = logTicks(low, high);
  const worst = Math.max(...heat.columns.filter((c) => total(c) > 0).map((c) => worstOf(heat, c)));
  return h(
    'li',
    null,
    h('span', { className: 'cell' }, cell.shown),
    h(
      'div',
      { className: 'heat' },
      h(
        'span',
        { className: 'scale', 'aria-hidden': 'true' },
        ticks.map((at) => {
          const label = h('span', null, human(at, 'ns'));
          label.style.top = `${(y(at) / HEIGHT) * 100}%`;
          return label;
        }),
      ),
      svg(
        'svg',
        {
          viewBox: `0 0 ${width} ${HEIGHT}`,
          preserveAspectRatio: 'none',
          role: 'img',
          'aria-label':
            `${cell.shown}: deliveries by second and latency, ` +
            `from ${human(heat.edges_ns[0], 'ns')} to ${human(worst, 'ns')}`,
        },
        ticks.map((at) => svg('path', { d: `M0 ${y(at)}H${width}`, class: 'line' })),
        pathsOf(heat, x, y, colours),
        heat.columns.map((counts, column) =>
          svg(
            'rect',
            { x: x(column), y: 0, width: x(column + 1) - x(column), height: HEIGHT, opacity: 0 },
            svg('title', null, tipOf(heat, counts, column)),
          ),
        ),
      ),
    ),
    h('span', { className: 'value', title: exact(worst, 'ns') }, human(worst, 'ns')),
  );
}

function placesOf(cell) {
  const { column_s: step, edges_ns: edges, columns } = cell.heat;
  return columns.flatMap((counts, column) =>
    counts.flatMap((n, band) =>
      n === 0
        ? []
        : [[cell.shown, column * step, (column + 1) * step, edges[band], edges[band + 1], n]],
    ),
  );
}

export function heatmap(state) {
  const cells = state.visible().filter((cell) => cell.heat);
  if (cells.length === 0) {
    return stripes(state);
  }
  const [low] = extent(cells.map(({ heat }) => Math.max(1, heat.edges_ns[0])));
  const [, high] = extent(cells.map(({ heat }) => heat.edges_ns[heat.edges_ns.length - 1]));
  const [, end] = extent(cells.flatMap(({ series }) => series.at_s ?? []));
  const colours = HEAT[theme()].slice(HEAT[theme()].length - SHARES.length);
  const spec = {
    id: 'latency/heat',
    title: 'Latency over time',
    about:
      `Every delivery from the start of a cell to its end, ${human(end * 1e9, 'ns')}: darker ` +
      'where more of the deliveries of that time lie. All cells have one scale; the figure is ' +
      'the highest.',
    notes: leftOut(state),
  };
  const csv = () =>
    toCsv([
      ['cell', 'from_s', 'to_s', 'from_ns', 'to_ns', 'deliveries'],
      ...cells.flatMap(placesOf),
    ]);
  const keys = colours.map((colour, i) => {
    const swatch = h('span', { className: 'key' });
    swatch.style.background = colour;
    const from = `${SHARES[i] * 100} %`;
    return h('li', null, swatch, i === 0 ? ' fewer' : ` from ${from}`);
  });
  return frame(
    spec,
    h('div', { className: 'tools' }, copyButton('CSV', `data of ${spec.title}`, csv)),
    h('ul', { className: 'keys' }, keys),
    h(
      'ul',
      { className: 'rows maps' },
      cells.map((cell) => map(cell, low, high, end, colours)),
    ),
  );
}
