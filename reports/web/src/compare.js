// The strategies side by side: what most readers ask first, then each metric by itself, then what
// one pays for latency.
import { h } from './dom.js';
import { dots } from './bars.js';
import { chart } from './chart.js';
import { cellName } from './state.js';
import { empty, grid, leftOut, section, sectionAt } from './panels.js';
import { metricFigure, table } from './table.js';

export const HEADLINE = [
  'latency_p50_ns',
  'latency_p99_ns',
  'lost',
  'bytes_per_delivery',
  'requests_per_delivery',
  'server_cpu_ns_per_delivery',
  'server_memory_bytes_per_connection',
  'sockets_peak',
  'time_wait_peak',
];
const NAMES = {
  latency_p50_ns: 'Median latency',
  latency_p99_ns: 'p99 latency',
  bytes_per_delivery: 'Bytes per delivery',
  requests_per_delivery: 'Requests per delivery',
  server_cpu_ns_per_delivery: 'Server CPU per delivery',
  server_memory_bytes_per_connection: 'Server memory per connection',
  sockets_peak: 'Sockets at the peak',
  time_wait_peak: 'TIME_WAIT at the peak',
};
const PRICES = [
  ['server_cpu_ns_per_delivery', 'server CPU per delivery'],
  ['bytes_per_delivery', 'bytes per delivery'],
];

// What is best in its column and not in doubt; ties are all marked.
function bestOf(state, name, cells) {
  const metric = state.metric(name);
  const values = cells
    .filter((cell) => !cell.invalid)
    .map((cell) => cell.metrics[name])
    .filter((v) => Number.isFinite(v));
  if (metric.better === '' || values.length < 2) {
    return undefined;
  }
  const best = metric.better === 'less' ? Math.min(...values) : Math.max(...values);
  return values.every((v) => v === best) ? undefined : best;
}

function headline(state) {
  const shown = HEADLINE.filter((name) =>
    state.cells.some((cell) => cell.metrics[name] !== undefined),
  );
  const best = new Map(shown.map((name) => [name, bestOf(state, name, state.cells)]));
  return table({
    title: 'At a glance',
    heads: [
      'cell',
      ...shown.map((name) => ({
        text: (NAMES[name] ?? state.metric(name).title)
          .toLowerCase()
          .replace('cpu', 'CPU')
          .replace('time_wait', 'TIME_WAIT'),
        raw: name,
        about: state.metric(name).about,
      })),
    ],
    rows: state.cells.map((cell) => ({
      head: cellName(cell),
      dim: cell.invalid,
      cells: shown.map((name) => {
        const value = cell.metrics[name];
        const isBest = !cell.invalid && value !== undefined && value === best.get(name);
        return { ...metricFigure(state, name, value), mark: isBest ? 'best' : '' };
      }),
    })),
    lines: [
      'Bold: the best figure of its column; small differences may be chance, the answer above ' +
        'says where intervals overlap.',
    ],
  });
}

// On the front: no other cell is at least as good in both and better in one.
function onFront(point, all) {
  return !all.some(
    (other) => other.x <= point.x && other.y <= point.y && (other.x < point.x || other.y < point.y),
  );
}

function priceChart(state, [price, words], latency) {
  const points = state
    .visible()
    .map((cell) => ({
      cell,
      x: cell.metrics[price],
      y: cell.metrics[latency],
    }))
    .filter(({ x, y }) => x > 0 && y > 0);
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const sound = points.filter(({ cell }) => !cell.invalid);
  const y = state.metric(latency);
  return chart({
    id: `compare/${price}`,
    title: `Latency against ${words}`,
    about: 'Down and to the left is better. Ringed: nothing else is better in both.',
    notes: leftOut(state),
    hint: 'Point at a mark, or move with the arrow keys.',
    height: 260,
    scatter: true,
    xs,
    x: {
      label: words,
      csv: price,
      unit: state.metric(price).unit,
      log: true,
      range: xs.length ? [xs[0] / 1.3, xs[xs.length - 1] * 1.3] : undefined,
    },
    y: { label: `${y.title} latency`, unit: 'ns', log: true },
    series: points.map(({ cell, ...point }) => ({
      cell,
      label: cell.shown,
      values: xs.map((x) => (x === point.x ? point.y : undefined)),
      ring:
        !cell.invalid &&
        onFront(
          point,
          sound.map((one) => ({ x: one.x, y: one.y })),
        ),
    })),
  });
}

// p99 where every visible cell has it, else the median.
function latencyMetric(state) {
  const known = state.visible().every((cell) => cell.metrics.latency_p99_ns !== undefined);
  return known ? 'latency_p99_ns' : 'latency_p50_ns';
}

