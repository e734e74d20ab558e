// The page of pushbench: reads its data, and shows what kind of page it is. Data come from results,
// that is from scenarios and servers: they are text, never markup.
import { h, say } from './dom.js';
import { audit } from './audit.js';
import { bytesTab } from './bytes.js';
import { compare } from './compare.js';
import { latency } from './latency.js';
import { raw } from './raw.js';
import { resources } from './resources.js';
import { sheetHead, sheetParts } from './sheet.js';
import { socketsTab } from './sockets.js';
import { State } from './state.js';
import { Tabs } from './tabs.js';
import { chooser, verdicts } from './verdict.js';

const PARTS = [
  { id: 'compare', title: 'Compare', make: compare },
  { id: 'latency', title: 'Latency', make: latency },
  { id: 'bytes', title: 'Bytes', make: bytesTab },
  { id: 'sockets', title: 'Sockets', make: socketsTab },
  { id: 'resources', title: 'Resources', make: resources },
  { id: 'audit', title: 'Delivery audit', make: audit },
  { id: 'raw', title: 'Raw', make: raw },
];

// A kind of page: its title, what stands above the tabs, the tabs. A new kind is a row.
const KINDS = {
  report(data, redraw) {
    const state = new State(data);
    const names = state.runs.map((run) => run.result.scenario.name);
    return {
      title: state.several ? `${names.length} runs` : (names[0] ?? 'no runs'),
      head: () => [
        state.several ? h('h1', null, `${names.length} runs`) : null,
        h('div', { className: state.several ? 'runs' : '' }, verdicts(state)),
        state.cells.length ? chooser(state, redraw) : null,
      ],
      parts: PARTS,
      state,
    };
  },
  sheet(data) {
    const state = { exactly: false };
    return {
      title: data.title,
      head: () => sheetHead(data),
      parts: sheetParts(data, state),
      state,
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

function toolbar(page, tabs) {
  const exactly = h('input', {
    type: 'checkbox',
    onchange: () => {
      page.state.exactly = exactly.checked;
      tabs.render();
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
  const holder = h('div', null);
  let tabs = null;
  const page = make(JSON.parse(source.textContent), () => tabs.render());
  tabs = new Tabs(page.parts, page.state);
  page.refresh = () => {
    holder.replaceChildren(...page.head().filter(Boolean));
    tabs.render();
  };
  document.title = `pushbench: ${page.title}`;
  document.body.append(
    h('header', null, toolbar(page, tabs)),
    h('main', null, holder, page.parts.length ? tabs.element : null),
  );
  holder.replaceChildren(...page.head().filter(Boolean));
  if (page.parts.length) {
    tabs.start();
  }
  dark.addEventListener('change', () => {
    setTheme(wantedTheme());
    page.refresh();
  });
  window.addEventListener('beforeprint', () => {
    setTheme('light');
    document.documentElement.classList.add('paper');
    tabs.render(true);
  });
  window.addEventListener('afterprint', () => {
    setTheme(wantedTheme());
    document.documentElement.classList.remove('paper');
    tabs.show(tabs.open);
  });
}

start();
