// The page of pushbench: reads its data, and shows what kind of page it is. Data come from results,
// that is from scenarios and servers: they are text, never markup.
import './style.css';
import { h, say } from './dom.js';
import { audit } from './audit.js';
import { bytesTab } from './bytes.js';
import { capacityPage } from './capacity.js';
import { advicePage } from './chooser.js';
import { compare } from './compare.js';
import { historySheet } from './history.js';
import { latency } from './latency.js';
import { LivePage } from './live.js';
import { raw } from './raw.js';
import { resources } from './resources.js';
import { sheetHead, sheetParts } from './sheet.js';
import { socketsTab } from './sockets.js';
import { State } from './state.js';
import { sweepPage } from './sweep.js';
import { Tabs } from './tabs.js';
import { badge, chooser, verdicts } from './verdict.js';

const PARTS = [
  { id: 'compare', title: 'Compare', make: compare },
  { id: 'latency', title: 'Latency', make: latency },
  { id: 'bytes', title: 'Bytes', make: bytesTab },
  { id: 'sockets', title: 'Sockets', make: socketsTab },
  { id: 'resources', title: 'Resources', make: resources },
  { id: 'audit', title: 'Delivery audit', make: audit },
  { id: 'raw', title: 'Raw', make: raw },
];

// Tabs with a head above them. `head` is made anew when colours change.
function tabbed({ title, state, head, parts, badge: mark }) {
  const holder = h('div', null);
  const tabs = parts.length ? new Tabs(parts, state) : null;
  const refresh = () => {
    holder.replaceChildren(...head(() => tabs?.render()).filter(Boolean));
    tabs?.render();
  };
  if (mark) {
    tabs.bar.append(mark);
  }
  return {
    title,
    state,
    content: [holder, tabs?.element],
    redraw: () => tabs?.render(),
    refresh,
    paper: (on) => (on ? tabs?.render(true) : tabs?.show(tabs.open)),
    start() {
      refresh();
      tabs?.start();
    },
  };
}

// A kind of page; a new one is a row.
const KINDS = {
  report(data) {
    const state = new State(data);
    const names = state.runs.map((run) => run.result.scenario.name);
    return tabbed({
      title: state.several ? `${names.length} runs` : (names[0] ?? 'no runs'),
      head: (redraw) => [
        state.several ? h('h1', null, `${names.length} runs`) : null,
        h('div', { className: state.several ? 'runs' : '' }, verdicts(state)),
        state.cells.length ? chooser(state, redraw) : null,
      ],
      parts: PARTS,
      badge: badge(state),
      state,
    });
  },
  history: (data) => KINDS.sheet(historySheet(data)),
  sheet(data) {
    const state = { exactly: false };
    const parts = sheetParts(data, state);
    return tabbed({ title: data.title, head: () => sheetHead(data), parts, state });
  },
  advice: (data) => tabbed(advicePage(data)),
  capacity: (data) => tabbed(capacityPage(data)),
  sweep: (data) => tabbed(sweepPage(data)),
  live(data) {
    const live = new LivePage(data);
    return {
      title: 'live',
      state: live,
      content: [live.element],
      redraw: () => live.render(),
      refresh: () => live.render(),
      paper: () => live.render(),
      start: () => live.listen(),
    };
  },
};

// The reader's choice is kept where the browser allows it: not for every file.
const remembered = {
  get: () => {
    try {
      return localStorage.getItem('pushbench-theme');
    } catch {
      return null;
    }
  },
  set: (value) => {
    try {
      localStorage.setItem('pushbench-theme', value);
    } catch {
      // It is a wish, not a need.
    }
  },
};

const dark = matchMedia('(prefers-color-scheme: dark)');

function setTheme(name) {
  document.documentElement.dataset.theme = name;
}

function wantedTheme() {
  const kept = remembered.get();
  return kept === 'light' || kept === 'dark' ? kept : dark.matches ? 'dark' : 'light';
}

function toolbar(page) {
  const exactly = h('input', {
    type: 'checkbox',
    onchange: () => {
      page.state.exactly = exactly.checked;
      page.redraw();
    },
  });
  const themes = h(
    'button',
    {
      type: 'button',
      className: 'quiet',
      onclick: () => {
        const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
        remembered.set(next);
        setTheme(next);
        page.refresh();
        say(`${next} colours`);
      },
    },
    'Light / dark',
  );
  return h(
    'div',
    { className: 'top' },
    h('span', { className: 'brand' }, 'pushbench'),
    h('label', { className: 'chip' }, exactly, 'exact figures'),
    themes,
    h('button', { type: 'button', className: 'quiet', onclick: () => print() }, 'Print'),
  );
}

function unknown(kind) {
  document.body.append(
    h(
      'main',
      null,
      h(
        'p',
        null,
        `This page holds data of a kind that it does not know: ${kind}. ` +
          'A newer pushbench shows it.',
      ),
    ),
  );
}

function start() {
  const source = document.getElementById('data');
  const make =
    source && Object.hasOwn(KINDS, source.dataset.kind) ? KINDS[source.dataset.kind] : null;
  setTheme(wantedTheme());
  if (!make) {
    unknown(source?.dataset.kind ?? 'none');
    return;
  }
  const page = make(JSON.parse(source.textContent));
  document.title = `pushbench: ${page.title}`;
  document.body.append(h('header', null, toolbar(page)), h('main', null, page.content));
  page.start();
  dark.addEventListener('change', () => {
    setTheme(wantedTheme());
    page.refresh();
  });
  window.addEventListener('beforeprint', () => {
    setTheme('light');
    page.paper(true);
  });
  window.addEventListener('afterprint', () => {
    setTheme(wantedTheme());
    page.paper(false);
  });
}

start();
