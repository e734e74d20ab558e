// The page's advice against the program's over a grid of workloads: ranking, figures, objections
// and sentences, so that neither can drift from the other. No browser: the page's own modules.
//   PUSHBENCH_BIN  the program
// Run: node --test advice_test.mjs
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, test } from 'node:test';
import { ranking, sayings } from './src/advice.js';
import { needsOf } from './src/needs.js';

const program = process.env.PUSHBENCH_BIN;
assert.ok(program, 'set PUSHBENCH_BIN');
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'pushbench-advice-'));
after(() => rmSync(folder, { recursive: true, force: true }));

// Exit code 99 says that nothing fits, which is an answer.
async function advise(words) {
  try {
    return JSON.parse((await run(program, ['advise', '--format', 'json', ...words])).stdout);
  } catch (error) {
    if (error.code !== 99) {
      throw error;
    }
    return JSON.parse(error.stdout);
  }
}

// Closed forms with logarithms of the gamma function, in two libraries.
function near(page, told, what) {
  assert.ok(Math.abs(page - told) <= 1e-6 * Math.abs(told) + 1e-12, `${what}: ${page}, ${told}`);
}

function assertAlike(told, what) {
  const needs = needsOf(told);
  const options = ranking(needs, told);
  assert.deepEqual(
    options.map(({ cell }) => cell.name),
    told.strategies.map(({ strategy }) => strategy),
    what,
  );
  options.forEach((one, i) => {
    const other = told.strategies[i];
    const where = `${what}: ${one.cell.name}`;
    assert.equal(one.fits, other.fits, where);
    assert.equal(one.objection, other.objection ?? '', where);
    assert.equal(one.tie, other.tie, where);
    assert.equal(one.scarcest, other.scarcest, where);
    near(one.share, other.servers, `${where} servers`);
    near(one.cores, other.cores, `${where} cores`);
    near(one.memory, other.memory_bytes, `${where} memory`);
    near(one.flow.ipBytes, other.ip_bytes_per_s, `${where} ip`);
    near(one.flow.requests, other.requests_per_s, `${where} requests`);
    near(one.flow.latency.mean * 1e9, other.latency_mean_ns, `${where} mean`);
    near(one.flow.latency.p99 * 1e9, other.latency_p99_ns, `${where} p99`);
    near(one.flow.latency.max * 1e9, other.latency_max_ns, `${where} max`);
  });
  const said = [...told.crossovers, ...told.remarks];
  const fixed = said.filter(({ text }) => /^(polls with a connection|a browser opens)/.test(text));
  assert.equal(fixed.length, 2, what);
  assert.deepEqual(
    sayings(needs, told),
    said.filter((one) => !fixed.includes(one)),
    what,
  );
}

const RATES = ['1/h', '6/min', '0.2/s', '3/s', '40/s', '900/s'];
const WAITS = ['30ms', '300ms', '2s', '90s', '2h'];
const TRIPS = ['0ms', '1ms', '45ms', '400ms'];
const SIZES = ['16B', '128B', '1400B', '70kB'];
const CROWDS = [['1', '1'], ['950', '10'], ['100k', '1'], ['100k', 'all'], ['2M', '50']];
const WAYS = [
  [],
  ['--upstream', '0.1/s'],
  ['--browsers', 'old'],
  ['--proxy', 'buffers', '--proxy', 'no-upgrade'],
  ['--proxy', 'idle=10s'],
  ['--proxy', 'idle=20s', '--upstream', '2/s'],
];

// Every pair of rate and wait, the rest in turns of different lengths, so that all meet all.
function grid() {
  const out = [];
  for (const rate of RATES) {
    for (const wait of WAITS) {
      for (let turn = 0; turn < 4; turn += 1) {
        const i = out.length;
        const [clients, fanOut] = CROWDS[i % CROWDS.length];
        const trip = wait === '30ms' ? TRIPS[i % 3] : TRIPS[(i + turn) % TRIPS.length];
        out.push([
          ...['--events-per-client', rate, '--staleness', wait, '--clients', clients],
          ...['--fan-out', fanOut, '--payload', SIZES[(i + Math.floor(i / 4)) % SIZES.length]],
          ...['--rtt', trip, ...WAYS[(i + Math.floor(i / 6)) % WAYS.length]],
        ]);
      }
    }
  }
  return out;
}

test('page and program give one advice for every workload of a grid', async () => {
  const cases = grid();
  let next = 0;
  let compared = 0;
  const work = async () => {
    while (next < cases.length) {
      const words = cases[next++];
      // The way alone may take longer than the wait that is asked for: the program refuses that.
      if (words.includes('30ms') && words.includes('400ms')) {
        continue;
      }
      assertAlike(await advise(words), words.join(' '));
      compared += 1;
    }
  };
  await Promise.all([work(), work()]);
  assert.ok(compared >= 110, `${compared} compared`);
});

test('a fitted model with a scaling law gives one advice too', async () => {
  const told = await advise(['--events-per-client', '5/s', '--staleness', '1s']);
  const model = structuredClone(told.costs);
  model.scaling = {
    single_per_s: 1000,
    contention: { state: 'given', value: 0.05 },
    coherency: { state: 'given', value: 0.002 },
    largest_n: 8,
    residual_worst: 0.01,
  };
  // As a fit has them and the shipped constants have not.
  for (const family of model.families) {
    family.wake_cpu_s = { state: 'given', value: 2e-5 };
    family.cold_cpu_s = { state: 'given', value: 9e-6 };
    family.idle_cores = { state: 'given', value: 1e-7 };
  }
  const file = join(folder, 'model.json');
  writeFileSync(file, JSON.stringify(model));
  const fewer = join(folder, 'fewer.json');
  const families = model.families.filter(({ family }) => family !== 'polling');
  writeFileSync(fewer, JSON.stringify({ ...model, families }));
  for (const way of WAYS) {
    for (const name of [file, fewer]) {
      const words = ['--events-per-client', '5/s', '--staleness', '1s', '--model', name, ...way];
      assertAlike(await advise(words), words.join(' '));
    }
  }
});
