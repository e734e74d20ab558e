// Exports of the example results, read by npm modules that know nothing of us: hdr-histogram-js for
// the log and the percentiles, yaml for Otava's tests.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";
import test from "node:test";

const modules = process.env.PUSHBENCH_NODE_MODULES;
const source = process.env.PUSHBENCH_SOURCE_DIR;
const binary = process.env.PUSHBENCH_BIN;
assert.ok(modules && source && binary,
  "set PUSHBENCH_NODE_MODULES, PUSHBENCH_SOURCE_DIR and PUSHBENCH_BIN");
const require = createRequire(join(modules, "x.js"));
const hdr = require("hdr-histogram-js");
const yaml = require("yaml");

const valid = join(source, "reports", "golden", "chat.json");
const result = JSON.parse(readFileSync(valid, "utf8"));

// The files of the format, as a map from name to text.
function exported(to, names) {
  const out = mkdtempSync(join(tmpdir(), "export-"));
  try {
    execFileSync(binary, ["export", "--to", to, "--out", out, valid]);
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(out, name), "utf8")]));
  } finally {
    rmSync(out, { recursive: true });
  }
}

test("the log has one interval a cell, with its tag, its time and its histogram", () => {
  const log = exported("hlog", ["latency.hlog"])["latency.hlog"];
  const reader = new hdr.HistogramLogReader(log);
  const parts = new Map();
  const nextWhole = () => {
    for (;;) {
      const histogram = reader.nextIntervalHistogram();
      if (!histogram?.tag.endsWith(";over-time")) return histogram;
      parts.set(histogram.tag, (parts.get(histogram.tag) ?? 0) + histogram.totalCount);
    }
  };
  for (const cell of result.cells) {
    const histogram = nextWhole();
    assert.ok(histogram, cell.name);
    assert.equal(histogram.tag, `chat/${cell.name.replaceAll(",", ";")}`);
    assert.equal(histogram.totalCount, cell.histograms.latency.count);
    assert.equal(histogram.getValueAtPercentile(50), cell.metrics.latency_p50_ns);
    assert.equal(histogram.getValueAtPercentile(99), cell.metrics.latency_p99_ns);
    const began = Date.parse("2026-11-21T01:43:00Z") + 5100;
    const from = histogram.startTimeStampMsec;
    assert.ok(Math.abs(from - began) <= 1, `${from}`);
    const length = histogram.endTimeStampMsec - from;
    assert.ok(Math.abs(length - 10_000) <= 1, `${length}`);
  }
  assert.equal(nextWhole(), null);
  for (const cell of result.cells) {
    const received = cell.series.received_per_s.reduce((sum, n) => sum + n, 0);
    assert.equal(parts.get(`chat/${cell.name.replaceAll(",", ";")};over-time`), received);
  }
});

test("otava.yaml names columns that the table has, each with its direction", () => {
  const files = exported("otava", ["chat.csv", "otava.yaml"]);
  const { tests } = yaml.parse(files["otava.yaml"]);
  assert.deepEqual(Object.keys(tests), ["chat"]);
  assert.equal(tests.chat.type, "csv");
  assert.equal(tests.chat.file, "chat.csv");
  const heads = files["chat.csv"].split("\n")[0];
  const metrics = Object.entries(tests.chat.metrics);
  assert.ok(metrics.length > 100);
  for (const [name, { direction, scale }] of metrics) {
    assert.ok(heads.includes(name.includes(",") ? `"${name}"` : name), name);
    assert.ok(direction === 1 || direction === -1);
    assert.equal(scale, 1);
  }
  assert.equal(tests.chat.metrics["chat/websocket/latency-p99-ns"].direction, -1);
  assert.equal(tests.chat.metrics["chat/websocket/received-per-s"].direction, 1);
});
