// Many runs of one workload: where a series changed, then every metric along the runs. From what
// `pushbench history --format json` prints, made into a sheet.
import { human } from './format.js';
import { linearTicks } from './ticks.js';

const MOST_CHARTS = 24; // of changes, on one tab; all are in the table

// Units sit last in the names of metrics, before what they are per.
function unitOf(metric) {
  return /_ns(_|$)/.test(metric) ? 'ns' : /bytes/.test(metric) ? 'bytes' : 'count';
}

const wholeTicks = (low, high) => linearTicks(low, high).filter(Number.isInteger);
const key = (point) => `${point.started} ${point.file}`;
const day = (point) => `${point.commit} of ${point.started.slice(0, 10)}`;

// The runs of all series, in the order of their start.
function runsOf(series) {
  const runs = new Map(series.flatMap(({ points }) => points.map((one) => [key(one), one])));
  return [...runs.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, point]) => point);
}

function chartOf(id, title, about, series, runs) {
  const unit = unitOf(series[0].metric);
  const line = ({ cell, points }) => {
    const values = new Map(points.map((point) => [key(point), point.value]));
    return { label: cell, values: runs.map((run) => values.get(key(run)) ?? null) };
  };
  const lines = series.map(line);
  const all = lines.flatMap(({ values }) => values).filter((v) => v > 0);
  return {
    id,
    title,
    about,
    xs: runs.map((_, i) => i + 1),
    x: {
      label: 'run',
      unit: 'count',
      ticks: wholeTicks,
      says: (n) => `run ${n}, ${day(runs[n - 1])}`,
    },
    y: { label: '', unit, log: Math.max(...all) / Math.min(...all) > 30 },
    series: lines,
  };
}

function changeRow(series, change) {
  const unit = unitOf(series.metric);
  const { before, after } = change;
  const effect = before > 0 ? `${((after / before - 1) * 100).toFixed(1)} %` : '-';
  return {
    head: series.cell,
    cells: [
      series.metric,
      day(series.points[change.at]),
      human(before, unit),
      human(after, unit),
      effect,
      change.worse ? 'worse' : 'better',
      change.p.toPrecision(2),
      series.points[change.at].file,
    ],
  };
}

function changesPart(all, runs) {
  const changed = all.filter(({ changes }) => changes.length > 0);
  const position = new Map(runs.map((run, i) => [key(run), i + 1]));
  const charts = changed.slice(0, MOST_CHARTS).map((series, i) => ({
    ...chartOf(`changes/${i + 1}`, `${series.title}, ${series.cell}`, '', [series], runs),
    marks: series.changes.map((change) => ({
      at: position.get(key(series.points[change.at])),
      label: change.worse ? 'worse' : 'better',
    })),
  }));
  const rows = changed.flatMap((series) => series.changes.map((one) => changeRow(series, one)));
  return {
    id: 'changes',
    title: 'Changes',
    about: rows.length ? 'A mark stands where something new begins.' : 'No series changed.',
    charts,
    tables: rows.length
      ? [
          {
            title: 'Changes',
            heads: [
              'cell',
              'metric',
              'since',
              'before',
              'after',
              'effect',
              'which is',
              'p',
              'file',
            ],
            rows,
          },
        ]
      : [],
  };
}

export function historySheet(data) {
  const runs = runsOf(data.series);
  const metrics = [...new Set(data.series.map(({ metric }) => metric))];
  const worse = data.series.filter(({ changes }) => changes.some((one) => one.worse)).length;
  const parts = metrics.map((metric) => {
    const series = data.series.filter((one) => one.metric === metric);
    return {
      id: metric,
      title: series[0].title,
      charts: [chartOf(`${metric}/runs`, `${series[0].title} along the runs`, '', series, runs)],
    };
  });
  return {
    title: `${data.scenario}: ${data.runs} runs`,
    about: `${data.directory}; ${data.not_valid} more were not valid and are left out.`,
    answer: `${worse} of ${data.series.length} series got worse somewhere.`,
    sections: [changesPart(data.series, runs), ...parts],
  };
}
