// A capacity search: the largest load that one server holds with each strategy, what gave out
// first, and every trial. The bounds can be changed in the page: what was measured is judged anew.
// From capacity.json.
import { chart, refill } from './chart.js';
import { controls, input } from './controls.js';
import { h } from './dom.js';
import { human } from './format.js';
import { AXES, judgeAnew, kneeOf, loadText, readBound, serversFor } from './knee.js';
import { section } from './panels.js';
import { readCount, readShare } from './quantity.js';
import { cellName, dressed } from './state.js';
import { table } from './table.js';
import { holdsText, intervalText, load, nameOf, trialsTab } from './trials.js';

const HEADROOM = '30 %';
const SPARE = '1';
const NO_FIGURE = { text: '-', exact: '-', raw: '', absent: true };
const NOT_SEARCHED = { ...NO_FIGURE, text: 'not searched', raw: 'not searched' };

class Capacity {
  constructor({ view, study }) {
    Object.assign(this, study);
    this.skipped = study.skipped ?? []; // absent in files of older versions
    this.exactly = false;
    this.metrics = new Map(view.metrics.map((one) => [one.name, one]));
    this.look = dressed([...new Set([...this.searches, ...this.skipped].map(({ cell }) => cell))]);
    const trials = this.searches.flatMap((one) => one.trials);
    const measured = trials.filter((one) => one.file !== '');
    this.bounds = this.slos.map((text) => ({ text, ...readBound(text, this.metrics) }));
    const readable = this.bounds.every(({ problem }) => !problem);
    this.editable = readable && measured.length > 0 && measured.every((one) => one.figures);
    this.wanted = { value: null, headroom: readShare(HEADROOM), spare: readCount(SPARE) };
    const named = this.bounds.filter(({ metric }) => metric).map(({ metric }) => metric.name);
    const shown = new Set(trials.flatMap((one) => Object.keys(one.figures?.metrics ?? {})));
    this.offered = [...new Set([...named, ...shown])].filter((one) => shown.has(one));
    this.by = this.offered[0];
    this.judge();
  }

  // As the file has it, until a bound is changed.
  judge() {
    this.found = this.searches.map((search) => {
      const changed = this.bounds.some((bound, i) => bound.text !== this.slos[i]);
      const trials = changed ? judgeAnew(search, this.bounds) : search.trials;
      return { search, trials, knee: kneeOf(search, trials) };
    });
  }

  metric(name) {
    return this.metrics.get(name);
  }

  get first() {
    return this.found.filter(({ search }) => !search.fixed_axis);
  }

  get boundTexts() {
    return this.bounds.map(({ text }) => text).join(' and ');
  }
}

function whyText(one) {
  const { search, knee } = one;
  const parts = [`${nameOf(search)}: ${intervalText(one)}.`];
  if (knee.because) {
    parts.push(`At ${loadText(search.axis, knee.because.load)}: ${knee.because.text}.`);
  }
  if (knee.byGenerator) {
    parts.push('The load generator gave out and not the server: what it holds may be more.');
  } else if (knee.impossible) {
    parts.push('This machine cannot make that load; the server may hold more.');
  }
  if (knee.staysDown !== undefined) {
    parts.push(
      knee.staysDown
        ? 'Right after an overload it did not hold this load again.'
        : 'It held this load again right after an overload.',
    );
  }
  if (!knee.resolved && knee.held !== undefined) {
    parts.push('The bounds are further apart than a finished search leaves them.');
  }
  return parts.join(' ');
}

function serversFigure({ wanted }, { knee }) {
  if (wanted.value === null || knee.held === undefined) {
    return NO_FIGURE;
  }
  const servers = serversFor(wanted.value, knee.held, wanted.headroom, wanted.spare);
  return {
    text: (knee.atLeast ? 'at most ' : '') + human(servers, 'count'),
    exact: String(servers),
    raw: servers,
  };
}

const countFigure = (n) => ({ text: String(n), exact: String(n), raw: n });

function answersTable(page) {
  const sized = page.wanted.value !== null;
  return table({
    title: 'What one server holds',
    within: true,
    heads: [
      'strategy',
      'holds',
      'fails at',
      ...(sized ? ['servers'] : []),
      'gave out',
      'sure',
      'trials',
    ],
    rows: [
      ...page.first.map((one) => ({
        head: cellName(page.look.get(one.search.cell)),
        cells: [
          { ...load(one.search.axis, one.knee.held), text: holdsText(one) },
          load(one.search.axis, one.knee.failed),
          ...(sized ? [serversFigure(page, one)] : []),
          one.knee.because?.cause ?? '-',
          one.knee.held === undefined ? '-' : one.knee.confirmed ? 'yes' : 'no',
          countFigure(one.trials.length),
        ],
      })),
      ...page.skipped.map(({ cell }) => ({
        head: cellName(page.look.get(cell)),
        dim: true,
        cells: [
          NOT_SEARCHED,
          NO_FIGURE,
          ...(sized ? [NO_FIGURE] : []),
          '-',
          '-',
          countFigure(0),
        ],
      })),
    ],
    lines: sized
      ? [
          'Servers: the load that is wanted over what one holds less the headroom, rounded up, ' +
            'and the spare ones. One server was measured; that many share a load evenly is taken ' +
            'for granted.',
        ]
      : [],
  });
}

