// The page in a browser, as its readers use it: every tab by click and by key, figures under the
// cursor against the result, tables against the Markdown report, accessibility in both themes, no
// request and no error, hostile texts. Pages come from the program, by `report --format html`.
// Run: node --test page_test.mjs (driver.mjs says with what)
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  assertAccessible,
  copied,
  folder,
  golden,
  hdr,
  here,
  HOSTILE,
  hovered,
  open,
  openTab,
  pageOf,
  pageWith,
  report,
  rowsOf,
} from './driver.mjs';

const TABS = ['compare', 'latency', 'bytes', 'sockets', 'resources', 'audit', 'raw'];

let chatUrl;
const chat = JSON.parse(readFileSync(golden('chat.json'), 'utf8'));
const chatPage = () => (chatUrl ??= pageOf('chat', report('html', golden('chat.json'))));

test('every tab shows its part, by click and by address', async () => {
  const { page, close } = await open(chatPage());
  assert.equal(await page.title(), 'pushbench: chat');
  assert.equal(await page.locator('h1').count(), 1);
  for (const id of TABS) {
    await openTab(page, id);
    assert.equal(new URL(page.url()).hash, `#${id}`);
    assert.equal(await page.getAttribute(`#tab-${id}`, 'aria-selected'), 'true');
    assert.equal(await page.locator('[role=tabpanel]:visible').count(), 1);
    assert.ok((await page.innerText(`#panel-${id}`)).length > 200, id);
  }
  await page.goto(`${chatPage()}#sockets/set-up`);
  assert.ok(await page.locator('[id="sockets/set-up"] canvas').isVisible());
  assert.equal(await page.getAttribute('#tab-sockets', 'aria-selected'), 'true');
  await close();
});

test('tabs and charts follow the keyboard', async () => {
  const { page, close } = await open(chatPage());
  await page.focus('#tab-compare');
  for (const [key, id] of [
    ['ArrowRight', 'latency'],
    ['End', 'raw'],
    ['ArrowRight', 'compare'],
    ['ArrowLeft', 'raw'],
    ['Home', 'compare'],
    ['ArrowRight', 'latency'],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await page.evaluate('document.activeElement.id'), `tab-${id}`);
    assert.equal(await page.getAttribute(`#tab-${id}`, 'aria-selected'), 'true');
  }
  const plot = page.locator('[id="latency/percentiles"] .plot');
  await plot.focus();
  await page.keyboard.press('Home');
  assert.match(await plot.getAttribute('aria-valuetext'), /^0 %: .*websocket/);
  await page.keyboard.press('ArrowRight');
  assert.equal(await plot.getAttribute('aria-valuenow'), '1');
  await close();
});

test('figures under the cursor are those of the result', async () => {
  const { page, close } = await open(`${chatPage()}#latency`);
  const shown = await hovered(page, 'latency/percentiles', 100);
  assert.equal(shown.length, chat.cells.length);
  chat.cells.forEach((cell, i) => {
    const decoded = hdr.decodeFromCompressedBase64(cell.histograms.latency.hdr);
    const p99 = decoded.getValueAtPercentile(99);
    assert.equal(shown[i].name, cell.name);
    assert.equal(shown[i].exact, cell.metrics.latency_p99_ns);
    assert.ok(Math.abs(shown[i].exact / p99 - 1) < 0.002, `${shown[i].exact} against ${p99}`);
    assert.match(shown[i].text, /^\d+(\.\d+)? (µs|ms|s)$/);
  });
  await openTab(page, 'sockets');
  const second = chat.cells[0].series.at_s.indexOf(5);
  for (const { name, exact } of await hovered(page, 'sockets/open', 5)) {
    const cell = chat.cells.find((one) => one.name === name);
    assert.equal(exact, cell.series.sockets_open[second], name);
  }
  await close();
});

