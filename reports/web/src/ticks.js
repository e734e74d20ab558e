// Where axes have their marks.

const LN10 = Math.log(10);

// Lowest and highest; a spread call would fail on very many.
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  return [low, high];
}

export function log10(value) {
  return Math.log(value) / LN10;
}

// Round values for a logarithmic axis: every power of ten, and between them the fewer the more
// powers there are.
export function logTicks(low, high) {
  const decades = log10(high / low);
  const steps =
    decades > 3.5
      ? [1]
      : decades > 1.8
        ? [1, 3]
        : decades > 0.9
          ? [1, 2, 5]
          : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const out = [];
  for (let power = Math.floor(log10(low)); power <= Math.ceil(log10(high)); power += 1) {
    for (const step of steps) {
      const at = Number(`${step}e${power}`);
      if (at >= low && at <= high) {
        out.push(at);
      }
    }
  }
  return out;
}

const WANTED = 5;

// 1, 2 or 5 times a power of ten, about five of them.
export function linearTicks(low, high) {
  const rough = (high - low || 1) / WANTED;
  const power = 10 ** Math.floor(log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const out = [];
  for (let i = Math.ceil(low / step); i * step <= high * (1 + 1e-9); i += 1) {
    out.push(i * step);
  }
  return out;
}

const ROOM_FOR_0 = 110; // pixels a decade, below which 0 % would touch 50 %

// 1/(1-p): 0 %, 50 %, 90 %, 99 % …
export function percentileTicks(low, high, width) {
  const out = width / log10(high / low) < ROOM_FOR_0 ? [2] : [1, 2];
  for (let at = 10; at <= high; at *= 10) {
    out.push(at);
  }
  return out.filter((at) => at >= low && at <= high);
}
