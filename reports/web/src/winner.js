// Which cell of a sweep's point has the best value of a metric, and how much better than the next:
// as winner_of() of harness/study/sweep.h.

export const TIE = 1.05;

// {cell, value, next?, margin, tie} or null. Cells that lost events do not compete.
export function winnerOf(point, metric) {
  const field = point.cells
    .filter((cell) => cell.sound && cell.metrics[metric.name] !== undefined)
    .map((cell) => ({ cell: cell.cell, value: cell.metrics[metric.name] }));
  if (field.length === 0) {
    return null;
  }
  field.sort((a, b) => (metric.better === 'more' ? b.value - a.value : a.value - b.value));
  const [best, next] = field;
  if (!next) {
    return { ...best, margin: 1, tie: false };
  }
  const margin = ratio(best.value, next.value);
  return { ...best, next: next.cell, margin, tie: margin < TIE };
}

// The larger over the smaller.
export function ratio(a, b) {
  const low = Math.min(a, b);
  return low > 0 ? Math.max(a, b) / low : a === b ? 1 : Infinity;
}

// "1.38x", "2534x"
export function timesText(times) {
  return Number.isFinite(times) ? `${times.toFixed(times < 99.995 ? 2 : 0)}x` : 'beyond measure';
}

export function leadText(winner) {
  if (!winner.next) {
    return 'alone';
  }
  return winner.tie ? 'tie' : timesText(winner.margin);
}

export function reasonWithout(point) {
  return { pending: 'not run yet', impossible: 'impossible' }[point.status] ?? 'no sound figure';
}