test('tables copy as Markdown with the figures of the Markdown report, and as CSV', async () => {
  const { page, close } = await open(chatPage());
  const told = rowsOf(report('md', golden('chat.json')).replaceAll('**', '')).map((row) =>
    row.join('|'),
  );
  let compared = 0;
  for (const [tab, table] of [
    ['latency', 'Latency'],
    ['latency', 'Fan-out'],
    ['latency', 'Timing'],
    ['bytes', 'Bytes per delivery'],
    ['bytes', 'Network'],
    ['resources', 'Server'],
    ['sockets', 'Sockets'],
    ['audit', 'Audit'],
  ]) {
    await openTab(page, tab);
    const [, ...rows] = rowsOf(await copied(page, table, 'Markdown'));
    assert.equal(rows.length, chat.cells.length, table);
    for (const row of rows) {
      assert.ok(told.includes(row.join('|')), `${table}: ${row.join(' | ')}`);
      compared += 1;
    }
  }
  assert.equal(compared, 8 * chat.cells.length);
  await openTab(page, 'latency');
  const csv = (await copied(page, 'Latency', 'CSV')).split('\r\n');
  assert.match(csv[0], /^cell,latency_p50_ns,latency_p99_ns,/);
  const first = chat.cells[0].metrics;
  assert.ok(
    csv[1].startsWith(`polling/interval=1s,${first.latency_p50_ns},${first.latency_p99_ns}`),
  );
  await close();
});

test('a chart hands out its data as a file', async () => {
  const { page, close } = await open(`${chatPage()}#latency`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('[id="latency/percentiles"] button:has-text("Save")'),
  ]);
  assert.equal(download.suggestedFilename(), 'latency-by-percentile.csv');
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\r\n');
  assert.ok(lines[0].startsWith('1/(1-p),polling/interval=1s,'));
  const p99 = lines.find((line) => line.startsWith('100,')).split(',');
  assert.equal(Number(p99[1]), chat.cells[0].metrics.latency_p99_ns);
  await close();
});

// Colours are all that differs in the dark, and these tabs have all of them.
for (const [scheme, tabs, rules] of [
  ['light', TABS, undefined],
  ['dark', ['compare', 'bytes', 'audit'], ['color-contrast']],
]) {
  test(`tabs are accessible in ${scheme} colours`, async () => {
    const { page, close } = await open(chatPage(), { colorScheme: scheme });
    assert.equal(await page.getAttribute('html', 'data-theme'), scheme);
    for (const id of tabs) {
      await openTab(page, id);
      const within = id === TABS[0] ? undefined : `#panel-${id}`;
      await assertAccessible(page, `${id} in ${scheme}`, { within, rules });
    }
    await close();
  });
}

test('latency over time shows every delivery, of older results the worst of a second', async () => {
  const { page, close } = await open(`${chatPage()}#latency`);
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => {
      window.copied = text;
    };
  });
  await page.click('[aria-label="CSV: data of Latency over time"]');
  const rows = (await page.evaluate('window.copied')).trim().split('\r\n').slice(1);
  const places = rows.map((row) => row.match(/"[^"]*"|[^,]+/g).map((one) => one.replace(/"/g, '')));
  assert.equal(await page.locator('[id="latency/heat"] svg').count(), 6);
  for (const cell of chat.cells.slice(0, 6)) {
    const own = places.filter(([name]) => name === cell.name);
    const seconds = cell.latency_over_time.hdr.map((text, at) => {
      const counts = own.filter(([, from]) => Number(from) === at).map((one) => Number(one[5]));
      const sum = counts.reduce((all, n) => all + n, 0);
      assert.equal(sum, text === '' ? 0 : hdr.decodeFromCompressedBase64(text).totalCount);
      return sum;
    });
    assert.deepEqual(seconds, cell.series.received_per_s);
  }
  const tips = await page.$$eval('[id="latency/heat"] svg', ([first]) =>
    [...first.querySelectorAll('title')].map((one) => one.textContent),
  );
  assert.match(tips[0], /^0 to 1 s: nothing received$/);
  assert.match(tips[8], /^8 to 9 s: 6000 deliveries, half of them within /);
  await close();
  const older = structuredClone(chat);
  older.cells.forEach((cell) => delete cell.latency_over_time);
  const file = join(folder, 'older.json');
  writeFileSync(file, JSON.stringify(older));
  const old = await open(`${pageOf('older', report('html', file))}#latency`);
  const text = await old.page.innerText('[id="latency/heat"]');
  assert.match(text, /Worst latency, second by second/);
  assert.equal(await old.page.locator('[id="latency/heat"] .strip').count(), 6);
  await old.close();
});

