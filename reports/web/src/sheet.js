// Any tables and charts that a program describes: {title, about?, sections: [{id, title, about?,
// charts?: [{id, title, about?, xs, x: {label, unit, log?}, y: {…}, series: [{label, values}]}],
// tables?: [{title, heads, rows: [{head, cells: [text or number]}]}]}]}. README.md beside this
// folder says what each means.
import { h } from './dom.js';
import { chart } from './chart.js';
import { exact, human } from './format.js';
import { theme } from './state.js';
import { grid, section } from './panels.js';
import { table } from './table.js';

const COLOURS = {
  light: ['#0063b2', '#b94a00', '#007a5e', '#9b2f8e', '#5f8500', '#6f45c4', '#8f6500', '#00838f'],
  dark: ['#5eb0ef', '#f5a04e', '#3fc7a0', '#e38bd3', '#b5d35c', '#b79df5', '#e3c35c', '#4dd0e1'],
};
const DASHES = [[], [7, 4], [2, 3]];

function sheetChart(spec) {
  const colours = COLOURS[theme()];
  return chart({
    dots: spec.xs.length <= 60,
    height: 260,
    ...spec,
    series: spec.series.map((one, i) => ({
      colour: colours[i % colours.length],
      dash: DASHES[Math.floor(i / colours.length) % DASHES.length],
      ...one,
    })),
  });
}

function sheetTable(spec, state) {
  return table({
    ...spec,
    rows: spec.rows.map((row) => ({
      ...row,
      cells: row.cells.map((value, i) => {
        const unit = spec.units?.[i] ?? 'count';
        return typeof value !== 'number'
          ? (value ?? '-')
          : {
              text: (state.exactly ? exact : human)(value, unit),
              exact: exact(value, unit),
              raw: value,
            };
      }),
    })),
  });
}

export function sheetParts(data, state) {
  return data.sections.map((part) => ({
    id: part.id,
    title: part.title,
    make: () => [
      section(
        part.title,
        part.about,
        grid((part.charts ?? []).map(sheetChart)),
        (part.tables ?? []).map((one) => sheetTable(one, state)),
      ),
    ],
  }));
}

export function sheetHead(data) {
  return [
    h(
      'section',
      { className: 'run' },
      h('h1', null, data.title),
      data.about ? h('p', { className: 'about' }, data.about) : null,
      data.answer ? h('p', { className: 'answer' }, data.answer) : null,
    ),
  ];
}
