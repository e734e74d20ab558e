// A run while it goes. Events come over Server-Sent Events from the server that handed out this
// page: "cells" has what stays, from its first event, "live" what changes. Nothing is asked of the
// run, so a browser more or less does not disturb it.
import { h, say } from './dom.js';
import { chart, forgetCharts, mountCharts } from './chart.js';
import { count, duration } from './format.js';
import { HEADLINE } from './compare.js';
import { metricFigure, table } from './table.js';

const MOST_POINTS = 1200; // ten minutes; older ones are dropped
const REDRAW_MS = 1000;

const SHOWN = [
  ['received_per_s', 'Deliveries per second', 'per_s', '#2f7fc1'],
  ['sockets_open', 'Open sockets', 'count', '#b8690f'],
];

function status(progress) {
  const share = progress.elapsed_s / (progress.elapsed_s + progress.remaining_s || 1);
  const bar = h('progress', { 'aria-label': 'Share of the run that is over' });
  bar.value = share;
  const figures = [
    `${count(progress.subscribed)} of ${count(progress.subscriptions)} subscribed`,
    `${count(progress.received_per_s)} deliveries a second`,
    `${count(progress.sockets_open)} sockets open`,
    progress.failed > 0 ? `${count(progress.failed)} failed` : null,
  ];
  return [
    h(
      'p',
      { className: 'answer' },
      `Cell ${progress.cell + 1} of ${progress.cells}: ${progress.name}, ${progress.phase}`,
    ),
    bar,
    h(
      'p',
      { className: 'soft' },
      `${duration(progress.elapsed_s * 1e9)} gone, about ` +
        `${duration(progress.remaining_s * 1e9)} left; ${figures.filter(Boolean).join(', ')}.`,
    ),
  ];
}

function cellsTable(state, cells) {
  const names = HEADLINE.filter((name) => cells.some(({ metrics }) => name in metrics));
  return cells.length === 0
    ? null
    : table({
        title: 'Cells that are done',
        heads: [
          'cell',
          ...names.map((name) => ({
            text: state.metric(name).title,
            about: state.metric(name).about,
          })),
        ],
        rows: cells.map((cell) => ({
          head: cell.label,
          cells: names.map((name) => metricFigure(state, name, cell.metrics[name])),
        })),
      });
}

export class LivePage {
  constructor({ view }) {
    this.metrics = new Map(view.metrics.map((metric) => [metric.name, metric]));
    this.exactly = false;
    this.top = h('div', { className: 'run' }, h('h1', null, 'Waiting for the run'));
    this.now = h('div', null);
    this.charts = h('div', { className: 'grid' });
    this.done = h('div', null);
    this.element = h('div', null, this.top, this.now, this.charts, this.done);
    this.reset();
  }

  metric(name) {
    return this.metrics.get(name);
  }

  reset() {
    this.cells = [];
    this.points = [];
    this.ended = false;
  }

  listen() {
    this.source('cells', (event) => this.onCells(event));
    this.source('live', (event) => this.onProgress(event));
    this.timer = setInterval(() => this.draw(), REDRAW_MS);
  }

  source(topic, take) {
    const source = new EventSource(`/sse/${topic}?after=0`);
    source.onmessage = ({ data }) => take(JSON.parse(data));
    // The server ends with the run: what was shown stays.
    source.onerror = () => {
      if (this.ended || source.readyState === EventSource.CLOSED) {
        source.close();
      }
    };
  }

  onCells(event) {
    if (event.kind === 'begin') {
      this.reset();
      this.now.replaceChildren();
      document.title = `pushbench live: ${event.scenario}`;
      this.top.replaceChildren(
        h('h1', null, event.scenario),
        h('p', { className: 'about' }, event.about),
        h('p', { className: 'soft' }, `${count(event.clients)} clients; ${event.cells.join(', ')}`),
      );
    } else if (event.kind === 'cell') {
      this.cells.push(event);
      this.drawCells();
      say(`${event.label} is done`);
    } else if (event.kind === 'end') {
      this.onEnd(event);
    }
  }

  onProgress(progress) {
    if (this.ended) {
      return;
    }
    this.points.push(progress);
    if (this.points.length > MOST_POINTS) {
      this.points.shift();
    }
    this.now.replaceChildren(...status(progress));
  }

  onEnd({ verdict, answer, report }) {
    this.ended = true;
    this.draw();
    this.now.replaceChildren(
      h('p', { className: 'answer' }, answer),
      h(
        'div',
        { className: `verdict ${verdict}` },
        h('p', null, h('strong', null, verdict.toUpperCase()), `: the whole is in ${report}`),
      ),
    );
  }

  drawCells() {
    this.done.replaceChildren(...[cellsTable(this, this.cells)].filter(Boolean));
  }

  // Not while someone reads values off a chart.
  draw() {
    if (this.points.length < 2 || this.charts.contains(document.activeElement)) {
      return;
    }
    if (this.ended) {
      clearInterval(this.timer);
    }
    forgetCharts();
    const xs = this.points.map((one) => one.elapsed_s);
    this.charts.replaceChildren(
      ...SHOWN.map(([name, title, unit, colour]) =>
        chart({
          id: `live-${name}`,
          title,
          height: 240,
          xs,
          x: { label: 'seconds since the run began', csv: 'elapsed_s', unit: 'seconds' },
          y: { label: '', unit, least: 1 },
          series: [{ label: title, colour, values: this.points.map((one) => one[name]) }],
        }),
      ),
    );
    mountCharts(this.charts);
  }

  // After a change of colours or of how figures are written.
  render() {
    this.drawCells();
    this.draw();
  }
}
