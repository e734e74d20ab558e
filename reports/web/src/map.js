// The map of a sweep: a table of buttons, one a point. Colour, mark and name say which strategy is
// best there; arrow keys move, and what is pointed at or focused is told to `look(point, row)`.
import { breakable, h, svg } from './dom.js';
import { figure } from './format.js';
import { colourOf, shapePath } from './state.js';
import { leadText, reasonWithout, winnerOf } from './winner.js';

// Lead and alpha of the colour behind it; the text on top stays legible in both themes.
const STRENGTHS = [
  [1.05, '14'],
  [1.25, '24'],
  [2, '38'],
  [5, '4c'],
  [Infinity, '60'],
];

function alpha(winner) {
  const margin = winner.next ? winner.margin : Infinity;
  return STRENGTHS.find(([below]) => margin < below)?.[1] ?? STRENGTHS.at(-1)[1];
}

function mark(cell, colour) {
  return svg(
    'svg',
    { class: 'mark', viewBox: '0 0 12 12', 'aria-hidden': 'true' },
    svg('path', { d: shapePath(cell.shape, 6, 6, 4.2), fill: colour }),
  );
}

function content(sweep, point) {
  const winner = winnerOf(point, sweep.chosen);
  if (!winner) {
    return { grey: true, text: [h('span', { className: 'who' }, reasonWithout(point))] };
  }
  const cell = sweep.look.get(winner.cell);
  const grey = point.verdict === 'invalid';
  const colour = colourOf({ ...cell, invalid: grey });
  const lead = winner.tie ? `tie with ${winner.next}` : leadText(winner);
  return {
    grey,
    colour,
    tint: winner.tie || grey ? '' : colour + alpha(winner),
    text: [
      h('span', { className: 'who' }, mark(cell, colour), ' ', breakable(winner.cell)),
      h('span', { className: 'lead' }, grey ? `${lead}, invalid run` : lead),
      h(
        'span',
        { className: 'unseen' },
        `, ${sweep.title(sweep.by)} ${figure(sweep.chosen, winner.value, false)}` +
          (winner.next && !winner.tie ? `, ahead of ${winner.next}` : ''),
      ),
    ],
  };
}

// Arrow keys move over the map, Home and End to the ends of a row.
function moved(key, row, column, rows, columns) {
  const to = {
    ArrowRight: [row, column + 1],
    ArrowLeft: [row, column - 1],
    ArrowDown: [row + 1, column],
    ArrowUp: [row - 1, column],
    Home: [row, 0],
    End: [row, columns - 1],
  }[key];
  return to && to[0] >= 0 && to[0] < rows && to[1] >= 0 && to[1] < columns ? to : null;
}

export function mapOf(sweep, look) {
  const across = sweep.varied[sweep.across];
  const down = sweep.down < 0 ? { key: '', values: [''] } : sweep.varied[sweep.down];
  const buttons = down.values.map(() => []);
  let current = null;
  const enter = (row, column) => {
    const button = buttons[row][column];
    if (current === button) {
      return;
    }
    current?.classList.remove('looked');
    current?.setAttribute('tabindex', -1);
    current = button;
    current.classList.add('looked');
    current.setAttribute('tabindex', 0);
    look(sweep.at(row, column), row);
  };
  const make = (row, column) => {
    const { grey, colour, tint, text } = content(sweep, sweep.at(row, column));
    const button = h(
      'button',
      {
        type: 'button',
        className: grey ? 'place grey' : 'place',
        tabIndex: row + column === 0 ? 0 : -1,
        onmouseenter: () => enter(row, column),
        onfocus: () => enter(row, column),
        onclick: () => enter(row, column),
        onkeydown: (event) => {
          const to = moved(event.key, row, column, down.values.length, across.values.length);
          if (to) {
            event.preventDefault();
            buttons[to[0]][to[1]].focus();
          }
        },
      },
      text,
    );
    button.style.background = tint || '';
    button.style.borderLeftColor = colour ?? '';
    buttons[row][column] = button;
    return h('td', null, button);
  };
  const body = down.values.map((value, row) =>
    h(
      'tr',
      null,
      h('th', { scope: 'row' }, value),
      across.values.map((_, column) => make(row, column)),
    ),
  );
  current = buttons[0][0];
  current.classList.add('looked');
  return h(
    'div',
    { className: 'scroll map', role: 'group', 'aria-label': 'Map: move with the arrow keys' },
    h(
      'table',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          h(
            down.key ? 'th' : 'td',
            down.key ? { scope: 'col', rowSpan: 2 } : { rowSpan: 2 },
            down.key,
          ),
          h('th', { scope: 'colgroup', colSpan: across.values.length }, across.key),
        ),
        h(
          'tr',
          null,
          across.values.map((value) => h('th', { scope: 'col' }, value)),
        ),
      ),
      h('tbody', null, body),
    ),
  );
}
