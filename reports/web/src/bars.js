// Bars and dots, one row a cell, as elements: they stretch with the page and are read as text.
import { h } from './dom.js';
import { figureTools } from './export.js';
import { exact, human } from './format.js';
import { frame } from './chart.js';
import { cellName, colourOf } from './state.js';
import { log10 } from './ticks.js';

const LOG_BEYOND = 30; // largest over smallest, where a linear axis hides the small ones

// Where a value stands between the ends, 0 to 1.
function placer(values) {
  const positive = values.filter((v) => v > 0);
  const high = Math.max(...values, 0);
  const low = Math.min(...positive);
  if (positive.length > 1 && high / low > LOG_BEYOND) {
    const from = log10(low) - 0.15;
    const span = log10(high) - from;
    return { log: true, place: (v) => (v > 0 ? (log10(v) - from) / span : 0) };
  }
  return { log: false, place: (v) => (high > 0 ? v / high : 0) };
}

// One metric of every cell: a dot, and a mark where closed forms expect it. Rows that have no
// figure say why.
export function dots(state, spec) {
  const metric = state.metric(spec.metric);
  const rows = spec.cells.map((cell) => ({
    cell,
    value: cell.metrics[spec.metric],
    predicted: cell.predicted?.[spec.metric],
  }));
  const values = rows
    .flatMap((row) => [row.value, row.predicted?.mean])
    .filter((v) => Number.isFinite(v));
  if (values.length === 0) {
    return null;
  }
  const { log, place } = placer(values);
  const about = `${metric.about}${log ? ' Logarithmic.' : ''}`;
  const list = rows.map(({ cell, value, predicted }) => {
    const track = h('span', { className: 'track' });
    if (Number.isFinite(value)) {
      const bar = h('span', { className: log ? 'dot' : 'bar' });
      bar.style[log ? 'left' : 'width'] = `${Math.max(0.4, place(value) * 100)}%`;
      bar.style.background = colourOf(cell);
      track.append(bar);
    }
    if (predicted) {
      const mark = h('span', {
        className: 'expected',
        title: `predicted ${human(predicted.mean, metric.unit)}`,
      });
      mark.style.left = `${Math.min(100, place(predicted.mean) * 100)}%`;
      track.append(mark);
    }
    const text =
      value === undefined ? (metric.quantile > 0 ? 'n too small' : '-') : human(value, metric.unit);
    return h(
      'li',
      null,
      cellName(cell),
      track,
      h(
        'span',
        {
          className: 'value',
          title: value === undefined ? undefined : exact(value, metric.unit),
        },
        text,
      ),
    );
  });
  const csv = () => [
    ['cell', metric.name, 'predicted'],
    ...rows.map((row) => [row.cell.shown, row.value ?? '', row.predicted?.mean ?? '']),
  ];
  return frame(
    { ...spec, about },
    figureTools(spec.title, csv),
    h('ul', { className: 'rows' }, list),
  );
}

// Layers of a whole, one bar a row: {title, about, unit, layers: [{key, label}], rows: [{cell,
// parts: {key: value}, total, predicted}]}
export function stacks(spec) {
  const most = Math.max(...spec.rows.flatMap((row) => [row.total, row.predicted?.high ?? 0]));
  const list = spec.rows.map((row) => {
    const track = h('span', { className: 'track tall' });
    let from = 0;
    for (const { key, label } of spec.layers) {
      const value = row.parts[key] ?? 0;
      if (value > 0) {
        const part = h('span', {
          className: `part ${key}`,
          title: `${label} ${exact(value, spec.unit)}`,
        });
        part.style.left = `${(from / most) * 100}%`;
        part.style.width = `${(value / most) * 100}%`;
        track.append(part);
        from += value;
      }
    }
    if (row.predicted) {
      const mark = h('span', {
        className: 'expected',
        title: `predicted ${human(row.predicted.mean, spec.unit)}`,
      });
      mark.style.left = `${(row.predicted.mean / most) * 100}%`;
      track.append(mark);
    }
    const parts = spec.layers
      .filter(({ key }) => row.parts[key] > 0)
      .map(({ key, label }) => `${label} ${human(row.parts[key], spec.unit)}`)
      .join(', ');
    return h(
      'li',
      null,
      cellName(row.cell),
      track,
      h('span', { className: 'value' }, human(row.total, spec.unit)),
      h('span', { className: 'parts' }, parts),
    );
  });
  const csv = () => [
    ['cell', ...spec.layers.map(({ label }) => label), 'all', 'predicted'],
    ...spec.rows.map((row) => [
      row.cell.shown,
      ...spec.layers.map(({ key }) => row.parts[key] ?? ''),
      row.total,
      row.predicted?.mean ?? '',
    ]),
  ];
  return frame(
    spec,
    figureTools(spec.title, csv),
    h(
      'ul',
      { className: 'keys', 'aria-hidden': 'true' },
      spec.layers.map(({ key, label }) =>
        h('li', null, h('span', { className: `key ${key}` }), ' ', label),
      ),
    ),
    h('ul', { className: 'rows' }, list),
  );
}
