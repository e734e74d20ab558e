// What tests of the page share: pages made by the program or around data, opened in Chromium with
// an eye on everything that they should never do, read as a reader would.
//   PUSHBENCH_BIN           the program
//   PUSHBENCH_NODE_MODULES  the folder that holds playwright-core, axe-core and hdr-histogram-js
//   PUSHBENCH_CHROMIUM      the browser, /usr/bin/chromium unless set
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { after, before } from 'node:test';

const modules = process.env.PUSHBENCH_NODE_MODULES;
export const program = process.env.PUSHBENCH_BIN;
assert.ok(modules && program, 'set PUSHBENCH_NODE_MODULES and PUSHBENCH_BIN');
const require = createRequire(join(resolve(modules), 'here.js'));
const { chromium } = require('playwright-core');
export const hdr = require('hdr-histogram-js');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const here = dirname(fileURLToPath(import.meta.url));
export const golden = (name) => join(here, '..', 'golden', name);
export const HOSTILE =
  '=1+1"><img src=x onerror="window.hit=1"></script><script>window.hit=1</script><!--';

export let folder;
let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-page-'));
  browser = await chromium.launch({
    executablePath: process.env.PUSHBENCH_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--disable-gpu', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
  });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

export const report = (format, ...files) =>
  execFileSync(program, ['report', ...files, '--format', format], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });

export function pageOf(name, html) {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, html);
  return pathToFileURL(path).href;
}

// As html_page() makes it.
export function pageWith(kind, data) {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const element = `<script type="application/json" id="data" data-kind="${kind}">${json}</script>`;
  return readFileSync(join(here, 'dist', 'page.html'), 'utf8').replace('<!-- data -->', element);
}

// Opens a page and collects what it should never do.
export async function open(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url.split('#')[0]) faults.push(`request ${request.url()}`);
  });
  await page.goto(url);
  const close = async () => {
    assert.deepEqual(faults, []);
    assert.equal(await page.evaluate('window.hit'), undefined);
    await context.close();
  };
  return { page, close };
}

export const openTab = (page, id) => page.click(`#tab-${id}`);

// Of the whole page, or of what a selector finds; by some of the rules, or all. Rows of long tables
// are alike: some are enough.
export async function assertAccessible(page, what, { within, rules } = {}) {
  await page.evaluate(axe);
  const found = await page.evaluate(
    async ([selector, only]) => {
      const options = { resultTypes: ['violations'], ...(only ? { runOnly: only } : {}) };
      const { violations } = await window.axe.run(
        { include: [selector ?? 'html'], exclude: ['tbody tr:nth-child(n+9)'] },
        options,
      );
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`,
      );
    },
    [within, rules],
  );
  assert.deepEqual(found, [], what);
}

// The value that stands beside each name while the cursor is at `x` of a chart.
export async function hovered(page, figure, x) {
  const at = await page.evaluate(
    ([id, value]) => {
      const box = document.getElementById(id).querySelector('.plot');
      box.scrollIntoView({ block: 'center' });
      const { left, top, height } = box.plot.over.getBoundingClientRect();
      return { x: left + box.plot.valToPos(value, 'x'), y: top + height / 2 };
    },
    [figure, x],
  );
  await page.mouse.move(at.x - 3, at.y);
  await page.mouse.move(at.x, at.y);
  return page.$$eval(`[id="${figure}"] .legend li`, (items) =>
    items.map((item) => ({
      name: item.querySelector('.cell').textContent.trim(),
      text: item.querySelector('.value').textContent,
      exact: Number(item.querySelector('.value').title.replace(/[^\d.]/g, '')),
    })),
  );
}

// Rows of every table of a Markdown text, as lists of cells.
export function rowsOf(markdown) {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| [-:]/.test(line))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((text) => text.trim().replace(/\\/g, '')),
    );
}

export async function copied(page, table, button) {
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => {
      window.copied = text;
    };
  });
  await page.click(`[aria-label="${button}: table ${table}"]`);
  return page.evaluate('window.copied');
}
