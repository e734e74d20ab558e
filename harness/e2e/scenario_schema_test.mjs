// Every shipped scenario is valid under the schema that the binder prints, by a validator that
// knows nothing of us (ajv), and mistakes that the binder refuses are refused by the schema too.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import assert from "node:assert/strict";
import test from "node:test";

const modules = process.env.PUSHBENCH_NODE_MODULES;
const source = process.env.PUSHBENCH_SOURCE_DIR;
const binary = process.env.PUSHBENCH_BIN;
const needed = "PUSHBENCH_NODE_MODULES, PUSHBENCH_SOURCE_DIR and PUSHBENCH_BIN";
assert.ok(modules && source && binary, `set ${needed}`);
const require = createRequire(join(modules, "x.js"));
const Ajv = require("ajv/dist/2020").default;
const yaml = require("yaml");

const schema = JSON.parse(execFileSync(binary, ["schema"], { encoding: "utf8" }));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

test("every shipped scenario is valid", () => {
  const files = readdirSync(join(source, "scenarios")).filter((name) => name.endsWith(".yaml"));
  assert.ok(files.length >= 5);
  for (const file of files) {
    const scenario = yaml.parse(readFileSync(join(source, "scenarios", file), "utf8"));
    assert.ok(validate(scenario), `${file}: ${JSON.stringify(validate.errors)}`);
  }
});

test("loads that change are valid", () => {
  const good = { name: "x", strategies: [{ websocket: {} }] };
  for (const load of [
    { clients: { steps: [{ at: "0s", clients: 5 }, { at: "1m", clients: "2k" }] } },
    { events: { rate: { ramp: { from: "1/s", to: "100/s", over: "60s" } } } },
    { events: { rate: { daily: { low: "0/s", high: "2.5/s", "peak-at": "20h30m" } } } },
    { clients: { hourly: { mean: 50, weights: Array(24).fill(0.5), period: "4m" } } },
  ]) {
    assert.ok(validate({ ...good, ...load }), JSON.stringify(validate.errors));
  }
});

test("mistakes are not valid", () => {
  const good = { name: "x", strategies: [{ websocket: {} }] };
  assert.ok(validate(good), JSON.stringify(validate.errors));
  for (const bad of [
    { ...good, cleints: 5 },
    { ...good, strategies: [{ telepathy: {} }] },
    { ...good, strategies: [{ polling: { interval: "soon" } }] },
    { ...good, events: { rate: "fast" } },
    { ...good, events: { rate: { steps: [] } } },
    { ...good, events: { rate: { steps: [{ at: "0s", clients: 5 }] } } },
    { ...good, events: { rate: { ramp: { from: "1/s" } } } },
    { ...good, clients: { ramp: { from: 1, to: 2 }, daily: { low: 1, high: 2 } } },
    { ...good, clients: { hourly: { mean: 5, weights: [1, 2, 3] } } },
    { ...good, strategies: [] },
  ]) {
    assert.ok(!validate(bad), JSON.stringify(bad));
  }
});