const LOADS = [
  ['clients', (cell) => cell.clients, 'count'],
  ['events per second', (cell) => cell.run.result.scenario.events.rate_per_s, 'per_s'],
  ['round trip', (cell) => cell.run.result.scenario.link?.rtt_ns, 'ns'],
];

// What differs between the runs is the load that their figures are drawn along.
function loadOf(state) {
  return LOADS.find(([, read]) => new Set(state.cells.map(read).filter((v) => v > 0)).size > 1);
}

function loadChart(state, name, [what, read, unit]) {
  const cells = state
    .visible()
    .filter((cell) => read(cell) > 0 && cell.metrics[name] !== undefined);
  const xs = [...new Set(cells.map(read))].sort((a, b) => a - b);
  const byName = new Map();
  for (const cell of cells) {
    const values =
      byName.get(cell.name) ??
      byName
        .set(cell.name, {
          cell: { ...cell, shown: cell.name, dash: [] },
          label: cell.name,
          values: xs.map(() => undefined),
        })
        .get(cell.name);
    values.values[xs.indexOf(read(cell))] = cell.metrics[name];
  }
  const metric = state.metric(name);
  return chart({
    id: `compare/load-${name}`,
    title: `${NAMES[name]} along ${what}`,
    notes: leftOut(state),
    height: 240,
    xs,
    x: { label: what, unit, log: xs[xs.length - 1] / xs[0] > 8 },
    y: { label: '', unit: metric.unit, log: metric.unit === 'ns' },
    series: [...byName.values()],
    dots: true,
  });
}

function loads(state) {
  const load = loadOf(state);
  if (!load) {
    return null;
  }
  const names = [
    'latency_p99_ns',
    'server_cpu_ns_per_delivery',
    'bytes_per_delivery',
    'server_memory_bytes_per_connection',
  ];
  return section(
    'Along the load',
    `The runs differ in ${load[0]}.`,
    grid(names.map((name) => loadChart(state, name, load))),
  );
}

function publishedTable(state) {
  const rows = state.runs.flatMap((run) =>
    (run.view.published ?? []).map(([cell, ...rest]) => ({
      head: state.several ? `${run.letter} ${cell}` : cell,
      cells: rest,
    })),
  );
  const { view } = state.runs.find((run) => run.view.published) ?? {};
  return rows.length === 0
    ? null
    : section(
        view.published_title,
        view.published_about,
        table({
          title: view.published_title,
          within: true,
          heads: ['cell', 'metric', 'published', 'predicted', 'measured', 'source'],
          rows,
        }),
      );
}

function thresholdsTable(state) {
  const rows = state.runs.flatMap((run) =>
    run.result.thresholds.map((one, i) => {
      const unjudged = one.actual === undefined || one.actual === null;
      return {
        head: state.several ? `${run.letter} ${one.cell}` : one.cell,
        cells: [
          one.text,
          h(
            'span',
            { className: one.crossed ? 'crossed' : undefined },
            unjudged ? 'not judged' : one.crossed ? 'crossed' : 'held',
          ),
          run.view.thresholds[i].match(/\(([^()]*)\)$/)?.[1] ?? '',
        ],
      };
    }),
  );
  return rows.length === 0
    ? null
    : sectionAt(
        'compare/thresholds',
        'Thresholds',
        'What the scenario asks of every cell.',
        table({
          within: true,
          title: 'Thresholds',
          heads: ['cell', 'threshold', 'verdict', 'measured'],
          rows,
        }),
      );
}

// Of several runs, the same cells stand together.
function sideBySide(state) {
  const names = [...new Set(state.visible().map((cell) => cell.name))];
  return names.flatMap((name) => state.visible().filter((cell) => cell.name === name));
}

export function compare(state) {
  if (state.cells.length === 0) {
    return [empty('The run holds no cell.')];
  }
  const latency = latencyMetric(state);
  const small = HEADLINE.filter((name) => NAMES[name]).map((name) =>
    dots(state, {
      id: `compare/${name}`,
      title: NAMES[name],
      metric: name,
      cells: sideBySide(state),
    }),
  );
  return [
    headline(state),
    section(
      'Metric by metric',
      [
        'A tick marks what closed forms expect. Dots are on a logarithmic axis, bars on a linear ' +
          'one. ',
        h('span', { className: 'warn' }, leftOut(state)),
      ],
      grid(small),
    ),
    section(
      'What latency costs',
      'Each mark is a cell; both axes are logarithmic.',
      grid(PRICES.map((price) => priceChart(state, price, latency))),
    ),
    loads(state),
    thresholdsTable(state),
    publishedTable(state),
  ];
}
