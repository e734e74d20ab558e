#!/usr/bin/env python3
"""Usage: harness/stats/testdata/make_golden.py > harness/stats/testdata/golden.json

Makes the cases that the tests of harness/stats compare with. Needs SciPy (Debian's python3-scipy
1.10, with which the committed file was made); the tests read the file alone.

Sources: mann_whitney from scipy.stats.mannwhitneyu, two-sided, method exact and asymptotic; where
there are ties exact p-values by going through every split with itertools. Bootstrap intervals from
scipy.stats.bootstrap. Holm by hand from the definition. Change points from equations (5) and (6) of
Matteson and James 2014, summed as they stand. Hodges-Lehmann by numpy over all pairs.
"""
import itertools
import json
import random

import numpy
import scipy
from scipy import stats

DRAWS = 20000


def exact_with_ties(a, b):
    pooled = list(a) + list(b)
    ranks = stats.rankdata(pooled)
    seen = sum(ranks[:len(a)])
    sums = [sum(ranks[list(chosen)])
            for chosen in itertools.combinations(range(len(pooled)), len(a))]
    below = sum(s <= seen + 1e-9 for s in sums) / len(sums)
    above = sum(s >= seen - 1e-9 for s in sums) / len(sums)
    return min(1.0, 2 * min(below, above))


def rank_case(a, b):
    tied = len(set(a) | set(b)) < len(a) + len(b)
    normal = stats.mannwhitneyu(a, b, alternative='two-sided', method='asymptotic')
    exact = (exact_with_ties(a, b) if tied else
             stats.mannwhitneyu(a, b, alternative='two-sided', method='exact').pvalue)
    return {'a': a, 'b': b, 'u': normal.statistic, 'exact_p': exact, 'normal_p': normal.pvalue}


def rank_cases():
    rng = random.Random(1)
    cases = [([1], [2]), ([1, 2, 3], [4, 5, 6]), ([1, 2, 3, 4], [5, 6, 7, 8]),
             ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), ([3, 1, 2], [2, 2, 5]), ([1, 1, 2], [1, 2, 2, 3]),
             ([5.5, 5.5, 5.6, 5.7], [5.5, 5.6, 5.6, 5.9, 6.0]), ([7, 7, 7], [7, 7, 8]),
             (list(range(10)), list(range(10, 20)))]
    for n, m in ((5, 5), (9, 10), (10, 10), (3, 12), (20, 20), (30, 30)):
        cases.append(([round(rng.gauss(100, 5), 3) for _ in range(n)],
                      [round(rng.gauss(104, 5), 3) for _ in range(m)]))
    for n, m in ((6, 7), (8, 8)):
        cases.append(([rng.randrange(8) for _ in range(n)], [rng.randrange(9) for _ in range(m)]))
    return [rank_case(list(a), list(b)) for a, b in cases]


def ratio_cases():
    rng = random.Random(2)
    out = []
    for n, m in ((1, 1), (2, 3), (5, 5), (10, 10)):
        base = [round(rng.uniform(50, 60), 3) for _ in range(n)]
        head = [round(rng.uniform(55, 70), 3) for _ in range(m)]
        logs = [numpy.log(y) - numpy.log(x) for x in base for y in head]
        out.append({'base': base, 'head': head, 'ratio': float(numpy.exp(numpy.median(logs)))})
    return out


def bootstrap_cases():
    rng = random.Random(3)
    samples = {'normal': [round(rng.gauss(10, 2), 4) for _ in range(20)],
               'skewed': [round(rng.expovariate(0.2), 4) for _ in range(25)],
               'few': [4.1, 5.2, 4.7, 6.6, 5.0, 4.4, 5.9, 4.2, 5.1, 4.8]}
    out = []
    for name, sample in samples.items():
        for statistic in ('mean', 'median'):
            case = {'name': name, 'statistic': statistic, 'sample': sample, 'confidence': 0.95}
            for method in ('percentile', 'BCa'):
                got = stats.bootstrap((sample,), getattr(numpy, statistic), n_resamples=DRAWS,
                                      confidence_level=0.95, method=method, vectorized=False,
                                      random_state=numpy.random.default_rng(7))
                case[method.lower()] = [float(got.confidence_interval.low),
                                        float(got.confidence_interval.high)]
            out.append(case)
    return out


def best_cut(series, least):
    """Equations (5) and (6) with exponent 1; the first of the greatest."""
    best = (0, 0.0)
    for cut in range(least, len(series) - least + 1):
        for end in range(cut + least, len(series) + 1):
            x, y = series[:cut], series[cut:end]
            n, m = len(x), len(y)
            between = 2 / (n * m) * sum(abs(a - b) for a in x for b in y)
            in_x = sum(abs(a - b) for a, b in itertools.combinations(x, 2)) / (n * (n - 1) / 2)
            in_y = sum(abs(a - b) for a, b in itertools.combinations(y, 2)) / (m * (m - 1) / 2)
            value = n * m / (n + m) * (between - in_x - in_y)
            if value > best[1]:
                best = (cut, value)
    return best


def cut_cases():
    rng = random.Random(4)
    shapes = {'step': [100] * 12 + [110] * 12, 'flat': [100] * 20,
              'two': [10] * 10 + [14] * 8 + [9] * 9}
    out = []
    for name, shape in shapes.items():
        series = [round(rng.gauss(level, level * 0.02), 3) for level in shape]
        cut, value = best_cut(series, 5)
        out.append({'name': name, 'series': series, 'least': 5, 'cut': cut, 'statistic': value})
    return out


def main():
    holm = [{'p': [0.01, 0.04, 0.03, 0.005], 'adjusted': [0.03, 0.06, 0.06, 0.02]},
            {'p': [0.5], 'adjusted': [0.5]},
            {'p': [0.6, 0.7, 0.001], 'adjusted': [1.0, 1.0, 0.003]},
            {'p': [0.02, 0.02, 0.02], 'adjusted': [0.06, 0.06, 0.06]}]
    print(json.dumps({
        'made_by': 'harness/stats/testdata/make_golden.py', 'scipy': scipy.__version__,
        'mann_whitney': rank_cases(), 'median_ratio': ratio_cases(), 'holm': holm,
        'bootstrap': bootstrap_cases(), 'best_cut': cut_cases()}, indent=1))


if __name__ == '__main__':
    main()
