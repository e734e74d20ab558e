// Which strategy for a workload: what is asked can be changed, and ranking, costs and crossovers
// follow. From the JSON of `pushbench advise`.
import { chart, refill } from './chart.js';
import { choice, controls, input, tick } from './controls.js';
import { h } from './dom.js';
import { exact, human } from './format.js';
import { ranking, sayings, shortDuration, twoDigits } from './advice.js';
import { needsOf } from './needs.js';
import { section } from './panels.js';
import { readCount, readDuration, readRate, readSize } from './quantity.js';
import { cellName, dressed } from './state.js';
import { table } from './table.js';

const STEPS = 24; // of the chart along the rate, each way a factor of 100
const REACH = 2;
const FAMILIES = [
  'polling',
  'polling,new-connection',
  'long-polling',
  'streaming/sse',
  'streaming/chunked',
  'websocket',
];
const always = /^(polls with a connection each|a browser opens at most)/;

class Chooser {
  constructor({ study }) {
    this.study = study;
    this.exactly = false;
    this.needs = needsOf(study);
    this.look = dressed(FAMILIES);
  }

  dressed(option) {
    const { cell } = option;
    return { ...this.look.get(cell.family), name: cell.name, shown: cell.name };
  }
}

function answerText(options) {
  const [best] = options;
  if (!best?.fits) {
    return 'No strategy fits: each has an objection below.';
  }
  const ties = [];
  for (const one of options.slice(1)) {
    if (!one.tie) {
      break;
    }
    ties.push(one.cell.family);
  }
  const share = twoDigits(best.share);
  return (
    `${best.cell.name}: it takes ${share} of a server, of which the ${best.scarcest} is ` +
    `scarcest.${ties.length ? ` Within a tenth of it: ${ties.join(', ')}.` : ''}`
  );
}

function optionsTable(page, options) {
  const figure = (value, unit) => ({
    text: (page.exactly ? exact : human)(value, unit),
    exact: exact(value, unit),
    raw: value,
  });
  const small = (value) => {
    const all = figure(value, 'count');
    return page.exactly ? all : { ...all, text: twoDigits(value) };
  };
  return table({
    title: 'Strategies',
    heads: [
      'strategy',
      'fits',
      { text: 'servers', about: 'Share of a server, of what is scarcest.' },
      'scarcest',
      { text: 'at worst', raw: 'latency_max_ns' },
      { text: 'mean latency', raw: 'latency_mean_ns' },
      'cores',
      { text: 'memory', raw: 'memory_bytes' },
      { text: 'IP bytes/s', raw: 'ip_bytes_per_s' },
      { text: 'requests/s', raw: 'requests_per_s' },
    ],
    rows: options.map((one) => ({
      head: cellName(page.dressed(one)),
      dim: !one.fits,
      cells: [
        one.fits ? (one.tie ? 'tie' : 'yes') : 'no',
        small(one.share),
        one.scarcest,
        figure(one.flow.latency.max * 1e9, 'ns'),
        figure(one.flow.latency.mean * 1e9, 'ns'),
        small(one.cores),
        figure(one.memory, 'bytes'),
        figure(one.flow.ipBytes, 'bytes'),
        figure(one.flow.requests, 'count'),
      ],
    })),
  });
}

// Share of a server along the rate of events, all else as asked.
function rateChart(page) {
  const xs = Array.from({ length: 2 * STEPS + 1 }, (_, i) => {
    const power = (REACH * (i - STEPS)) / STEPS;
    return page.needs.rate * 10 ** power;
  });
  const shares = new Map(FAMILIES.map((family) => [family, xs.map(() => null)]));
  xs.forEach((rate, i) => {
    for (const one of ranking({ ...page.needs, rate }, page.study)) {
      shares.get(one.cell.family)[i] = one.fits ? one.share : null;
    }
  });
  return chart({
    id: 'chooser/rate',
    title: 'Share of a server along the rate',
    about: 'All else as asked. A strategy that does not fit has no line.',
    xs,
    x: {
      label: 'events/s that each client receives',
      csv: 'events_per_client_per_s',
      unit: 'count',
      log: true,
    },
    y: { label: 'servers', unit: 'count', log: true },
    marks: [{ at: xs[STEPS], label: 'as asked' }],
    series: FAMILIES.map((family) => ({
      cell: page.look.get(family),
      label: family,
      values: shares.get(family),
    })),
  });
}

function sentences(title, list) {
  return list.length
    ? section(
        title,
        null,
        h(
          'ul',
          { className: 'sayings' },
          list.map(({ text, evidence }) =>
            h('li', null, `${text} `, h('span', { className: 'soft' }, `[${evidence}]`)),
          ),
        ),
      )
    : null;
}

function measured(page) {
  const { verified, verified_clients: clients, time_compressed: compressed } = page.study;
  if (!verified?.length) {
    return null;
  }
  const value = (one, number) => {
    const unit = one.unit === 'requests' ? 'count' : one.unit;
    return { text: human(number, unit), exact: exact(number, unit), raw: number ?? '' };
  };
  return section(
    'Predicted and measured',
    `Runs with at most ${human(clients, 'count')} clients of the workload that was asked about${
      compressed > 1 ? `, time-compressed ${human(compressed, 'count')} times` : ''
    }.`,
    table({
      title: 'Predicted and measured',
      within: true,
      heads: ['strategy', 'metric', 'predicted', 'measured', 'off by'],
      rows: verified.map((one) => {
        const off = one.measured / one.predicted - 1;
        return {
          head: one.strategy,
          cells: [
            one.metric,
            value(one, one.predicted),
            value(one, one.measured),
            Number.isFinite(off) ? `${off < 0 ? '' : '+'}${(off * 100).toFixed(0)} %` : '-',
          ],
        };
      }),
    }),
  );
}

