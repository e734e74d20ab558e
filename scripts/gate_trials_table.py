"""The pure parts of scripts/gate_trials: the order of runs, intervals of shares, and the text that
it writes. Knows no process, clock or file.
"""
import math

BEGIN, END = '<!-- begin gate trials -->', '<!-- end gate trials -->'
BISECTIONS = 60


def order_of(block, sides):
    """Forwards, then backwards, so that what drifts drifts for all: ABC, CBA, ABC and so on."""
    return list(sides) if block % 2 == 0 else list(reversed(sides))


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
    """A row: how often something was found in how many comparisons, and how often it has to be."""

    def __init__(self, name, found, made, goal, holds=None):
        self.name, self.found, self.made, self.goal, self.holds = name, found, made, goal, holds

    def cells(self):
        low, high = clopper_pearson(self.found, self.made)
        return [self.name, f'{self.found} of {self.made}',
                f'{100 * low:.1f} % to {100 * high:.1f} %', self.goal,
                {True: 'yes', False: 'no', None: ''}[self.holds]]


HEADINGS = ['comparisons', 'found', '95 % interval', 'goal', 'met']


def table(rows):
    """Markdown, first column left, the others right."""
    lines = [HEADINGS] + [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]

    def text(line):
        padded = [cell.ljust(width) if i == 0 else cell.rjust(width)
                  for i, (cell, width) in enumerate(zip(line, widths))]
        return '| ' + ' | '.join(padded) + ' |'
    rule = ['-' * width if i == 0 else '-' * (width - 1) + ':' for i, width in enumerate(widths)]
    return '\n'.join([text(lines[0]), text(rule)] + [text(line) for line in lines[1:]])


def between_markers(document, text):
    """The document with the text between the markers; ValueError when they are not there."""
    begin, end = document.index(BEGIN), document.index(END)
    return document[:begin + len(BEGIN)] + '\n' + text + '\n' + document[end:]
