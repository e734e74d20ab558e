// Every event that every client should have got, and the accounts that must balance.
import { exact, human } from './format.js';
import { cellName } from './state.js';
import { section, topic } from './panels.js';
import { table } from './table.js';

function number(value, state) {
  return {
    text: (state.exactly ? exact : human)(value, 'count'),
    exact: exact(value, 'count'),
    raw: value,
  };
}

// The three accounts of harness/result/accounts.h: each side is counted by itself.
const ACCOUNTS = [
  [
    'deliveries',
    'expected',
    ['delivered', 'lost', 'in_flight'],
    'expected = delivered + lost + in flight',
  ],
  [
    'requests',
    'requests_sent',
    ['requests_answered', 'requests_failed', 'requests_open_at_end'],
    'sent = answered + failed + open at the end',
  ],
  [
    'sockets',
    'sockets_opened',
    ['sockets_closed_well', 'sockets_cut', 'sockets_open_at_end'],
    'opened = closed well + cut + open at the end',
  ],
];

function account(state, [title, whole, parts, equation]) {
  const heads = ['cell', whole, ...parts].map((name) => name.replaceAll('_', ' '));
  return table({
    title: `Account of ${title}: ${equation}`,
    heads: [...heads, 'balances'],
    rows: state.cells.map((cell) => {
      const figures = [whole, ...parts].map((name) => cell.counters[name] ?? 0);
      const [sum, ...rest] = figures;
      const balances = sum === rest.reduce((a, b) => a + b, 0) ? 'yes' : 'no';
      return {
        head: cellName(cell),
        dim: cell.invalid,
        cells: [
          ...figures.map((v) => number(v, state)),
          {
            text: balances,
            exact: balances,
            raw: balances,
            mark: balances === 'no' ? 'crossed' : '',
          },
        ],
      };
    }),
  });
}

function faultsTable(state) {
  const rows = state.cells.flatMap((cell) =>
    Object.entries(cell.faults ?? {}).flatMap(([kind, byClass]) =>
      Object.entries(byClass).map(([name, times]) => ({
        head: cellName(cell),
        dim: cell.invalid,
        cells: [number(times, state), kind, name],
      })),
    ),
  );
  return rows.length === 0
    ? null
    : section(
        'Faults',
        'Connects and requests that failed, and ' + 'connections that were cut, by class.',
        table({
          within: true,
          title: 'Faults',
          heads: ['cell', 'times', 'what', 'class'],
          rows,
        }),
      );
}

export function audit(state) {
  return [
    topic(state, 'audit'),
    section(
      'Accounts',
      'Each side is counted by itself; where they differ, the tool is wrong.',
      ACCOUNTS.map((one) => account(state, one)),
    ),
    faultsTable(state),
  ];
}
