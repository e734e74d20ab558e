// A sweep: which strategy wins where over the values that were varied, and by how much. Two of the
// varied keys lie along the map, of the others the reader chooses a value. From sweep.json.
import { chart, linkTo, frame, refill } from './chart.js';
import { choice, controls } from './controls.js';
import { h, say } from './dom.js';
import { figureTools } from './export.js';
import { mapOf } from './map.js';
import { empty, section } from './panels.js';
import { readQuantity } from './quantity.js';
import { dressed } from './state.js';
import { metricFigure, table } from './table.js';
import { leadText, ratio, reasonWithout, timesText, winnerOf } from './winner.js';

const FIRST = ['latency_p99_ns', 'server_cpu_ns_per_delivery', 'bytes_per_delivery'];
const BESIDE = ['ip_bytes_per_delivery', 'latency_p50_ns', 'requests_per_delivery', 'lost'];
const WIDE = 8; // between the ends, from which an axis is logarithmic

const name = (point) => point.values.join(', ');

class Sweep {
  constructor({ view, study }) {
    Object.assign(this, study);
    this.exactly = false;
    this.metrics = new Map(view.metrics.map((one) => [one.name, one]));
    this.names = [...new Set(this.points.flatMap(({ cells }) => cells.map(({ cell }) => cell)))];
    this.look = dressed(this.names);
    const has = (metric) =>
      this.points.some(({ cells }) => cells.some((cell) => cell.metrics[metric] !== undefined));
    const ranked = view.metrics.filter((one) => one.better !== '' && has(one.name));
    const known = ranked.map((one) => one.name);
    this.offered = [...FIRST, ...known.filter((one) => !FIRST.includes(one))].filter((one) =>
      known.includes(one),
    );
    this.by = this.offered[0];
    // The first key goes down and the second across, as in the text report.
    this.down = this.varied.length > 1 ? 0 : -1;
    this.across = this.varied.length > 1 ? 1 : 0;
    this.held = this.varied.map(() => 0);
  }

  metric(one) {
    return this.metrics.get(one);
  }

  get chosen() {
    return this.metric(this.by);
  }

  // The point at a row and column, the other keys at what is held.
  at(row, column) {
    const places = this.varied.map((_, i) =>
      i === this.down ? row : i === this.across ? column : this.held[i],
    );
    return this.points[places.reduce((sum, at, i) => sum * this.varied[i].values.length + at, 0)];
  }

  title(one) {
    const { title, name: key } = this.metric(one);
    return key.startsWith('latency_p') ? `${title} latency` : title;
  }
}

function pointRows(sweep) {
  return sweep.points.map((point) => {
    const winner = winnerOf(point, sweep.chosen);
    const value = winner
      ? metricFigure(sweep, sweep.by, winner.value)
      : { text: '', exact: '', raw: '' };
    return {
      head: name(point),
      dim: point.verdict === 'invalid' || !winner,
      cells: [
        winner ? winner.cell : reasonWithout(point),
        value,
        winner?.next ?? '-',
        winner ? leadText(winner) : '',
        point.verdict || point.text,
      ],
    };
  });
}

function winnersTable(sweep) {
  return table({
    title: `Best by ${sweep.title(sweep.by)}`,
    heads: [
      sweep.varied.map(({ key }) => key).join(', '),
      'best',
      { text: sweep.title(sweep.by), raw: sweep.by, about: sweep.chosen.about },
      'ahead of',
      'by',
      'run',
    ],
    rows: pointRows(sweep),
  });
}

function csvRows(sweep) {
  const heads = [...sweep.varied.map(({ key }) => key), 'best', sweep.by, 'next', 'ratio', 'run'];
  return [
    heads,
    ...sweep.points.map((point) => {
      const winner = winnerOf(point, sweep.chosen);
      const rest = winner
        ? [winner.cell, winner.value, winner.next ?? '', winner.next ? winner.margin : '']
        : ['', '', '', ''];
      return [...point.values, ...rest, point.verdict || point.status];
    }),
  ];
}

