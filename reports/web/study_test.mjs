// Pages of studies in a browser: what `pushbench report FILE --format html` makes of sweep.json,
// capacity.json and the JSON of advise. What they work out is held against what the program works
// out from the same file. Run: node --test study_test.mjs (driver.mjs says with what)
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  assertAccessible,
  copied,
  folder,
  HOSTILE,
  hovered,
  open,
  openTab,
  pageOf,
  program as binary,
  report,
} from './driver.mjs';

// Deterministic, and even enough.
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

function keep(name, data) {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(data));
  return file;
}

const STRATEGIES = ['polling/interval=1s', 'long-polling/hold=25s', 'streaming/sse', 'websocket'];

function combinations(varied) {
  return varied.reduce(
    (points, { values }) => points.flatMap((point) => values.map((value) => [...point, value])),
    [[]],
  );
}

// Points of every kind: most valid, one invalid, one impossible, one not run, one cell unsound.
function sweepOf(varied, names = STRATEGIES) {
  const random = randomFrom(7);
  const points = combinations(varied).map((values, i) => {
    const status = i === 4 ? 'impossible' : i === 5 ? 'pending' : 'done';
    const cells = names.map((cell, k) => ({
      cell,
      sound: !(i === 1 && k === 3),
      metrics: {
        latency_p99_ns: Math.round(1e6 * (1 + 9 * random())),
        bytes_per_delivery: 100 + (i % 3 === 0 ? 0 : 50 * k),
        server_cpu_ns_per_delivery: 1000 * (k + 1),
        received_per_s: 100 * random(),
        lost: 0,
      },
    }));
    return {
      values,
      status,
      text: status === 'impossible' ? 'no descriptors for it' : '',
      verdict: status !== 'done' ? '' : i === 2 ? 'invalid' : 'valid',
      file: '',
      cells: status === 'done' ? cells : [],
    };
  });
  return { schema: 'pushbench.sweep/1', scenario: 'chat', workload: '00', varied, points };
}

const RATES = { key: 'events.rate', values: ['10/s', '100/s', '1000/s'] };
const TRIPS = { key: 'link.rtt', values: ['0ms', '100ms'] };
const SIZES = { key: 'payload', values: ['128B', '4kB'] };

const place = (page, row, column) =>
  page.locator('.map tbody tr').nth(row).locator('.place').nth(column);

test('a sweep says who wins where, as the text report does', async () => {
  const sweep = sweepOf([RATES, TRIPS]);
  const file = keep('sweep', sweep);
  const { page, close } = await open(pageOf('sweep', report('html', file)));
  assert.equal(await page.title(), 'pushbench: chat over events.rate, link.rtt');
  const told = report('text', file).split('\nBy ').slice(1);
  for (const part of told.filter((one) => !one.startsWith('ip_bytes'))) {
    const [metric, , , ...lines] = part.split('\n');
    await page.selectOption('.controls select >> nth=0', metric);
    assert.equal(new URL(page.url()).hash, `#map/${metric}`);
    const grid = lines.filter((line) => /^\d+\/s {2,}/.test(line));
    assert.equal(grid.length, 3, part);
    for (const [row, line] of grid.entries()) {
      const cells = line.split(/\s{2,}/).slice(1);
      for (const [column, words] of cells.entries()) {
        const shown = (await place(page, row, column).innerText()).replace(/\s+/g, ' ');
        const [who, lead] = words.split(/ (?=\S+$)/);
        assert.ok(shown.includes(who), `${metric}: '${shown}' against '${words}'`);
        assert.ok(/^\d|alone|tie/.test(lead ?? '') ? shown.includes(lead) : true, shown);
      }
    }
  }
  await page.goto(`${page.url().split('#')[0]}#map/received_per_s`);
  assert.equal(await page.inputValue('.controls select >> nth=0'), 'received_per_s');
  await close();
});

