// How late events arrive: by percentile, over time, across clients.
import { h } from './dom.js';
import { heatmap } from './heat.js';
import { grid, percentileChart, timeChart, topic, oneLine } from './panels.js';

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
