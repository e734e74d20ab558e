// What the page shows: the runs and their cells, which of them are on, and how they are drawn. A
// cell has one colour in every chart, by its strategy; runs and repeats differ by dash.
import { breakable, h, svg } from './dom.js';

// Each at least 3:1 against the ground of its theme, and told apart by the colour-blind; variants
// of one strategy are neighbours and differ by dash as well.
const COLOURS = {
  light: {
    polling: ['#0063b2', '#2e8fcf', '#35597d'],
    'long-polling': ['#b94a00', '#8f6500', '#d0611f'],
    streaming: ['#007a5e', '#5f8500', '#00838f'],
    websocket: ['#9b2f8e', '#6f45c4', '#c2377a'],
    other: ['#4d5561', '#7a5c3e', '#5d6b2f'],
  },
  dark: {
    polling: ['#5eb0ef', '#a3d4ff', '#7f9fc4'],
    'long-polling': ['#f5a04e', '#e3c35c', '#ff8a65'],
    streaming: ['#3fc7a0', '#b5d35c', '#4dd0e1'],
    websocket: ['#e38bd3', '#b79df5', '#ff8ab5'],
    other: ['#aab4c0', '#d0b090', '#c0cf8a'],
  },
};
const GREY = { light: '#767d86', dark: '#8b939c' };
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [14, 4], [4, 4, 1, 4]];
const SHAPES = { polling: 'square', 'long-polling': 'triangle', streaming: 'diamond' };
const MAX_CELLS_SHOWN = 12; // more at once and no chart can be read

export function letter(index) {
  return index < 26 ? String.fromCharCode(65 + index) : `R${index + 1}`;
}

function invalidLabels(result) {
  return new Set(
    result.validity.caveats.filter((c) => c.severity === 'invalid').map((c) => c.cell),
  );
}

// Streaming has its two encodings in fixed places; others are numbered as they come.
function variantOf(cell, seen) {
  const family = COLOURS.light[cell.strategy] ? cell.strategy : 'other';
  if (family === 'streaming') {
    return { family, variant: cell.options?.encoding === 'sse' ? 1 : 0 };
  }
  const names = seen.get(family) ?? seen.set(family, []).get(family);
  if (!names.includes(cell.name)) {
    names.push(cell.name);
  }
  return { family, variant: names.indexOf(cell.name) };
}

// Cells of which nothing but the name is known, dressed as those of a run are.
export function dressed(names) {
  const seen = new Map();
  const cells = names.map((name) => {
    const options = { encoding: name.startsWith('streaming/sse') ? 'sse' : 'chunked' };
    const of = variantOf({ strategy: name.split(/[/,]/)[0], name, options }, seen);
    const dash = DASHES[of.variant % DASHES.length];
    return { ...of, name, shown: name, dash, shape: SHAPES[of.family] ?? 'circle' };
  });
  return new Map(cells.map((cell) => [cell.name, cell]));
}

export class State {
  constructor({ view, results }) {
    this.view = view;
    this.metrics = new Map(view.metrics.map((metric) => [metric.name, metric]));
    this.exactly = false;
    this.runs = results.map((result, index) => ({
      index,
      letter: letter(index),
      result,
      view: view.runs[index],
    }));
    this.cells = this.runs.flatMap((run) => this.cellsOf(run));
    this.mark();
    const sound = this.cells.filter((cell) => !cell.invalid);
    (sound.length ? sound : this.cells).slice(0, MAX_CELLS_SHOWN).forEach((cell) => {
      cell.on = true;
    });
  }

  cellsOf(run) {
    const invalid = invalidLabels(run.result);
    return run.result.cells.map((cell, i) => {
      const label = run.view.cells[i].label;
      return {
        ...cell,
        run,
        label,
        key: `${run.index}/${i}`,
        name: cell.name,
        curves: run.view.cells[i].curves,
        heat: run.view.cells[i].heat,
        invalid: invalid.has(label) || invalid.has(''),
        on: false,
      };
    });
  }

  mark() {
    const several = this.runs.length > 1;
    const repeated = several || this.cells.some((cell) => cell.repeat > 0);
    const seen = new Map();
    for (const cell of this.cells) {
      Object.assign(cell, variantOf(cell, seen));
      cell.shown = several ? `${cell.run.letter} ${cell.label}` : cell.label;
      const nth = repeated ? cell.run.index + cell.repeat : cell.variant;
      cell.dash = DASHES[nth % DASHES.length];
      cell.shape = SHAPES[cell.family] ?? 'circle';
    }
  }

  get several() {
    return this.runs.length > 1;
  }

  visible() {
    return this.cells.filter((cell) => cell.on);
  }

  leftOut() {
    return this.cells.filter((cell) => !cell.on && cell.invalid);
  }

  metric(name) {
    return this.metrics.get(name);
  }
}

export function theme() {
  return document.documentElement.dataset.theme;
}

export function colourOf(cell) {
  const colours = COLOURS[theme()][cell.family];
  return cell.invalid ? GREY[theme()] : colours[cell.variant % colours.length];
}

export function shapePath(shape, x, y, r) {
  const d = r * 1.2; // of a diamond, to look as large as the others
  switch (shape) {
    case 'square':
      return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`;
    case 'triangle':
      return `M${x} ${y - r}l${r} ${2 * r}h${-2 * r}z`;
    case 'diamond':
      return `M${x} ${y - d}l${d} ${d}l${-d} ${d}l${-d} ${-d}z`;
    default:
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  }
}

// A sample of a line, with the shape that stands for the strategy.
export function swatch(cell) {
  const colour = colourOf(cell);
  return svg(
    'svg',
    { class: 'swatch', viewBox: '0 0 26 12', 'aria-hidden': 'true' },
    svg('path', {
      d: 'M0 6h26',
      stroke: colour,
      'stroke-width': 2,
      fill: 'none',
      'stroke-dasharray': cell.dash.join(' '),
    }),
    svg('path', {
      d: shapePath(cell.shape, 13, 6, 3.4),
      fill: cell.hollow ? 'none' : colour,
      stroke: colour,
    }),
  );
}

export function cellName(cell) {
  return h(
    'span',
    { className: cell.invalid ? 'cell invalid' : 'cell' },
    swatch(cell),
    ' ',
    breakable(cell.shown),
    cell.invalid ? ' (invalid)' : '',
  );
}