test('a point of the map shows every figure of the file, by mouse and by key', async () => {
  const sweep = sweepOf([RATES, TRIPS]);
  const { page, close } = await open(pageOf('points', report('html', keep('points', sweep))));
  await page.check('text=exact figures');
  await place(page, 1, 1).hover();
  const at = async () => {
    const rows = await page.$$eval('.detail tbody tr', (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent)),
    );
    return [await page.innerText('.looked-at'), rows];
  };
  const [title, rows] = await at();
  assert.match(title, /^events\.rate 100\/s, link\.rtt 100ms: run valid$/);
  const { cells } = sweep.points[3];
  assert.equal(rows.length, cells.length);
  const best = Math.min(...cells.map(({ metrics }) => metrics.latency_p99_ns));
  for (const [name, times, latency] of rows) {
    const { metrics } = cells.find(({ cell }) => cell === name);
    assert.equal(latency, `${metrics.latency_p99_ns.toLocaleString('en')} ns`);
    assert.equal(times, `${(metrics.latency_p99_ns / best).toFixed(2)}x`);
  }
  await page.keyboard.press('Tab');
  await place(page, 1, 1).focus();
  await page.keyboard.press('ArrowUp');
  assert.match((await at())[0], /10\/s, link\.rtt 100ms/);
  assert.match((await at())[1].at(-1)[0], /websocket \(lost events or did not finish\)/);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  assert.match((await at())[0], /100\/s, link\.rtt 0ms: run invalid/);
  assert.match(await place(page, 1, 0).innerText(), /invalid run/);
  await page.keyboard.press('ArrowDown');
  assert.match(await page.innerText('.detail'), /no descriptors for it/);
  await page.keyboard.press('ArrowRight');
  assert.match(await page.innerText('.detail'), /not run yet/);
  assert.equal(await page.locator('.place.grey').count(), 3);
  assert.equal(await page.locator('.place[tabindex="0"]').count(), 1);
  await close();
});

test('a sweep over one key has lines, over three a choice, and hands out its data', async () => {
  const one = sweepOf([RATES]);
  const line = await open(pageOf('one', report('html', keep('one', one))));
  const shown = await hovered(line.page, 'lines/latency_p99_ns', 100);
  assert.equal(shown.length, STRATEGIES.length);
  for (const { name, exact } of shown.filter((each) => each.name !== 'websocket')) {
    const cell = one.points[1].cells.find((each) => each.cell === name);
    assert.equal(exact, cell.metrics.latency_p99_ns, name);
  }
  await line.close();
  const three = sweepOf([RATES, TRIPS, SIZES]);
  const { page, close } = await open(pageOf('three', report('html', keep('three', three))));
  await page.getByLabel('payload', { exact: true }).selectOption('1');
  const p99 = ({ metrics }) => metrics.latency_p99_ns;
  const best = ({ cells }) =>
    cells.filter(({ sound }) => sound).sort((a, b) => p99(a) - p99(b))[0].cell;
  assert.ok((await place(page, 2, 1).innerText()).includes(best(three.points[11])));
  await page.getByLabel('Across', { exact: true }).selectOption('2');
  assert.equal(await page.locator('.map thead th >> text=4kB').count(), 1);
  assert.ok((await place(page, 2, 1).innerText()).includes(best(three.points[9])));
  const csv = (await copied(page, 'Best by p99 latency', 'CSV')).trim().split('\r\n');
  assert.equal(csv.length, 13);
  assert.ok(csv[12].startsWith(`"1000/s, 100ms, 4kB",${best(three.points[11])},`), csv[12]);
  await openTab(page, 'figures');
  const done = three.points.filter(({ status }) => status === 'done').length;
  assert.equal(await page.locator('#panel-figures tbody tr').count(), done * STRATEGIES.length);
  await close();
});

async function assertWellMade(url, tabs) {
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 390],
  ]) {
    const { page, close } = await open(url, { colorScheme, viewport: { width, height: 844 } });
    for (const id of tabs) {
      await openTab(page, id);
      await assertAccessible(page, `${id} ${colorScheme}`);
      assert.ok((await page.evaluate('document.documentElement.scrollWidth')) <= width, id);
    }
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    assert.equal(await page.locator('[role=tabpanel]:visible').count(), tabs.length);
    await close();
  }
}

