// What the tabs share: tables of a topic, curves of histograms, lines over time.
import { h } from './dom.js';
import { chart } from './chart.js';
import { percentile } from './format.js';
import { cellName } from './state.js';
import { metricFigure, table } from './table.js';
import { percentileTicks } from './ticks.js';

export function sectionAt(id, title, about, ...content) {
  const made = section(title, about, content);
  made.id = id;
  return made;
}

export function section(title, about, ...content) {
  return h(
    'section',
    null,
    h('h3', null, title),
    about ? h('p', { className: 'soft' }, about) : null,
    content,
  );
}

export function empty(text) {
  return h('p', { className: 'soft' }, text);
}

const NAMED_UP_TO = 2;

// Cells that a chart leaves out are named, so that nobody takes the rest for all.
export function leftOut(state) {
  const out = state.leftOut();
  return out.length === 0
    ? []
    : [
        out.length > NAMED_UP_TO
          ? `${out.length} invalid cells are left out.`
          : `Left out as invalid: ${out.map((cell) => cell.shown).join(', ')}.`,
      ];
}

const ASKS = new Set(['polling', 'long-polling']);

// The table of a topic, null when no cell has any figure for it.
function topicTable(state, id) {
  const topic = state.view.topics.find((one) => one.id === id);
  const cells = state.cells.filter((cell) => !topic.only_polls || ASKS.has(cell.strategy));
  const rows = cells.map((cell) => ({
    head: cellName(cell),
    dim: cell.invalid,
    cells: topic.columns.map(({ metric }) => metricFigure(state, metric, cell.metrics[metric])),
  }));
  if (rows.every((row) => row.cells.every((one) => one.absent))) {
    return null;
  }
  const lines = state.runs.flatMap((run) =>
    (run.view.remarks[id] ?? []).map((line) => (state.several ? `${run.letter} ${line}` : line)),
  );
  if (rows.some((row) => row.cells.some((one) => one.text === 'n too small'))) {
    lines.push(state.view.withheld);
  }
  return table({
    title: topic.title,
    within: true,
    heads: [
      'cell',
      ...topic.columns.map(({ metric, head }) => ({
        text: head,
        raw: metric,
        about: state.metric(metric).about,
      })),
    ],
    rows,
    lines,
  });
}

export function topic(state, id) {
  const made = topicTable(state, id);
  const { title, about } = state.view.topics.find((one) => one.id === id);
  return made ? section(title, about, made) : null;
}

// Positions of a curve on the axis 1/(1-p): the last point is the highest value, at the count.
function positions(state, curve, count) {
  return curve.map((_, k) =>
    k === curve.length - 1 ? Math.max(1, count) : 10 ** (k / state.view.steps_per_decade),
  );
}

// Percentiles of a histogram of every visible cell. `draws(cell)`: how many independent values are
// behind it; beyond what they can carry, the curve is pale.
export function percentileChart(state, spec) {
  const cells = state.visible().filter((cell) => cell.curves[spec.curve]);
  const counts = cells.map((cell) => cell.histograms[spec.curve].count);
  const own = cells.map((cell, i) => positions(state, cell.curves[spec.curve], counts[i]));
  const xs = [...new Set(own.flat())].sort((a, b) => a - b);
  const index = new Map(xs.map((x, i) => [x, i]));
  const series = cells.map((cell, i) => {
    const values = new Array(xs.length).fill(undefined);
    own[i].forEach((x, k) => {
      values[index.get(x)] = Math.max(1, cell.curves[spec.curve][k]);
    });
    // 299 draws carry a p99: so much per unit of 1/(1-p).
    const limit = (spec.draws(cell) / state.view.draws_for_p99) * 100;
    const tail = xs.findLastIndex((x) => x <= limit * (1 + 1e-9));
    return { cell, label: cell.shown, values, tail: Math.max(0, tail) };
  });
  return chart({
    ...spec,
    notes: leftOut(state),
    xs,
    x: {
      label: 'percentile',
      csv: '1/(1-p)',
      log: true,
      ticks: percentileTicks,
      tick: percentile,
      says: percentile,
      range: [1, Math.max(2, xs.at(-1) ?? 0)],
    },
    y: { label: spec.label ?? 'time', unit: 'ns', log: true },
    series,
  });
}

// Figures of a series of every visible cell, second by second. `lines(cell)`: what to draw of it,
// as [{values, label, …}].
export function timeChart(state, spec, cells = state.visible()) {
  const xs = [...new Set(cells.flatMap((cell) => cell.series.at_s ?? []))].sort((a, b) => a - b);
  const index = new Map(xs.map((x, i) => [x, i]));
  const series = cells.flatMap((cell) =>
    spec
      .lines(cell)
      .filter((line) => line.values?.length)
      .map((line) => {
        const values = new Array(xs.length).fill(undefined);
        cell.series.at_s.forEach((x, k) => {
          values[index.get(x)] = line.values[k];
        });
        return { ...line, values };
      }),
  );
  return chart({
    notes: leftOut(state),
    ...spec,
    xs,
    x: spec.x ?? {
      label: 'seconds since the cell began',
      csv: 'at_s',
      unit: 'seconds',
      range: [0, Math.max(1, xs.at(-1) ?? 0)],
    },
    series,
  });
}

// One line a cell.
export function oneLine(name, label = '') {
  return (cell) => [{ cell, label: cell.shown + label, values: cell.series[name] }];
}

// One line a cell, and what the plan asked for beside them: all cells of a run have the same, so
// that of the first stands for all.
export function besidePlan(state, name, planned, label) {
  const first = state.visible()[0];
  return (cell) => [
    { cell, label: cell.shown, values: cell.series[name] },
    ...(cell === first
      ? [{ label, colour: '#808080', dash: [2, 4], width: 1, values: cell.series[planned] }]
      : []),
  ];
}

export function grid(...content) {
  return h('div', { className: 'grid' }, content);
}
