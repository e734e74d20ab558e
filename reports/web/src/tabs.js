// Tabs after the ARIA pattern: arrow keys, Home and End move between them; the address says which
// is open ("#latency", "#latency/percentiles"), so that a link leads to a chart. A tab is built
// when it is first looked at.
import { h } from './dom.js';
import { forgetCharts, mountCharts } from './chart.js';

const TAB_ROOM_PX = 60; // of the tab before, so that it can be reached

export class Tabs {
  constructor(specs, state) {
    this.specs = specs;
    this.state = state;
    this.open = specs[0].id;
    this.buttons = specs.map((spec) =>
      h(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: `tab-${spec.id}`,
          'aria-controls': `panel-${spec.id}`,
          onclick: () => this.go(spec.id),
        },
        spec.title,
      ),
    );
    this.panels = specs.map((spec) =>
      h('div', {
        role: 'tabpanel',
        id: `panel-${spec.id}`,
        'aria-labelledby': `tab-${spec.id}`,
        tabIndex: 0,
      }),
    );
    this.list = h(
      'div',
      { role: 'tablist', 'aria-label': 'Parts of the report', className: 'tabs' },
      this.buttons,
    );
    this.list.addEventListener('keydown', (event) => this.onKey(event));
    this.bar = h('div', { className: 'tabbar' }, this.list);
    this.element = h('div', null, this.bar, this.panels);
  }

  start() {
    window.addEventListener('hashchange', () => this.follow());
    this.follow();
  }

  follow() {
    const wanted = decodeURIComponent(location.hash.slice(1));
    const id = wanted.split('/')[0];
    this.show(this.specs.some((spec) => spec.id === id) ? id : this.open);
    const target = wanted.includes('/') ? document.getElementById(wanted) : null;
    target?.scrollIntoView();
  }

  go(id) {
    history.replaceState(null, '', `#${id}`);
    this.show(id);
  }

  show(id) {
    this.open = id;
    this.specs.forEach((spec, i) => {
      const chosen = spec.id === id;
      this.buttons[i].setAttribute('aria-selected', String(chosen));
      this.buttons[i].tabIndex = chosen ? 0 : -1;
      this.panels[i].hidden = !chosen;
      if (chosen) {
        this.list.scrollLeft = this.buttons[i].offsetLeft - this.list.offsetLeft - TAB_ROOM_PX;
      }
    });
    this.render();
  }

  // Builds the open tab anew, or all of them for paper.
  render(all = false) {
    forgetCharts();
    this.specs.forEach((spec, i) => {
      const wanted = all || spec.id === this.open;
      this.panels[i].replaceChildren(
        ...(wanted
          ? [h('h2', null, spec.title), ...spec.make(this.state).flat(3).filter(Boolean)]
          : []),
      );
      if (wanted) {
        this.panels[i].hidden = false;
        mountCharts(this.panels[i]);
      }
    });
  }

  onKey(event) {
    const at = this.specs.findIndex((spec) => spec.id === this.open);
    const last = this.specs.length - 1;
    const to = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) {
      return;
    }
    event.preventDefault();
    this.go(this.specs[to].id);
    this.buttons[to].focus();
  }
}
