// Everything as it is: how to do it again, where it was measured, the scenario, every metric.
import { h } from './dom.js';
import { copyButton, fileName, saveButton } from './export.js';
import { duration } from './format.js';
import { section } from './panels.js';
import { metricFigure, table } from './table.js';

function environment(run, several) {
  const { result, view } = run;
  const rows = [
    ['measured', result.started],
    ['pushbench', `${result.tool.version} (${result.tool.git}), ${result.tool.build}`],
    ['server', view.server],
    ['seed', String(result.scenario.seed)],
    ['scenario hash', result.scenario.hash],
    ...Object.entries(result.environment),
  ];
  return table({
    title: several ? `Where and with what: ${run.letter}` : 'Where and with what',
    heads: ['what', 'value'],
    rows: rows.map(([key, value]) => ({ head: key, cells: [value] })),
  });
}

function again(run) {
  return h(
    'div',
    { className: 'again' },
    h(
      'pre',
      { tabIndex: 0, role: 'region', 'aria-label': 'Command' },
      h('code', null, run.result.command),
    ),
    h(
      'div',
      { className: 'tools' },
      copyButton('Copy', 'the command', () => run.result.command),
      saveButton(
        'result.json',
        'save the result',
        `${fileName(run.result.scenario.name)}-${fileName(run.result.started)}.json`,
        () => JSON.stringify(run.result, null, 2),
        'application/json',
      ),
    ),
  );
}

function scenarioText(run) {
  const { text } = run.result.scenario;
  return text
    ? h(
        'details',
        { open: true },
        h('summary', null, 'The scenario file'),
        h(
          'pre',
          { tabIndex: 0, role: 'region', 'aria-label': 'Scenario file' },
          h('code', null, text),
        ),
      )
    : null;
}

function allMetrics(state) {
  return section(
    'Every metric',
    'Absent figures were not measured, or are withheld.',
    table({
      title: 'Every metric',
      within: true,
      heads: ['metric', ...state.cells.map((cell) => cell.shown)],
      rows: state.view.metrics.map((metric) => ({
        head: h('span', { title: metric.about }, metric.name),
        cells: state.cells.map((cell) =>
          metricFigure(state, metric.name, cell.metrics[metric.name]),
        ),
      })),
    }),
  );
}

function exactTable(state) {
  const keys = [...new Set(state.cells.flatMap((cell) => Object.keys(cell.exact ?? {})))];
  return keys.length === 0
    ? null
    : section(
        'Exact probe',
        'One client in lock-step with the ' + 'publisher: the same in every run of one build.',
        table({
          title: 'Exact probe',
          within: true,
          heads: ['figure', ...state.cells.map((cell) => cell.shown)],
          rows: keys.map((key) => ({
            head: key,
            cells: state.cells.map(({ exact = {} }) => {
              const text = exact[key] === undefined ? '-' : String(exact[key]);
              return { text, exact: text, raw: exact[key] ?? '', absent: text === '-' };
            }),
          })),
        }),
      );
}

function floor(run) {
  const own = run.result.floor;
  return own
    ? h(
        'p',
        { className: 'soft' },
        `The tool's own floor when the run began: ${duration(own.latency_p50_ns)} at p50, ` +
          `${duration(own.latency_p99_ns)} at p99, and per delivery ` +
          `${duration(own.cost_ns_per_delivery)} of a processor.`,
      )
    : null;
}

export function raw(state) {
  return [
    state.runs.map((run) =>
      section(
        state.several ? `${run.letter}: do it again` : 'Do it again',
        '',
        again(run),
        floor(run),
        environment(run, state.several),
        scenarioText(run),
      ),
    ),
    state.cells.length ? allMetrics(state) : null,
    exactTable(state),
  ];
}
