// What the server pays, and whether the load was what the scenario asks for.
import { besidePlan, grid, oneLine, percentileChart, section, timeChart, topic } from './panels.js';
import { metricFigure, table } from './table.js';
import { cellName } from './state.js';
import { exact, human } from './format.js';

function plain(value, unit, state) {
  const some = Number.isFinite(value);
  return {
    text: some ? (state.exactly ? exact : human)(value, unit) : '-',
    exact: some ? exact(value, unit) : '-',
    raw: some ? value : '',
    absent: !some,
  };
}

// Our own part in it: what the generator used of the machine.
function generatorTable(state) {
  const rows = state.cells
    .filter((cell) => cell.generator?.workers > 0)
    .map((cell) => {
      const own = cell.generator;
      const window = cell.measure_s * 1e9;
      return {
        head: cellName(cell),
        dim: cell.invalid,
        cells: [
          plain(own.workers, 'count', state),
          plain(own.worker_cpu_ns / window / own.workers, 'share', state),
          plain(own.publisher_cpu_ns / window, 'share', state),
          plain(own.run_queue_wait_ns / window, 'share', state),
          plain(own.steal_share, 'share', state),
          metricFigure(state, 'publisher_lag_p99_ns', cell.metrics.publisher_lag_p99_ns),
          metricFigure(state, 'loop_lag_p99_ns', cell.metrics.loop_lag_p99_ns),
        ],
      };
    });
  return rows.length === 0
    ? null
    : section(
        'The generator',
        'What measuring took itself; shares ' + 'are of one processor over the measure phase.',
        table({
          title: 'Generator',
          within: true,
          heads: [
            'cell',
            'worker threads',
            'CPU of a worker',
            'CPU of the publisher',
            'wait for a processor',
            'stolen by the host',
            'publisher lag p99',
            'loop lag p99',
          ],
          rows,
        }),
      );
}

function small(state, id, title, about, name, unit, label, tight, lines = oneLine(name)) {
  return timeChart(state, {
    id: `resources/${id}`,
    title,
    about,
    height: 240,
    y: { label, unit, tight },
    lines,
  });
}

export function resources(state) {
  return [
    topic(state, 'cost'),
    topic(state, 'server'),
    grid(
      small(
        state,
        'cpu',
        'Server CPU over time',
        '100 % is one processor.',
        'server_cpu_share',
        'share',
        'CPU',
      ),
      small(
        state,
        'memory',
        'Server memory over time',
        'Resident; the axis does not begin at 0.',
        'server_memory_bytes',
        'bytes',
        'memory',
        true,
      ),
      small(
        state,
        'received',
        'Deliveries per second',
        'As they arrived.',
        'received_per_s',
        'per_s',
        'deliveries',
      ),
      small(
        state,
        'published',
        'Events published per second',
        'What the load was, beside what fell due.',
        'published_per_s',
        'per_s',
        'events',
        false,
        besidePlan(state, 'published_per_s', 'offered_per_s', 'due, by the plan'),
      ),
      small(
        state,
        'queues',
        'Kernel buffers',
        'Memory in the buffers of all sockets of the cell.',
        'socket_memory_bytes',
        'bytes',
        'memory',
      ),
      small(
        state,
        'server-queue',
        'Server queues',
        "Bytes that the server's sockets hold unsent, unacknowledged or unread.",
        'server_queue_bytes',
        'bytes',
        'bytes',
      ),
    ),
    grid(
      percentileChart(state, {
        id: 'resources/loop-lag',
        title: 'Loop lag',
        about: 'How late the timers of the client threads fired.',
        curve: 'loop_lag',
        draws: (cell) => cell.histograms.loop_lag.count,
        height: 240,
        label: 'lag',
      }),
      percentileChart(state, {
        id: 'resources/publisher-lag',
        title: 'Publisher lag',
        about: 'How late events were written: sent − due.',
        curve: 'publisher_lag',
        draws: (cell) => cell.histograms.publisher_lag.count,
        height: 240,
        label: 'lag',
      }),
    ),
    generatorTable(state),
  ];
}
