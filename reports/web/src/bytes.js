// What a delivery weighs, layer by layer, and what closed forms say it should.
import { h } from './dom.js';
import { stacks } from './bars.js';
import { exact, figure, human } from './format.js';
import { cellName } from './state.js';
import { leftOut, section, topic } from './panels.js';
import { table } from './table.js';

const LAYERS = [
  { key: 'payload', label: 'payload' },
  { key: 'framing', label: 'framing' },
  { key: 'head', label: 'HTTP heads' },
  { key: 'ip', label: 'TCP/IP heads and acknowledgements' },
];
// A measured mean and a prediction that are the same may differ in the last digits.
const ROUNDING = 1e-9;

function partsOf(cell) {
  const all = cell.metrics.bytes_per_delivery;
  const ip = cell.metrics.ip_bytes_per_delivery;
  const parts = {
    payload: cell.metrics.payload_bytes_per_delivery,
    framing: cell.metrics.framing_bytes_per_delivery,
    head: cell.metrics.head_bytes_per_delivery,
  };
  if (ip !== undefined && ip > all) {
    parts.ip = ip - all;
  }
  const total = (parts.ip ?? 0) + all;
  return all === undefined
    ? null
    : {
        cell,
        parts,
        total,
        predicted: cell.predicted?.[parts.ip ? 'ip_bytes_per_delivery' : 'bytes_per_delivery'],
      };
}

function inside(predicted, measured) {
  const slack = ROUNDING * Math.abs(predicted.mean);
  return measured >= predicted.low - slack && measured <= predicted.high + slack;
}

function value(state, metric, number) {
  return {
    text: figure(metric, number, state.exactly),
    exact: figure(metric, number, true),
    raw: number ?? '',
  };
}

function predictedRow(state, cell, metric) {
  const { mean, low, high } = cell.predicted[metric.name];
  const measured = cell.metrics[metric.name];
  const residual = measured === undefined ? undefined : measured - mean;
  const size = residual === undefined ? '-' : human(Math.abs(residual), metric.unit);
  const sign = residual < 0 ? '−' : '+';
  return {
    head: cellName(cell),
    dim: cell.invalid,
    cells: [
      value(state, metric, measured),
      value(state, metric, mean),
      value(state, metric, low),
      value(state, metric, high),
      {
        text: residual ? sign + size : size,
        exact: residual === undefined ? '-' : exact(residual, metric.unit),
        raw: residual ?? '',
      },
      {
        text:
          measured === undefined
            ? '-'
            : inside(cell.predicted[metric.name], measured)
              ? 'yes'
              : 'no',
        exact: '',
        raw:
          measured === undefined
            ? ''
            : inside(cell.predicted[metric.name], measured)
              ? 'yes'
              : 'no',
      },
    ].map((one) => ({ ...one, exact: one.exact || one.text })),
  };
}

// Most readers ask for these; the others fold.
const FIRST = new Set(['latency_mean_ns', 'bytes_per_delivery']);

function predictedTables(state) {
  const made = (wanted) =>
    state.view.metrics
      .filter(wanted)
      .map((metric) => {
        const cells = state.cells.filter((cell) => cell.predicted?.[metric.name]);
        const title = metric.name.startsWith('latency_') ? `${metric.title} latency` : metric.title;
        return cells.length === 0
          ? null
          : table({
              title: `Measured and predicted: ${title}`,
              heads: ['cell', 'measured', 'predicted', 'low', 'high', 'residual', 'inside'],
              rows: cells.map((cell) => predictedRow(state, cell, metric)),
            });
      })
      .filter(Boolean);
  const first = made(({ name }) => FIRST.has(name));
  const others = made(({ name }) => !FIRST.has(name));
  return first.length + others.length === 0
    ? null
    : section(
        'Measured and predicted',
        'What closed forms say of the scenario; the time that processors need is not in them. ' +
          'Low to high holds 99 runs of 100.',
        first,
        others.length === 0
          ? null
          : h('details', null, h('summary', null, `${others.length} more metrics`), others),
      );
}

export function bytesTab(state) {
  const rows = state.visible().map(partsOf).filter(Boolean);
  return [
    rows.length === 0
      ? null
      : stacks({
          id: 'bytes/layers',
          title: 'Bytes per delivery, by layer',
          about:
            'Both directions, up to the IP level where the kernel counted it. ' +
            'The tick is what closed forms expect of the whole.',
          notes: leftOut(state),
          unit: 'bytes',
          layers: LAYERS,
          rows,
        }),
    topic(state, 'bytes'),
    topic(state, 'bytes-in-all'),
    topic(state, 'network'),
    predictedTables(state),
  ];
}
