// `run --live` in a browser: the page hears of a real run over Server-Sent Events, shows each cell
// when it is done, and keeps what it showed when the run is over and the server gone; and what a
// browser makes of the reference server's compression. Environment
// as in page_test.mjs. Run: node --test live_test.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

const modules = process.env.PUSHBENCH_NODE_MODULES;
const program = process.env.PUSHBENCH_BIN;
assert.ok(modules && program, 'set PUSHBENCH_NODE_MODULES and PUSHBENCH_BIN');
const require = createRequire(join(resolve(modules), 'here.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE_MS = 30_000;

const SCENARIO = `
name: look
about: two cells, a moment each
clients: 5
events: {rate: 20/s, arrival: constant}
phases: {ramp: 0s, warmup: 0s, measure: 2s, drain: 1s}
strategies: [{streaming: {encoding: sse}}, {websocket: {}}]
`;

let folder;
let browser;
let run;

// Starts a run and waits for the address that it prints.
async function startRun(words, env) {
  const child = spawn(resolve(program), ['run', join(folder, 'look.yaml'), ...words], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = [];
  const exit = new Promise((done) => child.on('exit', done));
  const url = new Promise((done) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      const match = /^live: (http:\/\/127\.0\.0\.1:\d+\/)$/.exec(line);
      if (match) done(match[1]);
    });
    exit.then(() => done(null));
  });
  return { child, exit, lines, url: await url };
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pushbench-live-'));
  writeFileSync(join(folder, 'look.yaml'), SCENARIO);
  browser = await chromium.launch({
    executablePath: process.env.PUSHBENCH_CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
});

after(async () => {
  run?.child.kill();
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the page follows a run to its end', async () => {
  const env = { CI: undefined };
  run = await startRun(['--live', '--out', 'out', '--quiet'], env);
  assert.ok(run.url, run.lines.join('\n'));
  assert.equal(run.lines.filter((line) => line.startsWith('live: ')).length, 1);
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(run.url)) faults.push(`request ${request.url()}`);
  });
  await page.goto(run.url);
  await page.waitForSelector('text=Cell 1 of 2: streaming/sse');
  assert.equal(await page.innerText('h1'), 'look');
  await page.waitForSelector('[id="live-received_per_s"] canvas');
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
  });
  assert.deepEqual(violations, []);
  await page.waitForSelector('text=Cell 2 of 2: websocket');
  await page.waitForSelector('.verdict');
  await run.exit;
  const result = JSON.parse(readFileSync(join(folder, 'out', 'result.json'), 'utf8'));
  const rows = await page.$$eval('tbody tr', (all) => all.map((row) => row.innerText));
  assert.deepEqual(
    rows.map((row) => row.split('\t')[0]),
    ['streaming/sse', 'websocket'],
  );
  assert.match(await page.innerText('.verdict'), new RegExp(result.validity.verdict, 'i'));
  assert.match(await page.innerText('.verdict'), /report\.html/);
  assert.deepEqual(faults, []);
  await page.close();
});

// Browsers ask for compression by themselves.
test('a browser reads compressed streams, messages and answers of the server', async () => {
  const server = spawn(resolve(program), ['serve', '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  const url = line.split(' ').at(-1);
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${url}/healthz`);
  const got = await page.evaluate(async () => {
    const next = (target, type) =>
      new Promise((done) => target.addEventListener(type, done, { once: true }));
    const source = new EventSource('/sse/t');
    const socket = new WebSocket(`ws://${location.host}/ws/t`);
    await Promise.all([next(source, 'open'), next(socket, 'open')]);
    const texts = [];
    for (const text of ['first', 'second '.repeat(1000)]) {
      const heard = [next(source, 'message'), next(socket, 'message')];
      await fetch('/publish/t', { method: 'POST', body: text });
      texts.push(...(await Promise.all(heard)).map((event) => event.data.length));
    }
    const answer = await fetch('/poll/t?after=1');
    return {
      texts,
      extensions: socket.extensions,
      coding: answer.headers.get('content-encoding'),
      poll: (await answer.text()).length,
    };
  });
  assert.deepEqual(got.texts, [5, 5, 7000, 7000]);
  assert.match(got.extensions, /^permessage-deflate/);
  assert.equal(got.coding, 'gzip');
  assert.equal(got.poll, 7020);
  await page.close();
  server.kill();
});

test('nothing is served in CI, and a word that is no port is refused', async () => {
  const refused = await startRun(['--live=soon', '--out', 'refused'], { CI: undefined });
  assert.equal(await refused.exit, 2);
  assert.match(refused.lines.join('\n'), /--live: 'soon' is no port/);
  // Refused for its directory, which the run above has filled, but after the server would be there.
  const quiet = await startRun(['--live', '--out', 'out'], { CI: 'true' });
  assert.equal(await quiet.exit, 2);
  assert.equal(quiet.url, null);
  assert.match(quiet.lines.join('\n'), /--live is off, since CI is set/);
});
