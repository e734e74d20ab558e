// Values as people write them into scenarios and into inputs ("250ms", "1m30s", "128B", "6/min",
// "10k"), read as harness/plan/units.h reads them; null where it would refuse.

const TIME = { h: 3600e9, m: 60e9, min: 60e9, s: 1e9, ms: 1e6, us: 1e3, µs: 1e3, μs: 1e3, ns: 1 };
const SIZE = { B: 1, kB: 1e3, MB: 1e6, KiB: 1024, MiB: 1024 ** 2, GB: 1e9, GiB: 1024 ** 3 };
const PER = { s: 1, min: 60, h: 3600 };
const NUMBER = '\\d+(?:\\.\\d+)?';

const matched = (text, pattern) => new RegExp(`^${pattern}$`).exec(text.trim());

// ns
export function readDuration(text) {
  const whole = matched(text, `(?:${NUMBER}(?:h|min|m|s|ms|us|µs|μs|ns))+`);
  if (!whole) {
    return null;
  }
  let [sum, before] = [0, Infinity];
  for (const [, number, unit] of text.matchAll(
    new RegExp(`(${NUMBER})(h|min|ms|m|s|us|µs|μs|ns)`, 'g'),
  )) {
    if (TIME[unit] >= before) {
      return null;
    }
    before = TIME[unit];
    sum += Number(number) * before;
  }
  return sum;
}

export function readSize(text) {
  const found = matched(text, `(${NUMBER})(B|kB|MB|GB|KiB|MiB|GiB)`);
  return found ? Number(found[1]) * SIZE[found[2]] : null;
}

// per second
export function readRate(text) {
  const found = matched(text, `(${NUMBER})/(s|min|h)`);
  return found ? Number(found[1]) / PER[found[2]] : null;
}

export function readCount(text) {
  const found = matched(text.replace(/(?<=\d)[_,](?=\d)/g, ''), '(\\d+)([kM]?)');
  return found ? Number(found[1]) * ({ k: 1e3, M: 1e6 }[found[2]] ?? 1) : null;
}

// 0 to 1: "40%", "40 %", "0.4"
export function readShare(text) {
  const found = matched(text, `(${NUMBER}) ?(%?)`);
  const share = found ? Number(found[1]) / (found[2] ? 100 : 1) : null;
  return share !== null && share <= 1 ? share : null;
}

const READERS = [
  ['ns', readDuration],
  ['bytes', readSize],
  ['per_s', readRate],
  ['count', readCount],
];

// {value, unit} of any of them.
export function readQuantity(text) {
  for (const [unit, read] of READERS) {
    const value = read(text);
    if (value !== null) {
      return { value, unit };
    }
  }
  return null;
}