test('a sweep is accessible, narrow enough, and keeps hostile texts as text', async () => {
  const keys = [RATES, { key: HOSTILE, values: [HOSTILE, '<b>'] }];
  const url = pageOf('hostile', report('html', keep('hostile', sweepOf(keys, [HOSTILE, 'b']))));
  const { page, close } = await open(url);
  assert.equal(await page.locator('img, iframe, main script').count(), 0);
  assert.ok((await page.innerText('.map')).includes(HOSTILE));
  await close();
  const plain = sweepOf([RATES, TRIPS]);
  await assertWellMade(pageOf('plain', report('html', keep('plain', plain))), ['map', 'figures']);
});

const LOADS = [100, 200, 400, 800, 1600];

// Trials whose outcomes are those of the bound latency.p99 < 50ms, with every way to judge one.
function trialOf(random, load) {
  const ms = (load / 20) * (0.5 + random());
  const metrics = { latency_p99_ns: Math.round(ms * 1e6), lost: random() < 0.1 ? 3 : 0 };
  if (random() < 0.7) {
    metrics.received_per_s = load * 10 * (0.9 + 0.2 * random());
  }
  if (random() < 0.05) {
    delete metrics.latency_p99_ns;
  }
  const figures = {
    own_lag_ns: random() < 0.3 ? 2e7 : 1e5,
    metrics,
    targets: { received_per_s: load * 10 },
  };
  if (random() < 0.8) {
    figures.server_share = 0.3 + 0.7 * random();
  }
  if (random() < 0.2) {
    figures.shortage = 'processors were short';
  }
  if (random() < 0.1) {
    figures.before = { outcome: 'crossed', cause: 'sockets', text: 'connects failed' };
  } else if (random() < 0.1) {
    figures.behind = { outcome: 'crossed', cause: 'latency', text: '12 were on their way' };
  }
  const purposes = ['doubling', 'bisection', 'repeat', 'repeat', 'overload', 'from-above'];
  return {
    load,
    purpose: purposes[Math.floor(random() * purposes.length)],
    outcome: 'held',
    cause: 'nothing',
    text: '',
    seconds: 2,
    file: 'trials/0001.json',
    figures,
  };
}

function searchOf(random, cell, more = {}) {
  const trials = LOADS.flatMap((load) =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => trialOf(random, load)),
  );
  if (random() < 0.3) {
    const impossible = { outcome: 'impossible', cause: 'this machine', text: 'no ports' };
    const last = { ...trials.at(-1), load: 3200, file: '', ...impossible };
    delete last.figures;
    trials.push(last);
  }
  return { cell, axis: 'clients', start: 100, ...more, trials };
}

const program = (file, ...slos) =>
  JSON.parse(report('json', file, ...slos.flatMap((slo) => ['--slo', slo])));

// Judged by the program, so that outcomes are those of its bounds.
function capacityFile(name, seed, slos = ['latency.p99 < 50ms']) {
  const random = randomFrom(seed);
  const searches = STRATEGIES.map((cell) => searchOf(random, cell));
  const schema = 'pushbench.capacity/1';
  const raw = { schema, scenario: 'chat', workload: '00', slos, axes: ['clients'], searches };
  return keep(name, program(keep(`${name}-raw`, raw), ...slos));
}

async function shownAnswers(page) {
  const csv = await copied(page, 'What one server holds', 'CSV');
  const [heads, ...rows] = csv
    .trim()
    .split('\r\n')
    .map((line) => line.replace(/"'-"/g, '-').split(','));
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [heads[i], value])));
}