// All that was measured at one point, the best by the chosen metric first.
function pointDetail(sweep, point) {
  const shown = [sweep.by, ...[...FIRST, ...BESIDE].filter((one) => one !== sweep.by)].filter(
    (one) => point.cells.some((cell) => cell.metrics[one] !== undefined),
  );
  const sign = sweep.chosen.better === 'more' ? -1 : 1;
  const rank = ({ sound, metrics }) =>
    sound && metrics[sweep.by] !== undefined ? sign * metrics[sweep.by] : Infinity;
  const sorted = [...point.cells].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
  const winner = winnerOf(point, sweep.chosen);
  const behind = (cell) => {
    const own = cell.metrics[sweep.by];
    return cell.sound && winner && own !== undefined ? timesText(ratio(own, winner.value)) : '-';
  };
  const title = sweep.varied.map(({ key }, i) => `${key} ${point.values[i]}`).join(', ');
  return [
    h('p', { className: 'looked-at' }, title, point.verdict ? `: run ${point.verdict}` : ''),
    point.text ? h('p', { className: 'soft' }, point.text) : null,
    point.cells.length
      ? table({
          title: `At ${title}`,
          within: true,
          heads: [
            'cell',
            'to the best',
            ...shown.map((one) => ({
              text: sweep.title(one),
              raw: one,
              about: sweep.metric(one).about,
            })),
          ],
          rows: sorted.map((cell) => ({
            head: cell.sound ? cell.cell : `${cell.cell} (lost events or did not finish)`,
            dim: !cell.sound,
            cells: [
              { text: behind(cell), exact: behind(cell), raw: behind(cell) },
              ...shown.map((one) => metricFigure(sweep, one, cell.metrics[one])),
            ],
          })),
        })
      : empty(`${reasonWithout(point)}.`),
  ];
}

function axisOf(varied) {
  const read = varied.values.map(readQuantity);
  const alike = read.every((one) => one && one.unit === read[0].unit);
  const at = alike ? read.map(({ value }) => value) : varied.values.map((_, i) => i + 1);
  const order = at.map((_, i) => i).sort((a, b) => at[a] - at[b]);
  const xs = order.map((i) => at[i]);
  const texts = new Map(order.map((i) => [at[i], varied.values[i]]));
  return {
    order,
    xs,
    x: {
      label: varied.key,
      unit: 'count',
      log: alike && xs[0] > 0 && xs.at(-1) / xs[0] >= WIDE,
      ticks: () => xs,
      tick: (x) => texts.get(x) ?? '',
      says: (x) => `${varied.key} ${texts.get(x) ?? x}`,
    },
  };
}

// The chosen metric of every strategy along the key that lies across.
function linesOf(sweep, row) {
  const { order, xs, x } = axisOf(sweep.varied[sweep.across]);
  const points = order.map((i) => sweep.at(row, i));
  const winners = points.map((point) => winnerOf(point, sweep.chosen));
  const marks = [];
  winners.forEach((after, i) => {
    const before = winners[i - 1];
    if (before && after && before.cell !== after.cell && !before.tie && !after.tie) {
      marks.push({ at: xs[i], label: `${after.cell} ahead` });
    }
  });
  const series = sweep.names.map((one) => ({
    cell: sweep.look.get(one),
    label: one,
    values: points.map((point) => {
      const cell = point.cells.find(({ cell: label }) => label === one);
      return cell?.sound && point.verdict !== 'invalid' ? (cell.metrics[sweep.by] ?? null) : null;
    }),
  }));
  const all = series.flatMap(({ values }) => values).filter((value) => value > 0);
  const where = sweep.varied.map(({ key, values }, i) =>
    i === sweep.across ? null : `${key} ${values[i === sweep.down ? row : sweep.held[i]]}`,
  );
  return chart({
    id: `lines/${sweep.by}`,
    title: `${sweep.title(sweep.by)} along ${sweep.varied[sweep.across].key}`,
    about: [...where.filter(Boolean), 'Points of invalid runs are left out.'].join('. '),
    dots: true,
    marks,
    xs,
    x,
    y: {
      label: sweep.title(sweep.by),
      unit: sweep.chosen.unit,
      log: all.length > 0 && Math.max(...all) / Math.min(...all) > 30,
    },
    series,
  });
}

function counted(sweep) {
  const wins = new Map();
  let open = 0;
  for (const point of sweep.points) {
    const winner = winnerOf(point, sweep.chosen);
    const label = winner && point.verdict !== 'invalid' ? (winner.tie ? '' : winner.cell) : null;
    if (label === null) {
      open += 1;
    } else {
      wins.set(label, (wins.get(label) ?? 0) + 1);
    }
  }
  const told = [...wins]
    .sort((a, b) => b[1] - a[1])
    .map(([cell, n]) => (cell ? `${cell} is best at ${n}` : `${n} are ties`));
  const rest = open ? [`${open} have no answer`] : [];
  const all = [...told, ...rest].join(', ');
  return `By ${sweep.title(sweep.by)}, of ${sweep.points.length} points: ${all}.`;
}