test('runs that are in doubt say so, and their cells are grey or left out', async () => {
  const url = pageOf('both', report('html', golden('chat.json'), golden('doubtful.json')));
  const { page, close } = await open(url, { colorScheme: 'dark' });
  assert.equal(await page.locator('.verdict.valid').count(), 1);
  assert.match(await page.innerText('.verdict.invalid'), /^B INVALID: /);
  assert.match(await page.innerText('[id="compare/bytes_per_delivery"]'), /A websocket/);
  await openTab(page, 'latency');
  const figure = await page.innerText('[id="latency/percentiles"]');
  assert.match(figure, /3 invalid cells are left out/);
  assert.equal(await page.locator('[id="latency/percentiles"] .legend li').count(), 6);
  await page.locator('.chip.invalid input').first().check();
  const names = await page.locator('[id="latency/percentiles"] .legend li').allInnerTexts();
  assert.match(names[6], /B polling.*\(invalid\)/);
  assert.equal((await page.locator('.legend .cell.invalid').count()) > 0, true);
  await assertAccessible(page, 'two runs');
  await close();
});

test('hostile texts stay text', async () => {
  const bad = JSON.parse(readFileSync(golden('doubtful.json'), 'utf8'));
  Object.assign(bad.scenario, { name: HOSTILE, about: HOSTILE, text: `${HOSTILE}\u2028\u001b` });
  Object.assign(bad, { command: HOSTILE, server: HOSTILE, environment: { [HOSTILE]: HOSTILE } });
  bad.cells.forEach((cell) => Object.assign(cell, { name: HOSTILE }));
  bad.validity.caveats.forEach((one) => Object.assign(one, { text: HOSTILE, remedy: HOSTILE }));
  bad.thresholds.forEach((one) => Object.assign(one, { cell: HOSTILE, text: HOSTILE }));
  const file = join(folder, 'hostile.json');
  writeFileSync(file, JSON.stringify(bad));
  const { page, close } = await open(pageOf('hostile', report('html', file)));
  for (const id of TABS) {
    await openTab(page, id);
    assert.equal(await page.locator('img, iframe, object').count(), 0, id);
    assert.equal(await page.locator('script').count(), 2, id);
  }
  assert.equal(await page.innerText('h1'), HOSTILE);
  assert.ok((await page.innerText('#panel-raw')).includes(`${HOSTILE}`));
  assert.ok((await page.innerText('#panel-raw')).includes('\\x1b'));
  await openTab(page, 'audit');
  const rows = (await copied(page, 'Audit', 'CSV')).split('\r\n');
  assert.ok(rows[1].startsWith(`"'=1+1""><img`), rows[1]);
  await close();
});

test('results with little in them show', async () => {
  const empty = structuredClone(chat);
  empty.cells = [];
  const least = structuredClone(chat);
  least.cells.splice(1);
  least.thresholds = [];
  const cell = least.cells[0];
  Object.assign(cell, { histograms: {}, series: {}, phases: {}, connect_order: [] });
  Object.keys(cell.counters).forEach((name) => {
    cell.counters[name] = 0;
  });
  for (const key of ['server', 'kernel_clients', 'kernel_server', 'predicted', 'exact']) {
    delete cell[key];
  }
  for (const [name, result] of Object.entries({ empty, least })) {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(result));
    const { page, close } = await open(pageOf(name, report('html', file)));
    for (const id of TABS) {
      await openTab(page, id);
      assert.notEqual(await page.innerText(`#panel-${id}`), '', `${name} ${id}`);
    }
    await close();
  }
});

