// Figures for people, as harness/base/text.h writes them: three significant digits and units.

const TIE = /^5(0*)$/;

// What lies in the middle goes to the even digit, as in C++; toFixed() alone takes the larger.
export function fixed(value, digits) {
  const [whole, rest] = Math.abs(value).toFixed(digits + 25).split('.');
  const kept = BigInt(whole + rest.slice(0, digits));
  if (!TIE.test(rest.slice(digits)) || kept % 2n === 1n) {
    return value.toFixed(digits);
  }
  const text = String(kept).padStart(digits + 1, '0');
  const sign = value < 0 ? '-' : '';
  const at = text.length - digits;
  return sign + (digits ? `${text.slice(0, at)}.${text.slice(at)}` : text);
}

function threeDigits(value) {
  const size = Math.abs(value);
  return fixed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

function grouped(value) {
  return BigInt(Math.round(value))
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

export function duration(ns) {
  const size = Math.abs(ns);
  if (size < 999.5) {
    return `${Math.round(ns)} ns`;
  }
  if (size < 999.5e3) {
    return `${threeDigits(ns / 1e3)} µs`;
  }
  if (size < 999.5e6) {
    return `${threeDigits(ns / 1e6)} ms`;
  }
  if (size < 119.5e9) {
    return `${threeDigits(ns / 1e9)} s`;
  }
  const seconds = Math.round(ns / 1e9);
  const minutes = `${Math.trunc(seconds / 60)} min`;
  return seconds % 60 === 0 ? minutes : `${minutes} ${Math.abs(seconds % 60)} s`;
}

export function bytes(value) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit + 1 < units.length) {
    value /= 1000;
    unit += 1;
  }
  const whole = unit === 0 && value === Math.floor(value);
  return `${whole ? value.toFixed(0) : threeDigits(value)} ${units[unit]}`;
}

export function count(value) {
  if (value < 0) {
    return `-${count(-value)}`;
  }
  return value >= 999.5 || value === Math.floor(value) ? grouped(value) : threeDigits(value);
}

const UNITS = {
  ns: { human: duration, word: 'ns' },
  bytes: { human: bytes, word: 'B' },
  per_s: { human: (value) => `${count(value)}/s`, word: '/s' },
  count: { human: count, word: '' },
  ratio: { human: count, word: '' },
  share: { human: (value) => `${count(value * 100)} %`, word: '' },
  seconds: { human: (value) => `${count(value)} s`, word: 's' },
};

export function human(value, unit) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return '-';
  }
  return (UNITS[unit] ?? UNITS.count).human(value);
}

// The number as the file holds it, with its unit.
export function exact(value, unit) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return '-';
  }
  const word = (UNITS[unit] ?? UNITS.count).word;
  const [whole, rest] = String(value).split('.');
  const digits = /^-?\d+$/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return digits + (rest ? `.${rest}` : '') + (word ? ` ${word}` : '');
}

// A metric of a cell: absent percentiles were withheld.
export function figure(metric, value, exactly) {
  if (value === undefined || value === null) {
    return metric.quantile > 0 ? 'n too small' : '-';
  }
  return exactly ? exact(value, metric.unit) : human(value, metric.unit);
}

// "99.9 %" for 1,000: the share that lies below a point of the 1/(1-p) axis.
export function percentile(beyond) {
  const p = 100 - 100 / beyond;
  const digits = Math.max(0, Math.ceil(Math.log10(beyond) - 2 - 1e-9));
  const shown = p.toFixed(Math.min(digits + (beyond % 10 && beyond < 1e6 ? 1 : 0), 9));
  return `${shown.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')} %`;
}
