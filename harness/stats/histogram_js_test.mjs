// Proves that npm hdr-histogram-js, an independent implementation, reads what Histogram writes and
// the other way round, and prints the same percentile text.
//   PUSHBENCH_NODE_MODULES=<folder> node histogram_js_test.mjs <hdr_dump>
// NODE_PATH does not reach ES modules, hence createRequire.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import process from "node:process";

const PERCENTILES = [50, 90, 99, 99.9];
const HELPER_TIMEOUT_MS = 30_000;

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function load_hdr() {
  const folder = process.env.PUSHBENCH_NODE_MODULES;
  if (!folder) {
    fail("PUSHBENCH_NODE_MODULES is not set; it must name the node_modules folder that holds " +
      "hdr-histogram-js");
  }
  if (!existsSync(join(folder, "hdr-histogram-js", "package.json"))) {
    fail(`hdr-histogram-js is not in ${folder}; run "npm ci" beside that folder, or set ` +
      "PUSHBENCH_NODE_MODULES to a node_modules folder that holds it");
  }
  return createRequire(join(resolve(folder), "from-here.js"))("hdr-histogram-js");
}

const helper = process.argv[2];
if (!helper || !existsSync(helper)) {
  fail(`the helper program ${helper ?? "(no argument)"} does not exist; build the target ` +
    "hdr_dump and pass its path");
}
const hdr = load_hdr();