test('exact figures, theme and paper', async () => {
  const { page, close } = await open(`${chatPage()}#latency`);
  const first = chat.cells[0].metrics.latency_p50_ns;
  await page.check('text=exact figures');
  assert.ok((await page.innerText('#panel-latency')).includes(`${first.toLocaleString('en')} ns`));
  await page.click('text=Light / dark');
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  await page.reload();
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  const pdf = await page.pdf();
  assert.ok(pdf.length > 50_000);
  assert.equal(await page.locator('[role=tabpanel]:visible').count(), 1);
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  assert.equal(await page.getAttribute('html', 'data-theme'), 'light');
  assert.equal(await page.locator('[role=tabpanel]:visible').count(), TABS.length);
  await close();
});

test('a telephone shows it without scrolling sideways', async () => {
  const { page, close } = await open(chatPage(), { viewport: { width: 390, height: 844 } });
  for (const id of TABS) {
    await openTab(page, id);
    assert.ok((await page.evaluate('document.documentElement.scrollWidth')) <= 390, id);
  }
  await close();
});

test('another kind of page: a sheet of tables and charts', async () => {
  const data = {
    title: 'p99 since March',
    sections: [
      {
        id: 'trend',
        title: 'Trend',
        charts: [
          {
            id: 'trend/p99',
            title: 'p99',
            xs: [1, 2, 3],
            x: { label: 'run', unit: 'count' },
            y: { label: 'latency', unit: 'ns' },
            series: [{ label: 'websocket', values: [1e6, 1.5e6, null] }],
          },
        ],
        tables: [
          {
            title: 'Runs',
            heads: ['run', 'p99'],
            units: ['ns'],
            rows: [{ head: 'one', cells: [1_500_000] }],
          },
        ],
      },
    ],
  };
  const { page, close } = await open(pageOf('sheet', pageWith('sheet', data)));
  assert.equal(await page.title(), 'pushbench: p99 since March');
  assert.match(await page.innerText('#panel-trend'), /1\.50 ms/);
  assert.equal((await hovered(page, 'trend/p99', 2))[0].exact, 1.5e6);
  await assertAccessible(page, 'sheet');
  await close();
});

test('a history shows where it changed', async () => {
  const points = [5e5, 5e5, 6e5, 6e5].map((value, i) => ({
    started: `2026-11-0${i + 1}T00:00:00Z`,
    commit: `c${i}`,
    file: `kept/${i}/result.json`,
    value,
  }));
  const changes = [{ at: 2, before: 5e5, after: 6e5, p: 0.001, worse: true }];
  const latency = { metric: 'latency_p50_ns', title: 'p50', least_effect: 0.05, points };
  const data = {
    directory: 'kept',
    scenario: 'chat',
    runs: 4,
    not_valid: 1,
    series: [
      { cell: 'websocket', ...latency, changes },
      { cell: 'streaming/sse', ...latency, points: points.slice(1), changes: [] },
    ],
  };
  const { page, close } = await open(pageOf('history', pageWith('history', data)));
  assert.match(await page.innerText('.answer'), /^1 of 2 series got worse/);
  assert.match(await page.innerText('tbody tr'), /websocket.*c2 of 2026-11-03.*20\.0 %/s);
  assert.equal((await hovered(page, 'changes/1', 3))[0].exact, 6e5);
  await openTab(page, 'latency_p50_ns');
  assert.equal(await page.locator('[id="latency_p50_ns/runs"] .legend li').count(), 2);
  await close();
});

test('the committed page is what the sources build', () => {
  const vite = join(here, 'node_modules', 'vite', 'bin', 'vite.js');
  const built = join(folder, 'built');
  // From another directory, so that nothing depends on where it is started.
  execFileSync(process.execPath, [vite, 'build', here, '--outDir', built], { cwd: folder });
  const page = readFileSync(join(built, 'page.html'));
  const same = page.equals(readFileSync(join(here, 'dist', 'page.html')));
  assert.ok(same, 'reports/web/dist/page.html is not up to date: run npm run build in reports/web');
});