function answerText(page) {
  const known = page.first.filter(({ knee }) => knee.held !== undefined);
  if (known.length === 0) {
    return `No strategy is known to hold any load while ${page.boundTexts}.`;
  }
  const best = known.reduce((a, b) => (b.knee.held > a.knee.held ? b : a));
  return (
    `While ${page.boundTexts}, one server holds most with ${best.search.cell}: ` +
    `${intervalText(best)}.`
  );
}

// The second load that a share of the first leaves room for. Its value in the scenario is where the
// first was searched: searches along the second begin with it over their share.
function frontierRows(page) {
  return page.first
    .map((one) => {
      const along = page.found.filter(
        ({ search }) => search.fixed_axis && search.cell === one.search.cell,
      );
      const reach = one.search.answer.held;
      const [next] = along;
      const own = next && reach ? next.search.start * (next.search.fixed / reach) : null;
      return { one, along, own };
    })
    .filter(({ along }) => along.length > 0);
}

function frontier(page) {
  const rows = frontierRows(page);
  if (rows.length === 0) {
    return [];
  }
  const [first, second] = page.axes;
  const points = rows.flatMap(({ one, along, own }) => [
    { cell: one.search.cell, x: one.knee.held, y: own, found: one },
    ...along.map((each) => ({
      cell: one.search.cell,
      x: each.search.fixed,
      y: each.knee.held,
      found: each,
    })),
  ]);
  const known = points.filter(({ x, y }) => x > 0 && y > 0);
  const xs = [...new Set(known.map(({ x }) => x))].sort((a, b) => a - b);
  return [
    section(
      'Both loads at once',
      `What a server holds of ${second} while it also has ${first}.`,
      chart({
        id: 'capacity/frontier',
        title: `${second} over ${first}`,
        height: 280,
        scatter: true,
        xs,
        x: {
          label: first,
          unit: AXES[first].unit,
          log: true,
          range: xs.length ? [xs[0] / 1.3, xs.at(-1) * 1.3] : undefined,
          says: (x) => loadText(first, x),
        },
        y: { label: second, unit: AXES[second].unit, log: true },
        series: rows.map(({ one }) => ({
          cell: page.look.get(one.search.cell),
          label: one.search.cell,
          values: xs.map(
            (x) => known.find((each) => each.cell === one.search.cell && each.x === x)?.y ?? null,
          ),
        })),
      }),
      table({
        title: 'Frontier',
        heads: ['strategy', first, second],
        rows: points.map(({ cell, x, y, found }) => ({
          head: cell,
          cells: found.search.fixed_axis
            ? [loadText(first, x), intervalText(found)]
            : [intervalText(found), y ? loadText(second, y) : '-'],
        })),
      }),
    ),
  ];
}

function answers(page) {
  return [
    h('p', { className: 'answer', role: 'status' }, answerText(page)),
    answersTable(page),
    page.found.map((one) => h('p', null, whyText(one))),
    page.skipped.map(({ cell, why }) => h('p', null, `${cell}: not searched: ${why}.`)),
    frontier(page),
  ];
}

function boundInputs(page, change) {
  if (!page.editable) {
    return [
      h(
        'p',
        { className: 'soft' },
        `Bounds: ${page.boundTexts}. The file holds no figures of its trials, so that they ` +
          'cannot be judged by others here.',
      ),
    ];
  }
  return page.bounds.map((bound, i) =>
    input('Bound', bound.text, (text) => {
      const read = readBound(text, page.metrics);
      if (read.problem) {
        return read.problem;
      }
      page.bounds[i] = read;
      page.judge();
      change();
      return null;
    }),
  );
}

function sizeInputs(page, change) {
  const axis = page.axes[0];
  if (axis === 'payload') {
    return [];
  }
  const take = (key, read, expected) => (text) => {
    const value = text.trim() === '' && key === 'value' ? null : read(text);
    if (value === null && text.trim() !== '') {
      return `Expected ${expected}.`;
    }
    page.wanted[key] = value;
    change();
    return null;
  };
  const share = (text) => {
    const value = readShare(text);
    return value !== null && value < 1 ? value : null;
  };
  const example = axis === 'clients' ? 'a number such as 100k' : 'a rate such as 5000/s';
  return [
    input(`Wanted ${axis}`, '', take('value', AXES[axis].read, example)),
    input('Headroom', HEADROOM, take('headroom', share, 'a share below 100 %, such as 30 %')),
    input('Spare servers', SPARE, take('spare', readCount, 'a whole number')),
  ];
}

function capacityTab(page) {
  const holder = h('div', null);
  const show = () => refill(holder, answers(page));
  show();
  return [
    controls('What a server must keep, and what is wanted', [
      boundInputs(page, show),
      sizeInputs(page, show),
    ]),
    holder,
  ];
}

export function capacityPage(data) {
  const page = new Capacity(data);
  const made = page.found.reduce((sum, { trials }) => sum + trials.length, 0);
  return {
    title: `${page.scenario}: what one server holds`,
    state: page,
    head: () => [
      h(
        'section',
        { className: 'run' },
        h('h1', null, `${page.scenario}: what one server holds`),
        h(
          'p',
          { className: 'about' },
          `Searched over ${page.axes.join(' and ')} with ${made} trials, while ` +
            `${page.slos.join(' and ')}.`,
        ),
      ),
    ],
    parts: [
      { id: 'capacity', title: 'Capacity', make: capacityTab },
      { id: 'trials', title: 'Trials', make: trialsTab },
    ],
  };
}
