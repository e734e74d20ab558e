"""How often something was found in how many trials: exact intervals of shares, and a table of them
for the reports of scripts/gate_trials and scripts/answers. Knows no process, clock or file.
"""
import math

BISECTIONS = 60


def at_most(k, n, p):
    """The probability of at most k successes in n trials of probability p."""
    return sum(math.comb(n, i) * p ** i * (1 - p) ** (n - i) for i in range(k + 1))


def bisect(rising):
    """Where a function that falls from true to false over [0, 1] does."""
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) else (low, middle)
    return (low + high) / 2


def clopper_pearson(k, n, confidence=0.95):
    """The exact interval of a share (Clopper and Pearson 1934), from the binomial tails."""
    tail = (1 - confidence) / 2
    low = 0.0 if k == 0 else bisect(lambda p: 1 - at_most(k - 1, n, p) < tail)
    high = 1.0 if k == n else bisect(lambda p: at_most(k, n, p) > tail)
    return low, high


class Trials:
    """A row: how often something was found in how many trials, and how often it has to be."""

    def __init__(self, name, found, made, goal, holds=None):
        self.name, self.found, self.made, self.goal, self.holds = name, found, made, goal, holds

    def cells(self):
        low, high = clopper_pearson(self.found, self.made)
        return [self.name, f'{self.found} of {self.made}',
                f'{100 * low:.1f} % to {100 * high:.1f} %', self.goal,
                {True: 'yes', False: 'no', None: ''}[self.holds]]


def table(headings, rows):
    """Markdown, first column left, the others right."""
    lines = [headings] + rows
    widths = [max(len(line[i]) for line in lines) for i in range(len(headings))]

    def text(line):
        padded = [cell.ljust(width) if i == 0 else cell.rjust(width)
                  for i, (cell, width) in enumerate(zip(line, widths))]
        return '| ' + ' | '.join(padded) + ' |'
    rule = ['-' * width if i == 0 else '-' * (width - 1) + ':' for i, width in enumerate(widths)]
    return '\n'.join([text(lines[0]), text(rule)] + [text(line) for line in lines[1:]])


def trials_table(what, rows):
    """`what` heads the first column."""
    return table([what, 'found', '95 % interval', 'goal', 'met'], [row.cells() for row in rows])
