// Connections: how many, in which states, how long they took to set up, how they ended.
import { besidePlan, grid, oneLine, percentileChart, section, timeChart, topic } from './panels.js';

const STATES = [
  ['server_established', 'established, server', 'established'],
  ['clients_established', 'established, clients', 'established'],
  ['server_time_wait', 'TIME_WAIT, server', 'timeWait'],
  ['clients_time_wait', 'TIME_WAIT, clients', 'timeWait'],
  ['server_close_wait', 'CLOSE_WAIT, server', 'closeWait'],
  ['clients_close_wait', 'CLOSE_WAIT, clients', 'closeWait'],
];
const COLOURS = { established: '#2f7fc1', timeWait: '#b8690f', closeWait: '#b3407f' };

function phaseMarks(cell) {
  const { warmup_s: warmup, measure_s: measure, drain_s: drain } = cell.phases ?? {};
  return [
    [warmup, 'warmup'],
    [measure, 'measure'],
    [drain, 'drain'],
  ]
    .filter(([at]) => Number.isFinite(at))
    .map(([at, label]) => ({ at, label }));
}

// Both ends of the sockets of a cell, by state: the server's are solid, the clients' dashed.
function censusChart(state, cell) {
  return timeChart(
    state,
    {
      id: `sockets/census-${cell.key.replace('/', '-')}`,
      title: cell.shown + (cell.invalid ? ' (invalid)' : ''),
      about: "By the kernel's count.",
      height: 210,
      marks: phaseMarks(cell),
      notes: [],
      y: { label: 'sockets', unit: 'count', least: 1 },
      lines: () =>
        STATES.map(([name, label, kind]) => ({
          label,
          colour: COLOURS[kind],
          dash: name.startsWith('clients') ? [6, 4] : [],
          values: (cell.series[name] ?? []).some((v) => v > 0) ? cell.series[name] : [],
        })),
    },
    [cell],
  );
}

function counted(cell) {
  return STATES.some(([name]) => (cell.series[name] ?? []).some((v) => v > 0));
}

export function socketsTab(state) {
  const cells = state.visible().filter(counted);
  return [
    grid(
      timeChart(state, {
        id: 'sockets/open',
        title: 'Open sockets over time',
        about: 'Connections of the clients.',
        height: 240,
        y: { label: 'sockets', unit: 'count' },
        lines: besidePlan(state, 'sockets_open', 'clients_planned', 'clients, by the plan'),
      }),
      timeChart(state, {
        id: 'sockets/time-wait',
        title: 'TIME_WAIT over time',
        about: 'Closed connections whose ports the kernel still holds.',
        height: 240,
        y: { label: 'sockets', unit: 'count', least: 1 },
        lines: oneLine('time_wait'),
      }),
    ),
    topic(state, 'sockets'),
    percentileChart(state, {
      id: 'sockets/set-up',
      title: 'Set-up time by percentile',
      about: 'From the start of a connect to the first answer or finished handshake.',
      curve: 'setup',
      draws: (cell) => cell.histograms.setup.count,
      height: 260,
      label: 'set-up',
    }),
    cells.length === 0
      ? null
      : section(
          'Census over time',
          'One chart a cell, with its phases. ' + 'The two ends of a connection are counted apart.',
          grid(cells.map((cell) => censusChart(state, cell))),
        ),
  ];
}