async function assertAnswers(page, answers, what) {
  const shown = await shownAnswers(page);
  const text = await page.innerText('#panel-capacity');
  answers.searches.forEach(({ cell, answer }, i) => {
    const row = shown[i];
    assert.equal(row.strategy, cell);
    assert.equal(row.holds, String(answer.held ?? ''), `${what}: ${cell} holds`);
    assert.equal(row['fails at'], String(answer.failed ?? ''), `${what}: ${cell} fails`);
    assert.equal(row['gave out'], answer.gave_out ?? '-', `${what}: ${cell} gave out`);
    const sure = answer.held === undefined ? '-' : answer.confirmed ? 'yes' : 'no';
    assert.equal(row.sure, sure, `${what}: ${cell} sure`);
    const why = text.split('\n').find((line) => line.startsWith(`${cell}: `));
    const least = answer.held !== undefined && answer.at_least;
    assert.equal(why.includes('at least'), least, `${what}: ${why}`);
    const stays = answer.stays_down;
    assert.equal(why.includes('did not hold this load again'), stays === true, why);
    assert.equal(why.includes('It held this load again'), stays === false, why);
    assert.equal(why.includes('further apart'), answer.held !== undefined && !answer.resolved);
    if (answer.because) {
      assert.ok(why.includes(answer.because), `${what}: '${why}' says not '${answer.because}'`);
    }
  });
}

test('other bounds give the answers that the program gives, for any trials', async () => {
  const others = ['latency.p99 < 20ms', 'latency.p99 <= 1m', 'lost == 0', 'rate >= 0.99*target'];
  for (const seed of [1, 2, 3, 5]) {
    const file = capacityFile(`capacity-${seed}`, seed);
    const { page, close } = await open(pageOf(`capacity-${seed}`, report('html', file)));
    await assertAnswers(page, program(file), `seed ${seed}`);
    for (const bound of others) {
      await page.getByLabel('Bound').fill(bound);
      await assertAnswers(page, program(file, bound), `seed ${seed}, ${bound}`);
    }
    await close();
  }
});

test('a bound that cannot be read is told, and servers follow from what is wanted', async () => {
  const file = capacityFile('servers', 4);
  const { page, close } = await open(pageOf('servers', report('html', file)));
  const before = await page.innerText('.answer');
  for (const [bound, says] of [
    ['latency.p98 < 5ms', /no metric/],
    ['latency.p99 < 5', /a time such as 20ms/],
    ['what', /Expected a metric/],
    ['lost < 5*target', /a number/],
  ]) {
    await page.getByLabel('Bound').fill(bound);
    assert.match(await page.innerText('.wrong:visible'), says);
    assert.equal(await page.getAttribute('[aria-invalid="true"]', 'value'), null);
    assert.equal(await page.innerText('.answer'), before);
  }
  await page.getByLabel('Bound').fill('latency.p99 < 50ms');
  assert.equal(await page.locator('.wrong:visible').count(), 0);
  await page.getByLabel('Wanted clients').fill('100k');
  await page.getByLabel('Headroom').fill('20 %');
  await page.getByLabel('Spare servers').fill('2');
  const { searches } = program(file);
  (await shownAnswers(page)).forEach((row, i) => {
    const { held } = searches[i].answer;
    const servers = held === undefined ? '' : String(Math.ceil(100_000 / (held * 0.8)) + 2);
    assert.equal(row.servers, servers);
  });
  await close();
});

test('a strategy that was not searched is there with the reason', async () => {
  const data = JSON.parse(readFileSync(capacityFile('skipped', 6), 'utf8'));
  const why = "latency.p99 is 990 ms at any load, so 'latency.p99 < 50ms' never holds";
  data.skipped = [
    { cell: 'polling/interval=2s', why },
    { cell: HOSTILE, why: HOSTILE },
  ];
  const file = keep('skipped', data);
  assert.deepEqual(program(file).skipped, data.skipped);
  const { page, close } = await open(pageOf('skipped', report('html', file)));
  const rows = await page.$$eval('#panel-capacity tbody tr', (all) =>
    all.map((row) => [...row.children].map((cell) => cell.textContent.trim())),
  );
  assert.equal(rows.length, data.searches.length + 2);
  const row = ['polling/interval=2s', 'not searched', '-', '-', '-', '0'];
  assert.deepEqual(rows.at(-2), row);
  assert.equal((await shownAnswers(page)).at(-2).holds, 'not searched');
  const line = `polling/interval=2s: not searched: ${why}.`;
  const shown = await page.innerText('#panel-capacity');
  assert.ok(shown.includes(line), shown);
  assert.ok(shown.includes(`${HOSTILE}: not searched: ${HOSTILE}.`));
  await page.getByLabel('Wanted clients').fill('100k');
  assert.equal((await shownAnswers(page)).at(-2).servers, '');
  await close();
  assert.ok(report('text', file).replace(/\s+/g, ' ').includes(line));
});

