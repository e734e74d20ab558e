// The trials of a capacity search judged by other bounds, and the largest load that holds by them:
// as judge_figures() of harness/study/trial_judge.h and knee_of() of harness/study/knee_search.h.
// study_test.mjs holds both against the program.
import { duration, human } from './format.js';
import { readCount, readDuration, readRate, readSize } from './quantity.js';

const BUSY = 0.9; // of a processor
const CONFIRMATIONS = 3;
const CROSSINGS = 2; // of a load, by the server
const BLAMINGS = 4; // likewise, whoever gave out
const RESOLUTION = 0.05;
const CAUSES = [
  ['latency', 'latency'],
  ['fan_out', 'latency'],
  ['client_p', 'latency'],
  ['setup', 'latency'],
  ['lost', 'loss'],
  ['late', 'loss'],
  ['gaps', 'loss'],
  ['delivered', 'loss'],
  ['cpu', 'server processor'],
  ['memory', 'memory'],
  ['sockets', 'sockets'],
  ['time_wait', 'sockets'],
];
const causeOf = (metric) => CAUSES.find(([part]) => metric.includes(part))?.[1] ?? 'another bound';

// Loads that can be raised, as harness/study/axis.h has them.
export const AXES = {
  clients: { unit: 'count', words: 'clients', most: 1e6, whole: true, read: readCount },
  'events.rate': { unit: 'count', words: 'events/s', most: 1e6, whole: false, read: readRate },
  payload: { unit: 'bytes', words: '', most: 1024 * 1024, whole: true, read: readSize },
};

export const loadText = (axis, load) =>
  `${human(load, AXES[axis].unit)} ${AXES[axis].words}`.trim();

const HOLDS = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '>=': (a, b) => a >= b,
  '>': (a, b) => a > b,
};

const withoutUnit = (name) =>
  name
    .split('_')
    .filter((word) => word !== 'ns' && word !== 'bytes')
    .join('_');

function metricOf(spelling, metrics) {
  const plain = spelling.replace(/[.-]/g, '_').replace('p99_9', 'p999');
  const name = spelling === 'rate' ? 'received_per_s' : plain;
  const all = [...metrics.values()];
  return metrics.get(name) ?? all.find((one) => withoutUnit(one.name) === name);
}

const EXPECTED = { ns: 'a time such as 20ms', bytes: 'a size such as 200B', per_s: 'a rate' };

const TARGETS = ['received_per_s', 'delivered', 'published'];
const PLAIN = ['count', 'ratio', 'per_s'];

function limitOf(text, metric) {
  const part = /^(\d+(?:\.\d+)?)(%?)(\s*\*\s*target)?$/.exec(text === 'target' ? '1*target' : text);
  if (part) {
    const number = Number(part[1]) / (part[2] ? 100 : 1);
    const target = Boolean(part[3]);
    const fits = target ? TARGETS.includes(metric.name) : PLAIN.includes(metric.unit);
    return fits || (!target && number === 0) ? { limit: number, target } : null;
  }
  const read = { ns: readDuration, bytes: readSize, per_s: readRate }[metric.unit];
  const limit = read ? read(text) : null;
  return limit === null ? null : { limit, target: false };
}

// "latency.p99 < 20ms": {text, metric, op, limit, target}, or {problem}.
export function readBound(text, metrics) {
  const found = /^\s*([\w.-]+)\s*(<=|>=|==|<|>)\s*(.+?)\s*$/.exec(text);
  if (!found) {
    return { problem: 'Expected a metric, one of < <= == >= > and a limit: latency.p99 < 20ms.' };
  }
  const metric = metricOf(found[1], metrics);
  if (!metric) {
    return { problem: `${found[1]} is no metric; reports/README.md lists them.` };
  }
  const limit = limitOf(found[3], metric);
  return limit
    ? { text: text.trim(), spelling: found[1], metric, op: found[2], ...limit }
    : { problem: `${found[1]} is compared with ${EXPECTED[metric.unit] ?? 'a number'}.` };
}

