// The answer, and beside it whether it may be believed: above the tabs, so always in sight.
import { h } from './dom.js';
import { cellName } from './state.js';

const OPEN_UP_TO = 3; // reasons that are spelled out at once; more fold into a line

function grouped(caveats) {
  const groups = new Map();
  for (const caveat of caveats) {
    const key = `${caveat.severity} ${caveat.id}`;
    const group = groups.get(key) ?? groups.set(key, { ...caveat, lines: [] }).get(key);
    group.lines.push(caveat.cell ? `${caveat.cell}: ${caveat.text}` : caveat.text);
  }
  return [...groups.values()];
}

function caveatList(groups) {
  return h(
    'dl',
    null,
    groups.map((group) => [
      h('dt', null, group.id, ' ', h('span', { className: 'soft' }, `(${group.severity})`)),
      h(
        'dd',
        null,
        h(
          'ul',
          null,
          group.lines.map((line) => h('li', null, line)),
        ),
        h('p', { className: 'soft' }, group.remedy),
      ),
    ]),
  );
}

function thresholds(run) {
  const summary = run.view.threshold_summary;
  const crossed = run.result.thresholds.some((one) => one.crossed);
  return summary
    ? h(
        'p',
        null,
        h(
          'a',
          { href: '#compare/thresholds', className: crossed ? 'crossed' : undefined },
          summary,
        ),
      )
    : null;
}

const RANK = { valid: 0, suspect: 1, invalid: 2 };

// In sight while one scrolls. A narrow page has room for the worst alone.
export function badge(state) {
  const ranks = state.runs.map((run) => RANK[run.result.validity.verdict]);
  const worst = ranks.indexOf(Math.max(...ranks));
  const words = state.runs.map(({ index, letter, result: { validity } }) =>
    h(
      'span',
      { className: `badge ${validity.verdict}${index === worst ? ' worst' : ''}` },
      state.several ? `${letter} ` : '',
      validity.verdict.toUpperCase(),
    ),
  );
  return h(
    'button',
    {
      type: 'button',
      className: 'badges',
      'aria-label': 'To the verdict',
      onclick: () => window.scrollTo(0, 0),
    },
    words,
  );
}

function box(run, several) {
  const { verdict, caveats } = run.result.validity;
  const [word, ...rest] = run.view.verdict.split(':');
  const doubts = grouped(caveats.filter((one) => one.severity !== 'note'));
  const notes = grouped(caveats.filter((one) => one.severity === 'note'));
  const ids = doubts.map((one) => `${one.id} (${one.lines.length})`).join(', ');
  const folded = (summary, groups, open) =>
    groups.length === 0
      ? null
      : h('details', { open }, h('summary', null, summary), caveatList(groups));
  return h(
    'div',
    { className: `verdict ${verdict}` },
    h('p', null, several ? `${run.letter} ` : '', h('strong', null, word), `:${rest.join(':')}`),
    thresholds(run),
    folded(`Reasons: ${ids}`, doubts, doubts.length <= OPEN_UP_TO && !several),
    folded(`Notes: ${notes.map((one) => one.id).join(', ')}`, notes, false),
  );
}

function head(run, state) {
  const { scenario, started } = run.result;
  const title = state.several
    ? [h('span', { className: 'letter' }, run.letter), ' ', scenario.name]
    : scenario.name;
  return [
    h(state.several ? 'h2' : 'h1', null, title),
    scenario.about ? h('p', { className: 'about' }, scenario.about) : null,
    h(
      'p',
      { className: 'soft' },
      `${run.view.workload} · `,
      h('span', { className: 'when' }, started),
    ),
  ];
}

export function verdicts(state) {
  return state.runs.map((run) =>
    h(
      'section',
      {
        className: 'run',
        'aria-label': `Answer and validity of ${run.letter}`,
      },
      head(run, state),
      h('p', { className: 'answer' }, run.view.answer),
      box(run, state.several),
    ),
  );
}

// Which cells the charts show. `changed` is called after a click.
export function chooser(state, changed) {
  const inputs = state.cells.map((cell) =>
    h('input', {
      type: 'checkbox',
      checked: cell.on,
      onchange: (event) => {
        cell.on = event.target.checked;
        changed();
      },
    }),
  );
  const turn = (label, on) =>
    h(
      'button',
      {
        type: 'button',
        className: 'quiet',
        onclick: () => {
          state.cells.forEach((cell, i) => {
            cell.on = on(cell);
            inputs[i].checked = cell.on;
          });
          changed();
        },
      },
      label,
    );
  return h(
    'fieldset',
    { className: 'chooser' },
    h('legend', null, 'Cells in the charts'),
    state.cells.map((cell, i) =>
      h('label', { className: cell.invalid ? 'chip invalid' : 'chip' }, inputs[i], cellName(cell)),
    ),
    state.cells.length > 2
      ? [turn('all valid', (cell) => !cell.invalid), turn('none', () => false)]
      : null,
  );
}