test('the trials of a search are on a chart and in a table', async () => {
  const file = capacityFile('trials', 6);
  const { page, close } = await open(pageOf('trials', report('html', file)));
  await openTab(page, 'trials');
  const { searches } = program(file);
  const [{ cell, trials }] = searches;
  const rows = await page.locator('#panel-trials tbody tr').count();
  assert.equal(rows, searches.reduce((sum, one) => sum + one.trials.length, 0));
  const figure = `trials/${cell}`;
  const seen = new Set();
  await page.focus(`[id="${figure}"] .plot`);
  await page.keyboard.press('Home');
  for (let i = 0; i < trials.length; i += 1) {
    const shown = await page.$$eval(`[id="${figure}"] .legend .value`, (all) =>
      all.slice(0, 2).map((one) => one.title),
    );
    shown.filter(Boolean).forEach((value) => seen.add(value.replace(/\D/g, '')));
    await page.keyboard.press('ArrowRight');
  }
  const wanted = trials.map((one) => one.figures?.metrics.latency_p99_ns).filter(Boolean);
  assert.deepEqual([...seen].sort(), [...new Set(wanted.map(String))].sort());
  await close();
});

test('two loads give a frontier, and a file without figures shows what it has', async () => {
  const random = randomFrom(2);
  const first = searchOf(random, 'websocket');
  const raw = {
    schema: 'pushbench.capacity/1',
    scenario: 'chat',
    workload: '00',
    slos: ['latency.p99 < 50ms'],
    axes: ['clients', 'events.rate'],
    searches: [first],
  };
  const { held } = program(keep('first', raw), 'latency.p99 < 50ms').searches[0].answer;
  const fixed = Math.round(held / 2);
  const second = searchOf(random, 'websocket', { fixed_axis: 'clients', fixed });
  raw.searches.push({ ...second, axis: 'events.rate', start: 80 });
  const file = keep('frontier', program(keep('both', raw), 'latency.p99 < 50ms'));
  const { page, close } = await open(pageOf('frontier', report('html', file)));
  const shown = await hovered(page, 'capacity/frontier', held);
  assert.equal(shown[0].exact, (80 * fixed) / held);
  await close();
  const old = JSON.parse(JSON.stringify(program(file)));
  old.searches.forEach(({ trials }) => trials.forEach((trial) => delete trial.figures));
  const aged = await open(pageOf('aged', report('html', keep('aged', old))));
  assert.equal(await aged.page.locator('input[type=text]').first().inputValue(), '');
  assert.match(await aged.page.innerText('#panel-capacity'), /holds no figures of its trials/);
  await openTab(aged.page, 'trials');
  assert.ok((await aged.page.locator('#panel-trials tbody tr').count()) > 10);
  await aged.close();
  assert.throws(() => program(join(folder, 'aged.json'), 'lost == 0'), /older pushbench/);
});

test('a capacity page is accessible, narrow enough, and keeps hostile texts as text', async () => {
  await assertWellMade(pageOf('capacity', report('html', capacityFile('capacity', 3))), [
    'capacity',
    'trials',
  ]);
  const bad = program(capacityFile('bad', 3));
  Object.assign(bad, { scenario: HOSTILE, slos: [HOSTILE] });
  bad.searches.forEach((search) => {
    search.cell = HOSTILE;
    search.trials.forEach((trial) => Object.assign(trial, { text: HOSTILE, file: HOSTILE }));
  });
  const { page, close } = await open(pageOf('bad', report('html', keep('bad', bad))));
  for (const id of ['capacity', 'trials']) {
    await openTab(page, id);
    assert.equal(await page.locator('img, iframe, main script').count(), 0);
  }
  assert.ok((await page.innerText('#panel-trials')).includes(HOSTILE));
  await close();
});

const asked = (...words) =>
  JSON.parse(execFileSync(binary, ['advise', '--format', 'json', ...words], { encoding: 'utf8' }));