function crossed(figures, bound, actual, limit) {
  const { metric } = bound;
  const shown = human(actual, metric.unit);
  const was = `${bound.spelling} was ${shown}, asked for is ${bound.text}`;
  const share = figures.server_share;
  const used =
    share === undefined ? '' : `; the server used ${(share * 100).toFixed(0)} % of a processor`;
  const cause = causeOf(metric.name);
  const excusable = cause === 'latency' && !(share >= BUSY);
  if (excusable && share !== undefined && figures.shortage) {
    const text = `${was}${used}, and ${figures.shortage}`;
    return { outcome: 'generator', cause: 'generator', text };
  }
  if (excusable && actual - figures.own_lag_ns < limit) {
    const own = duration(figures.own_lag_ns);
    const text = `${was}, of which ${own} may be lag of the generator or of its host`;
    return { outcome: 'generator', cause: 'generator', text };
  }
  return { outcome: 'crossed', cause, text: was + used };
}

function judged(figures, bounds) {
  if (figures.before) {
    return figures.before;
  }
  let unjudged = null;
  for (const bound of bounds) {
    const actual = figures.metrics[bound.metric.name];
    const part = bound.target ? figures.targets[bound.metric.name] : 1;
    if (actual === undefined || part === undefined) {
      unjudged ??= bound;
    } else if (!HOLDS[bound.op](actual, bound.limit * part)) {
      return crossed(figures, bound, actual, bound.limit * part);
    }
  }
  if (figures.behind) {
    return figures.behind;
  }
  return unjudged
    ? {
        outcome: 'generator',
        cause: 'generator',
        text: `${unjudged.text} cannot be judged: too few events were measured`,
      }
    : { outcome: 'held', cause: 'nothing', text: '' };
}

// The trials of a search by these bounds; what was never measured stays as it is.
export function judgeAnew(search, bounds) {
  return search.trials.map((trial) =>
    trial.figures ? { ...trial, ...judged(trial.figures, bounds) } : trial,
  );
}

function belief(votes) {
  const against = votes.crossed + votes.generator;
  const enough = votes.crossed >= CROSSINGS || against >= BLAMINGS;
  if (votes.impossible || (enough && against > votes.held)) {
    return 'fails';
  }
  const holds = votes.held >= 1 && (against === 0 || (votes.held >= 2 && votes.held > against));
  return holds ? 'holds' : 'unknown';
}

function tally(trials) {
  const out = new Map();
  for (const { load, purpose, outcome } of trials) {
    if (purpose !== 'overload' && purpose !== 'from-above') {
      const none = { held: 0, crossed: 0, generator: 0, impossible: 0 };
      const at = out.get(load) ?? out.set(load, none).get(load);
      at[outcome] += 1;
    }
  }
  return [...out].sort(([a], [b]) => a - b);
}

function nearEnough(axis, low, high) {
  if (high / low <= 1 + RESOLUTION) {
    return true;
  }
  const middle = Math.sqrt(low * high);
  const whole = axis.whole ? Math.round(middle) : middle;
  return !(whole > low && whole < high);
}

// {held?, failed?, byGenerator, impossible, atLeast, confirmed, resolved, staysDown?, because?}
export function kneeOf(search, trials) {
  const axis = AXES[search.axis];
  const counted = tally(trials);
  const fails = counted.findIndex(([, votes]) => belief(votes) === 'fails');
  const below = fails < 0 ? counted : counted.slice(0, fails);
  const low = below.findLast(([, votes]) => belief(votes) === 'holds');
  const high = fails < 0 ? undefined : counted[fails];
  const out = { held: low?.[0], failed: high?.[0], confirmed: false, resolved: false };
  out.impossible = Boolean(high?.[1].impossible);
  out.byGenerator = Boolean(high) && !out.impossible && high[1].crossed < CROSSINGS;
  out.atLeast = !high || out.byGenerator || out.impossible;
  if (low) {
    const { held, crossed: over, generator } = low[1];
    out.confirmed = held >= CONFIRMATIONS && held > over + generator;
    out.resolved = high ? nearEnough(axis, low[0], high[0]) : low[0] >= axis.most;
    const again = trials.filter((one) => one.purpose === 'from-above' && one.load === low[0]);
    if (again.length) {
      out.staysDown = again.every(({ outcome }) => outcome !== 'held');
    }
  }
  out.because = trials.findLast((one) => one.load === out.failed && one.outcome !== 'held');
  return out;
}

// So many servers for `wanted`, each kept `headroom` below what it holds, and `spare` more.
export const serversFor = (wanted, held, headroom, spare) =>
  Math.ceil(wanted / (held * (1 - headroom)) - 1e-9) + spare;