function mapFigure(sweep) {
  const detail = h('div', { className: 'detail' });
  let row = 0;
  const lines = h('div', null);
  const showLines = () => refill(lines, linesOf(sweep, row));
  const look = (point, r) => {
    refill(detail, pointDetail(sweep, point));
    if (r !== row) {
      row = r;
      showLines();
    }
  };
  const spec = {
    id: `map/${sweep.by}`,
    title: `Which strategy wins where, by ${sweep.title(sweep.by)}`,
    about:
      'The stronger the colour, the larger the lead over the next; below 1.05x they tie. ' +
      'Grey: no answer, or an invalid run.',
  };
  const map = mapOf(sweep, look);
  look(sweep.at(0, 0), 0);
  showLines();
  return [
    h('p', { className: 'answer' }, counted(sweep)),
    frame(spec, figureTools(spec.title, () => csvRows(sweep), linkTo(spec)), map, detail),
    lines,
    winnersTable(sweep),
  ];
}

// The address names the metric: "#map/latency_p99_ns".
function wanted(sweep) {
  const [tab, metric] = decodeURIComponent(location.hash.slice(1)).split('/');
  if (['map', 'lines'].includes(tab) && sweep.offered.includes(metric)) {
    sweep.by = metric;
  }
}

function mapTab(sweep) {
  if (!sweep.by) {
    return [empty('No point was measured yet.')];
  }
  wanted(sweep);
  const holder = h('div', null);
  const bar = h('div', null);
  const show = () => refill(holder, mapFigure(sweep));
  const keys = sweep.varied.map(({ key }, i) => [String(i), key]);
  const fill = () => {
    const place = (label, own, other) =>
      choice(label, keys, String(sweep[own]), (value) => {
        if (sweep[other] === Number(value)) {
          sweep[other] = sweep[own];
        }
        sweep[own] = Number(value);
        fill();
        show();
        bar.querySelectorAll('select')[own === 'across' ? 1 : 2].focus();
      });
    bar.replaceChildren(
      controls(
        'The map',
        choice(
          'Metric ',
          sweep.offered.map((one) => [one, sweep.title(one)]),
          sweep.by,
          (value) => {
            sweep.by = value;
            history.replaceState(null, '', `#map/${value}`);
            show();
            say(counted(sweep));
          },
        ),
        sweep.varied.length > 1 ? place('Across ', 'across', 'down') : null,
        sweep.varied.length > 1 ? place('Down ', 'down', 'across') : null,
        sweep.varied.map(({ key, values }, i) =>
          i === sweep.across || i === sweep.down
            ? null
            : choice(
                `${key} `,
                values.map((value, at) => [String(at), value]),
                String(sweep.held[i]),
                (at) => {
                  sweep.held[i] = Number(at);
                  show();
                },
              ),
        ),
      ),
    );
  };
  fill();
  show();
  return [bar, holder];
}

// One table of everything, for who wants to take it away.
function figuresTab(sweep) {
  const shown = [...FIRST, ...BESIDE].filter((one) =>
    sweep.points.some(({ cells }) => cells.some((cell) => cell.metrics[one] !== undefined)),
  );
  const rows = sweep.points.flatMap((point) =>
    point.cells.map((cell) => ({
      head: name(point),
      dim: !cell.sound || point.verdict === 'invalid',
      cells: [
        cell.cell,
        point.verdict,
        ...shown.map((one) => metricFigure(sweep, one, cell.metrics[one])),
      ],
    })),
  );
  return [
    section(
      'Every cell of every point',
      'Points that were not run are left out; the results themselves lie beside sweep.json.',
      rows.length
        ? table({
            title: 'Every cell of every point',
            within: true,
            heads: [
              sweep.varied.map(({ key }) => key).join(', '),
              'cell',
              'run',
              ...shown.map((one) => ({
                text: sweep.title(one),
                raw: one,
                about: sweep.metric(one).about,
              })),
            ],
            rows,
          })
        : empty('No point was measured yet.'),
    ),
  ];
}

export function sweepPage(data) {
  const sweep = new Sweep(data);
  const done = sweep.points.filter(({ status }) => status !== 'pending').length;
  return {
    title: `${sweep.scenario} over ${sweep.varied.map(({ key }) => key).join(', ')}`,
    state: sweep,
    head: () => [
      h(
        'section',
        { className: 'run' },
        h('h1', null, `${sweep.scenario}: a sweep`),
        h(
          'p',
          { className: 'about' },
          `${done} of ${sweep.points.length} points over ` +
            `${sweep.varied.map(({ key, values }) => `${key} (${values.length})`).join(', ')}.`,
        ),
      ),
    ],
    parts: [
      { id: 'map', title: 'Map', make: mapTab },
      { id: 'figures', title: 'Figures', make: figuresTab },
    ],
  };
}