async function shownStrategies(page) {
  const csv = await copied(page, 'Strategies', 'CSV');
  return csv
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.match(/"[^"]*"|[^,]+/g).map((one) => one.replace(/"/g, '')));
}

test('what is asked can be changed, and the answer is the one that the program gives', async () => {
  const told = asked('--events-per-client', '0.2/s', '--staleness', '2s');
  const file = keep('advice', told);
  const { page, close } = await open(pageOf('advice', report('html', file)));
  const same = async (answer) => {
    const rows = await shownStrategies(page);
    assert.deepEqual(
      rows.map(([name]) => name),
      answer.strategies.map(({ strategy }) => strategy),
    );
    rows.forEach(([name, fits, servers], i) => {
      const one = answer.strategies[i];
      assert.equal(fits, one.fits ? (one.tie ? 'tie' : 'yes') : 'no', name);
      assert.ok(Math.abs(Number(servers) / one.servers - 1) < 1e-6, `${name}: ${servers}`);
    });
    const text = (await page.innerText('#panel-chooser')).replace(/\s+/g, ' ');
    for (const said of [...answer.crossovers, ...answer.remarks]) {
      assert.ok(text.includes(said.text.replace(/\s+/g, ' ')), said.text);
    }
  };
  await same(told);
  const changes = [
    ['Events per client', '6/h', '--events-per-client'],
    ['Staleness', '5m', '--staleness'],
    ['Payload', '4kB', '--payload'],
    ['Clients', '100k', '--clients'],
    ['Fan-out', '50', '--fan-out'],
    ['Round trip', '120ms', '--rtt'],
    ['Clients send', '0.1/s', '--upstream'],
  ];
  const given = new Map([
    ['--events-per-client', '0.2/s'],
    ['--staleness', '2s'],
  ]);
  for (const [label, text, flag] of changes) {
    await page.getByLabel(label, { exact: true }).fill(text);
    given.set(flag, text);
    await same(asked(...[...given].flat()));
  }
  await page.getByLabel('Proxy cuts after').fill('20s');
  await page.getByLabel('Browsers').selectOption('old');
  await same(asked(...[...given].flat(), '--proxy', 'idle=20s', '--browsers', 'old'));
  assert.match(await page.innerText('#panel-chooser'), /websocket does not fit: old browsers/);
  const before = await page.innerText('.answer');
  await page.getByLabel('Payload').fill('2B');
  assert.equal(await page.innerText('.wrong:visible'), 'Expected 16B to 1MiB.');
  await page.getByLabel('Payload').fill('4kB');
  await page.getByLabel('Fan-out').fill('200k');
  assert.match(await page.innerText('.wrong:visible'), /more clients than there are/);
  assert.equal(await page.innerText('.answer'), before);
  await close();
});

test('the chooser has a chart, what was measured, and is well made', async () => {
  const told = asked('--events-per-client', '0.2/s', '--staleness', '2s');
  told.verified_clients = 400;
  told.time_compressed = 60;
  told.verified = [
    { strategy: HOSTILE, metric: 'p50', unit: 'ns', predicted: 2e7, measured: 2.2e7 },
    { strategy: 'websocket', metric: 'p99', unit: 'ns', predicted: 2e7 },
  ];
  told.model = HOSTILE;
  told.costs.source = HOSTILE;
  const url = pageOf('chooser', report('html', keep('chooser', told)));
  const { page, close } = await open(url);
  for (const { name, exact } of await hovered(page, 'chooser/rate', 0.2)) {
    const one = told.strategies.find(({ strategy }) => {
      const [family, option] = name.split(',');
      return strategy.startsWith(family) && strategy.includes(',new') === Boolean(option);
    });
    assert.ok(Math.abs(exact / one.servers - 1) < 1e-6, name);
  }
  assert.equal(await page.locator('img, iframe, main script').count(), 0);
  assert.match(await page.innerText('#panel-chooser'), /\+10 %/);
  assert.match(await page.innerText('#panel-chooser'), /400 clients .*, time-compressed 60 times/);
  await close();
  await assertWellMade(url, ['chooser']);
});
