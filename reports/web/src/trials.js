// The trials of a capacity search, drawn and listed, and its answers in words.
import { chart, refill } from './chart.js';
import { choice, controls } from './controls.js';
import { h } from './dom.js';
import { human } from './format.js';
import { AXES, loadText } from './knee.js';
import { empty, grid } from './panels.js';
import { table } from './table.js';

const titleOf = (metric) =>
  metric.name.startsWith('latency_p') ? `${metric.title} latency` : metric.title;

export function nameOf(search) {
  const fixed = search.fixed_axis ? ` with ${loadText(search.fixed_axis, search.fixed)}` : '';
  return search.cell + fixed;
}

export function holdsText({ search, knee }) {
  if (knee.held === undefined) {
    return search.trials.length ? 'none' : 'not tried';
  }
  return (knee.atLeast ? 'at least ' : '') + loadText(search.axis, knee.held);
}

export function intervalText({ search, knee }) {
  if (knee.held === undefined) {
    return knee.failed === undefined
      ? 'nothing is known'
      : `not even ${loadText(search.axis, knee.failed)}`;
  }
  return knee.atLeast
    ? holdsText({ search, knee })
    : `from ${loadText(search.axis, knee.held)} to ${loadText(search.axis, knee.failed)}`;
}

export const load = (axis, value) =>
  value === undefined
    ? { text: '-', exact: '-', raw: '', absent: true }
    : { text: loadText(axis, value), exact: String(value), raw: value };

// Every trial of a search: filled where it held, hollow where it did not.
function trialsChart(page, one) {
  const metric = page.metric(page.by);
  const at = one.trials
    .map((trial) => ({ ...trial, value: trial.figures?.metrics[page.by] }))
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => a.load - b.load);
  const xs = at.map((trial) => trial.load);
  const bound = page.bounds.find(
    (each) => each.metric?.name === page.by && !each.target && each.limit > 0,
  );
  const cell = page.look.get(one.search.cell);
  const named = (what) => ({ cell, label: `${cell.name}: ${what}`, legend: what });
  const pick = (held) =>
    at.map((trial) => ((trial.outcome === 'held') === held ? trial.value : null));
  const values = at.map(({ value }) => value).filter((value) => value > 0);
  const wide = (all) => Math.max(...all) / Math.min(...all) > 30;
  return chart({
    id: `trials/${nameOf(one.search)}`,
    title: nameOf(one.search),
    about: `${intervalText(one)}.`,
    height: 260,
    scatter: true,
    hint: 'Point at a mark, or move with the arrow keys.',
    xs,
    x: {
      label: one.search.axis,
      unit: AXES[one.search.axis].unit,
      log: xs[0] > 0,
      range: xs.length ? [xs[0] / 1.2, xs.at(-1) * 1.2] : undefined,
      says: (x) => loadText(one.search.axis, x),
    },
    y: {
      label: titleOf(metric),
      unit: metric.unit,
      log: values.length > 1 && wide(bound ? [...values, bound.limit] : values),
      least: bound?.limit,
    },
    series: [
      { ...named('held'), values: pick(true) },
      { ...named('did not hold'), values: pick(false), hollow: true },
      ...(bound
        ? [
            {
              label: `bound: ${bound.text}`,
              values: xs.map(() => bound.limit),
              line: true,
              dash: [3, 3],
              colour: '#8b939c',
              width: 1.5,
            },
          ]
        : []),
    ],
  });
}

export function trialsTable(page) {
  return table({
    title: 'Every trial',
    heads: [
      'strategy',
      'load',
      'why it was made',
      'outcome',
      ...(page.by ? [{ text: titleOf(page.metric(page.by)), raw: page.by }] : []),
      'what was crossed',
      'result',
    ],
    rows: page.found.flatMap(({ search, trials }) =>
      trials.map((trial) => {
        const value = trial.figures?.metrics[page.by];
        const unit = page.by ? page.metric(page.by).unit : '';
        const shown = human(value, unit);
        return {
          head: nameOf(search),
          dim: trial.outcome !== 'held',
          cells: [
            load(search.axis, trial.load),
            trial.purpose,
            trial.outcome,
            ...(page.by ? [{ text: shown, exact: String(value ?? ''), raw: value ?? '' }] : []),
            trial.text,
            trial.file,
          ],
        };
      }),
    ),
  });
}

export function trialsTab(page) {
  const holder = h('div', null);
  const show = () =>
    refill(
      holder,
      page.by
        ? grid(page.found.map((one) => trialsChart(page, one)))
        : empty('The file holds no figures of its trials.'),
      trialsTable(page),
    );
  show();
  const options = page.offered.map((one) => [one, titleOf(page.metric(one))]);
  return [
    page.by
      ? controls('Charts', [
          choice('Metric', options, page.by, (value) => {
            page.by = value;
            show();
          }),
        ])
      : null,
    h('p', { className: 'soft' }, `Judged by ${page.boundTexts}.`),
    holder,
  ];
}