function answers(page) {
  const options = ranking(page.needs, page.study);
  const { server, crossovers, remarks } = page.study;
  const objections = options
    .filter(({ fits }) => !fits)
    .map(({ cell, objection }) => ({
      text: `${cell.name} does not fit: ${objection}`,
      evidence: 'by what is asked',
    }));
  const fixed = [...crossovers, ...remarks].filter(({ text }) => always.test(text));
  return [
    h('p', { className: 'answer', role: 'status' }, answerText(options)),
    optionsTable(page, options),
    rateChart(page),
    sentences('What does not fit', objections),
    sentences('Where one overtakes another', [...sayings(page.needs, page.study), ...fixed]),
    measured(page),
    h(
      'p',
      { className: 'soft' },
      `Waits, bytes and requests: closed forms. Processor and memory: ${page.study.model}. ` +
        `Servers: of ${human(server.cores, 'count')} cores, ` +
        `${human(server.memory_bytes, 'bytes')} and ` +
        `${human(server.link_bytes_per_s, 'bytes')}/s, with headroom.`,
    ),
  ];
}

const rateText = (rate) => `${Number(rate.toPrecision(12))}/s`;
const timeText = (seconds) => shortDuration(Math.round(seconds * 1e9));

// Everything that can be asked, and what is wrong with the rest.
function fields(needs) {
  const above = (read, most) => (text) => {
    const value = read(text);
    return value !== null && value > 0 && value <= most ? value : null;
  };
  const seconds = (text) => {
    const ns = readDuration(text);
    return ns === null ? null : ns / 1e9;
  };
  const none = (read, empty) => (text) => (text.trim() === 'none' ? empty : read(text));
  return [
    ['Events per client', 'rate', rateText(needs.rate), above(readRate, 1e6), 'a rate: 0.2/s, 6/h'],
    ['Staleness', 'staleness', timeText(needs.staleness), above(seconds, 1e9), 'a time: 200ms, 5m'],
    [
      'Payload',
      'payload',
      `${needs.payload}B`,
      (text) => {
        const size = readSize(text);
        return size !== null && size >= 16 && size <= 1024 * 1024 ? size : null;
      },
      '16B to 1MiB',
    ],
    ['Clients', 'clients', String(needs.clients), above(readCount, 1e9), 'a number: 10000, 100k'],
    ['Fan-out', 'fanOut', String(needs.fanOut), above(readCount, 1e9), 'a number: 1, 50'],
    [
      'Round trip',
      'rtt',
      timeText(needs.rtt),
      (text) => {
        const value = seconds(text);
        return value !== null && value <= 2 ? value : null;
      },
      'a time of at most 2s: 50ms',
    ],
    [
      'Clients send',
      'upstream',
      needs.upstream > 0 ? rateText(needs.upstream) : 'none',
      none(above(readRate, 1e6), 0),
      'none or a rate: 0.1/s',
    ],
    [
      'Proxy cuts after',
      'proxyIdle',
      needs.proxyIdle === null ? 'none' : timeText(needs.proxyIdle),
      (text) => {
        const value = text.trim() === 'none' ? null : seconds(text);
        return value === null ? (text.trim() === 'none' ? null : undefined) : value;
      },
      'none or a silence of at least 100ms: 60s',
    ],
  ];
}

// What each value is right for, but not all of them together.
function contradiction(needs) {
  if (needs.fanOut > needs.clients) {
    return 'An event cannot go to more clients than there are.';
  }
  if (needs.staleness <= needs.rtt / 2) {
    return 'The way alone takes half of the round trip: no event is younger than that.';
  }
  return needs.proxyIdle !== null && needs.proxyIdle < 0.1
    ? 'A proxy that cuts within 100 ms lets nothing through.'
    : null;
}

function chooserTab(page) {
  const holder = h('div', null);
  const problem = h('p', { className: 'wrong', role: 'alert' });
  const show = () => {
    problem.textContent = contradiction(page.needs) ?? '';
    if (!problem.textContent) {
      refill(holder, answers(page));
    }
  };
  const inputs = fields(page.needs).map(([label, key, text, read, expected]) =>
    input(label, text, (given) => {
      const value = read(given);
      const optional = key === 'proxyIdle' && given.trim() === 'none';
      if (value === undefined || (value === null && !optional)) {
        return `Expected ${expected}.`;
      }
      page.needs[key] = value;
      show();
      return null;
    }),
  );
  const flag = (label, key) =>
    tick(label, page.needs[key], (on) => {
      page.needs[key] = on;
      show();
    });
  show();
  return [
    controls('What is asked', [
      inputs,
      choice(
        'Browsers',
        [
          ['modern', 'modern'],
          ['old', 'old'],
        ],
        page.needs.oldBrowsers ? 'old' : 'modern',
        (value) => {
          page.needs.oldBrowsers = value === 'old';
          show();
        },
      ),
      flag('a proxy buffers', 'proxyBuffers'),
      flag('a proxy lets no upgrade through', 'proxyNoUpgrade'),
    ]),
    problem,
    holder,
  ];
}

export function advicePage(data) {
  return {
    title: 'which strategy',
    state: new Chooser(data),
    head: () => [
      h(
        'section',
        { className: 'run' },
        h('h1', null, 'Which strategy for a workload'),
        h('p', { className: 'about' }, 'Change what is asked: the answer follows.'),
      ),
    ],
    parts: [{ id: 'chooser', title: 'Chooser', make: chooserTab }],
  };
}
