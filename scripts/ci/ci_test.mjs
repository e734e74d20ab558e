// The files for GitHub and GitLab: valid for a validator that knows nothing of us
// (action-validator) and for the keywords of GitLab's reference, their shell parts clean for
// shellcheck, and every option that they give `run` and `export` one of the binary's.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import assert from "node:assert/strict";
import test from "node:test";

const modules = process.env.PUSHBENCH_NODE_MODULES;
const source = process.env.PUSHBENCH_SOURCE_DIR;
const binary = process.env.PUSHBENCH_BIN;
assert.ok(modules && source && binary,
  "set PUSHBENCH_NODE_MODULES, PUSHBENCH_SOURCE_DIR and PUSHBENCH_BIN");
const require = createRequire(join(modules, "x.js"));
const { validateAction } = require("@action-validator/core");
const Ajv = require("ajv/dist/2020").default;
const yaml = require("yaml");

const folder = join(source, "scripts", "ci");
const action_text = readFileSync(join(folder, "action.yml"), "utf8");
const action = yaml.parse(action_text);
const gitlab = yaml.parse(readFileSync(join(folder, "gitlab.yml"), "utf8"));

const lines = { type: "array", items: { type: "string" }, minItems: 1 };
const job = {
  type: "object",
  additionalProperties: false,
  required: ["script"],
  properties: {
    variables: { type: "object", additionalProperties: { type: ["string", "integer"] } },
    script: lines,
    after_script: lines,
    rules: { type: "array", items: { type: "object", required: ["if"] } },
    allow_failure: {
      type: "object",
      additionalProperties: false,
      properties: { exit_codes: { type: "array", items: { type: "integer" } } },
    },
    artifacts: {
      type: "object",
      additionalProperties: false,
      properties: {
        when: { enum: ["on_success", "on_failure", "always"] },
        paths: lines,
        reports: {
          type: "object",
          additionalProperties: false,
          properties: { junit: { type: "string" }, metrics: { type: "string" } },
        },
      },
    },
  },
};

function shell_parts() {
  const parts = action.runs.steps.filter((step) => step.run).map((step) => step.run);
  for (const one of Object.values(gitlab)) {
    parts.push(...one.script, ...(one.after_script ?? []));
  }
  return parts;
}

test("the action is one, and short", () => {
  assert.deepEqual(validateAction(action_text).errors, []);
  assert.notDeepEqual(validateAction(action_text.replace("using:", "usign:")).errors, []);
  assert.ok(action_text.split("\n").length < 40);
});

// A scenario's name that is put into a script by ${{ }} could be a command.
test("inputs reach the shell as variables only", () => {
  for (const part of shell_parts()) {
    assert.ok(!part.includes("${{"), part);
  }
});

test("the templates hold keywords of GitLab and nothing else", () => {
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(job);
  for (const [name, content] of Object.entries(gitlab)) {
    assert.ok(name.startsWith("."), `${name} would run by itself`);
    assert.ok(validate(content), `${name}: ${JSON.stringify(validate.errors)}`);
  }
  assert.ok(!validate({ scripts: ["x"] }));
});

test("shellcheck finds nothing", () => {
  for (const part of shell_parts()) {
    const found = spawnSync("shellcheck", ["--shell=bash", "-"], { input: part, encoding: "utf8" });
    assert.equal(found.status, 0, `${part}\n${found.stdout}${found.stderr}`);
  }
});

test("every option of run, export and compare is one of the binary's", () => {
  let seen = 0;
  for (const part of shell_parts()) {
    for (const [, command, rest] of part.matchAll(/pushbench"? (\w+)((?:[^|\n]|\\\n)*)/g)) {
      if (!["run", "export", "compare"].includes(command)) {
        continue;
      }
      const help = execFileSync(binary, [command, "--help"], { encoding: "utf8" });
      for (const [, option] of rest.matchAll(/\s(--?[a-z][a-z-]*)/g)) {
        assert.ok(help.includes(option), `${command} has no ${option}`);
        seen += 1;
      }
    }
  }
  assert.ok(seen >= 11, `${seen}`);
});