function run_helper(args, input) {
  const done = spawnSync(helper, args, { input, encoding: "utf8", timeout: HELPER_TIMEOUT_MS });
  assert.equal(done.error, undefined);
  assert.equal(done.status, 0, `hdr_dump ${args.join(" ")}: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

// A small linear congruential generator (Numerical Recipes' constants): the same values every time.
function make_random(seed) {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

function draw(count, seed, next) {
  const random = make_random(seed);
  return Array.from({ length: count }, () => [Math.floor(next(random)), 1]);
}

const HOUR = 3_600_000_000_000;
const exponential = (random) => -2e6 * Math.log(1 - random());
const two_modes = (random) => (random() < 0.1 ? 5e8 : 3e4) * (1 + 0.1 * random());
// Any power of ten from 1 ns to 1,000 s, so that every bucket size occurs.
const all_sizes = (random) => 10 ** (12 * random());
const CASES = [
  { name: "empty", shape: [1, HOUR, 3], values: [] },
  { name: "a single zero", shape: [1, HOUR, 3], values: [[0, 1]] },
  { name: "a single value", shape: [1, HOUR, 3], values: [[123_456_789, 1]] },
  { name: "1 to 1,499", shape: [1, HOUR, 3],
    values: Array.from({ length: 1499 }, (_, i) => [i + 1, 1]) },
  { name: "exponential", shape: [1, HOUR, 3], values: draw(2000, 1, exponential) },
  { name: "two modes", shape: [1, HOUR, 3], values: draw(2000, 2, two_modes) },
  { name: "all sizes", shape: [1, HOUR, 3], values: draw(2000, 3, all_sizes) },
  { name: "1 digit", shape: [1, HOUR, 1], values: draw(2000, 4, all_sizes) },
  { name: "4 digits", shape: [1, HOUR, 4], values: draw(2000, 5, all_sizes) },
  { name: "5 digits", shape: [1, 1_000_000_000, 5], values: draw(2000, 6, exponential) },
  { name: "units of 1 us", shape: [1000, HOUR, 3], values: draw(2000, 7, all_sizes) },
  { name: "large counts", shape: [1, HOUR, 3],
    values: [[100, 1], [1_000, 300], [10_000, 70_000], [1e6, 2 ** 31 + 9], [5e8, 2 ** 45 + 3],
      [HOUR, 1]] },
];

function close(actual, expected, relative, what) {
  const allowed = Math.abs(expected) * relative;
  assert.ok(Math.abs(actual - expected) <= allowed, `${what}: ${actual} is not near ${expected}`);
}

// 2 ** floor(log2(lowest)): the step in which such a histogram counts.
const unit_of = (lowest) => 2 ** Math.floor(Math.log2(lowest));

function figures_of(histogram, lowest) {
  const zeros = histogram.getCountAtIndex(0);
  const figures = {
    count: histogram.totalCount,
    min: histogram.totalCount === 0 || zeros > 0 ? 0 : histogram.minNonZeroValue,
    // hdr-histogram-js adds the unit's mask to a maximum that already includes it.
    max: histogram.totalCount === 0 ? 0 : histogram.maxValue - (unit_of(lowest) - 1),
    mean: histogram.mean,
    deviation: histogram.stdDeviation,
  };
  for (const percent of PERCENTILES) {
    figures[`p${percent}`] = histogram.getValueAtPercentile(percent);
  }
  return figures;
}

function compare(ours, theirs, name) {
  for (const key of ["count", "min", "max", ...PERCENTILES.map((percent) => `p${percent}`)]) {
    assert.equal(ours[key], theirs[key], `${name}: ${key}`);
  }
  close(ours.mean, theirs.mean, 1e-12, `${name}: mean`);
  close(ours.deviation, theirs.deviation, 1e-9, `${name}: deviation`);
}

// Byte for byte, but for numbers that end in an exact tie: there the two round differently, as
// HdrHistogram's own Java and C writers do. They then differ by one in the last printed digit.
function compare_texts(ours, theirs, name) {
  const split = (text) => text.split(/(-?\d+\.\d+|\d+)/);
  const [left, right] = [split(ours), split(theirs)];
  assert.equal(left.length, right.length, `${name}: percentile text has other lines`);
  left.forEach((piece, i) => {
    if (piece !== right[i]) {
      const decimals = piece.split(".")[1]?.length ?? 0;
      assert.equal(right[i].length, piece.length, `${name}: ${piece} against ${right[i]}`);
      assert.ok(Math.abs(piece - right[i]) < 1.5 * 10 ** -decimals && decimals > 0,
        `${name}: percentile text has ${piece} where ${right[i]} was expected`);
    }
  });
}

function check_ours_read_there({ name, shape, values }) {
  const [lowest, highest, digits] = shape;
  const input = values.map(([value, times]) => `${value} ${times}\n`).join("");
  const ours = run_helper(["encode", ...shape.map(String)], input);
  const theirs = hdr.decodeFromCompressedBase64(ours.hdr, 64, false);
  assert.equal(theirs.lowestDiscernibleValue, lowest, name);
  assert.equal(theirs.highestTrackableValue, highest, name);
  assert.equal(theirs.numberOfSignificantValueDigits, digits, name);
  const figures = figures_of(theirs, lowest);
  compare(ours.back, figures, name);
  // What we knew before the encoding, to the resolution of the buckets.
  const width = 10 ** -digits;
  for (const key of ["min", "max", "mean", ...PERCENTILES.map((percent) => `p${percent}`)]) {
    const allowed = Math.max(ours.exact[key] * width, unit_of(lowest) - 1);
    assert.ok(Math.abs(ours.exact[key] - figures[key]) <= allowed, `${name}: exact ${key}`);
  }
  if (lowest === 1) {
    const text = theirs.outputPercentileDistribution(5, 10 ** digits);
    if (theirs.totalCount < 4096) {  // ties need more halvings than so few values give
      assert.equal(ours.hgrm, text, `${name}: percentile text`);
    } else {
      compare_texts(ours.hgrm, text, name);
    }
  }
}

function check_theirs_read_here({ name, shape, values }, autoResize) {
  const [lowest, highest, digits] = shape;
  const theirs = hdr.build({
    lowestDiscernibleValue: lowest,
    highestTrackableValue: autoResize ? 2 * lowest : highest,
    numberOfSignificantValueDigits: digits,
    bitBucketSize: 64,
    autoResize,
    useWebAssembly: false,
  });
  values.forEach(([value, times]) => theirs.recordValueWithCount(value, times));
  const text = hdr.encodeIntoCompressedBase64(theirs);
  // Their own reading of it, because a live histogram knows minimum and maximum more exactly.
  const again = hdr.decodeFromCompressedBase64(text, 64, false);
  const ours = run_helper(["decode"], text);
  compare(ours, figures_of(again, lowest), `${name}, written by JavaScript`);
}

for (const each of CASES) {
  check_ours_read_there(each);
  check_theirs_read_here(each, false);
  check_theirs_read_here(each, true);
}
console.log(`${CASES.length} histograms agree both ways`);
