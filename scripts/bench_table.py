"""The pure parts of scripts/bench: statistics of pairs, the table, and what it reads and writes as
text. Knows no process, clock or file.
"""
import re

# Each client asks again once it was answered, as wrk does.
POLL_INTERVAL = '0s'


def quantile(values, q):
    """By linear interpolation between the ordered values; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    at = q * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def order_of(pair):
    """Who goes first: floor, pushbench, pushbench, floor, and so on."""
    return ('floor', 'pushbench') if pair % 2 == 0 else ('pushbench', 'floor')


class Summary:
    """Of the pairs (floor, pushbench) of one row; a ratio above 1 says that pushbench is better."""

    def __init__(self, pairs, less_is_better=False):
        ratios = [(floor / own if less_is_better else own / floor)
                  for floor, own in pairs if floor > 0 and own > 0]
        self.floor = quantile([floor for floor, _ in pairs], 0.5)
        self.own = quantile([own for _, own in pairs], 0.5)
        self.ratio, self.low, self.high = (quantile(ratios, q) for q in (0.5, 0.1, 0.9))


def verdict(row, summary):
    """'yes', 'no', or '' where the row has no goal."""
    if row.goal is None:
        return ''
    value = summary.own if row.at_most else summary.ratio
    if value is None:
        return ''
    return 'yes' if (value <= row.goal if row.at_most else value >= row.goal) else 'no'


def number(value, digits=3):
    """Three significant digits for people, with thousands separated; a dash for nothing."""
    if value is None:
        return '–'
    if abs(value) >= 1000:
        return f'{value:,.0f}'
    return f'{value:.{digits}g}'


def goal_text(row):
    if row.goal is None:
        return ''
    return f'≤ {row.goal:g} {row.unit}' if row.at_most else f'≥ {row.goal:.2f}'


def cells_of(row, summary):
    spread = '' if summary.low is None else f'{summary.low:.2f}–{summary.high:.2f}'
    ratio = '' if summary.ratio is None else f'{summary.ratio:.2f}'
    return [row.name, row.unit, number(summary.floor), number(summary.own), ratio, spread,
            goal_text(row), verdict(row, summary)]


HEADINGS = ['row', 'unit', 'floor', 'pushbench', 'ratio', '10–90 %', 'goal', 'met']


def table(lines):
    """A Markdown table that reads well in a terminal too: names left, figures right."""
    widths = [max(len(line[i]) for line in [HEADINGS] + lines) for i in range(len(HEADINGS))]

    def text(line):
        padded = [cell.ljust(width) if i < 2 else cell.rjust(width)
                  for i, (cell, width) in enumerate(zip(line, widths))]
        return '| ' + ' | '.join(padded) + ' |'
    rule = ['-' * width if i < 2 else '-' * (width - 1) + ':' for i, width in enumerate(widths)]
    return '\n'.join([text(HEADINGS), text(rule)] + [text(line) for line in lines])


def port_in(line):
    """The port that a server says it listens on; None when the line is no such line."""
    found = re.search(r'listening on http://127\.0\.0\.1:(\d+)', line)
    return int(found[1]) if found else None


def nginx_config(port, folder, body):
    """One process that answers every request with `body`; `folder` takes what it writes."""
    paths = ''.join(f'  {kind}_temp_path {folder}/{kind};\n'
                    for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
    return (f'daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/log;\n'
            'events { worker_connections 19000; }\n'
            f'http {{\n{paths}  access_log off;\n  default_type text/plain;\n'
            '  keepalive_requests 1000000000;\n  keepalive_timeout 1h;\n'
            f'  server {{ listen 127.0.0.1:{port} backlog=4096; '
            f'location / {{ return 200 "{body}"; }} }}\n}}\n')


def wrk_requests(text):
    """The number of requests in what wrk prints; None when it is not there."""
    found = re.search(r'^\s*(\d+) requests in ', text, re.M)
    return int(found[1]) if found else None


def scenario_text(strategy, clients, rate, window, warmup=1, ramp=None):
    ramp = ramp or max(1, clients // 2500)
    return (f'name: bench\nabout: one cell of scripts/bench\nclients: {clients}\ntopics: 1\n'
            f'events: {{rate: {rate}/s, arrival: constant, payload: 128B}}\n'
            f'phases: {{ramp: {ramp}s, warmup: {warmup}s, measure: {window}s, '
            f'drain: 1s}}\nstrategies:\n  - {strategy}\nseed: 1\n')
