// How late events arrive: by percentile, over time, across clients.
import { h, svg } from './dom.js';
import { frame } from './chart.js';
import { copyButton, toCsv } from './export.js';
import { exact, human } from './format.js';
import { theme } from './state.js';
import { grid, leftOut, percentileChart, timeChart, topic, oneLine } from './panels.js';
import { extent } from './ticks.js';

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

function heatmap(state) {
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

function order(cell) {
  return (cell.connect_order ?? []).map(({ mean_ns: mean }) => mean);
}

// The clients of a cell by when they connected.
function orderChart(state) {
  const cells = state.visible().filter((cell) => order(cell).length > 1);
  if (cells.length === 0) {
    return null;
  }
  return timeChart(
    state,
    {
      id: 'latency/connect-order',
      title: 'Mean latency by order of connecting',
      about: 'The first tenth of the clients to the last: does it matter who came first?',
      height: 240,
      y: { label: 'mean latency', unit: 'ns', log: true },
      lines: (cell) => [{ cell, label: cell.shown, values: order(cell) }],
      x: { label: 'tenth of the clients', csv: 'tenth', unit: 'count', range: [1, 10] },
    },
    cells.map((cell) => ({ ...cell, series: { at_s: order(cell).map((_, i) => i + 1) } })),
  );
}

export function latency(state) {
  const events = (cell) => cell.events_measured;
  return [
    percentileChart(state, {
      id: 'latency/percentiles',
      title: 'Latency by percentile',
      about:
        'From the instant an event was due until a client had it. ' +
        'Pale where too few events were measured to rely on it.',
      curve: 'latency',
      draws: events,
      height: 360,
      label: 'latency',
    }),
    topic(state, 'latency'),
    grid(
      timeChart(state, {
        id: 'latency/mean',
        title: 'Mean latency over time',
        about: 'Of the events received in each second.',
        height: 240,
        y: { label: 'mean latency', unit: 'ns', log: true },
        lines: oneLine('mean_latency_ns'),
      }),
      percentileChart(state, {
        id: 'latency/from-sent',
        title: 'Latency from sent',
        about:
          'The same deliveries counted from when the publisher wrote them: ' +
          'what its own lag adds is missing.',
        curve: 'latency_from_sent',
        draws: events,
        height: 240,
        label: 'latency',
      }),
    ),
    heatmap(state),
    grid(
      percentileChart(state, {
        id: 'latency/fan-out',
        title: 'Fan-out spread',
        about: 'Of an event: from its first receiver to its last.',
        curve: 'fan_out_spread',
        draws: (cell) => cell.histograms.fan_out_spread.count,
        height: 240,
        label: 'spread',
      }),
      percentileChart(state, {
        id: 'latency/clients',
        title: 'Median latency of each client',
        about: 'By share of the clients.',
        curve: 'client_p50',
        draws: () => Infinity,
        height: 240,
        label: 'median',
      }),
      orderChart(state),
    ),
    topic(state, 'fan-out'),
    topic(state, 'polling'),
    topic(state, 'timing'),
    topic(state, 'upstream'),
    h('p', { className: 'soft' }, state.view.omission),
  ];
}
