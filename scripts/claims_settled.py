"""The pure parts of scripts/claims: what others published, what is run to settle it, the criteria,
and the text of reports/claims.md. Knows no process, clock or file.

A point of a claim is what one run found: {'label', 'verdict', 'caveats', 'cells'}, and of each cell
its metrics as result.json has them, with 'server_cpu_share' (processors that the server used in the
measure window).
"""
import math

HOLDS, PARTLY, FAILS, OPEN = 'holds', 'holds in part', 'does not hold', 'not decided'
POLL, LONG, SSE, SOCKET = 'polling', 'long-polling', 'streaming/sse', 'websocket'


class Claim:
    """One published claim. `runs` are (label, arguments of pushbench run); `judge` takes the points
    and returns a verdict and a sentence; `rows` the table's lines, with `columns` above them."""

    def __init__(self, name, **parts):
        self.name = name
        self.title, self.says, self.source = parts['title'], parts['says'], parts['source']
        self.scenario, self.runs, self.about = parts['scenario'], parts['runs'], parts['about']
        self.criteria, self.cells = parts['criteria'], parts.get('cells', [])
        self.columns, self.rows, self.judge = parts['columns'], parts['rows'], parts['judge']


def figure(point, cell, metric):
    """Of the one cell whose name begins so."""
    found = [metrics for name, metrics in point['cells'].items() if name.startswith(cell)]
    if len(found) != 1 or found[0].get(metric) is None:
        raise ValueError(f'{point["label"]}: {cell} has no {metric}')
    return found[0][metric]


def ratio(point, metric, above, below):
    return figure(point, above, metric) / figure(point, below, metric)


def number(value, digits=3):
    if value == 0:
        return '0'
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f'{value:,.{places}f}'


def milliseconds(nanoseconds):
    return number(nanoseconds / 1e6) + ' ms'


def table(columns, rows):
    lines = [columns, ['---'] + ['---:'] * (len(columns) - 1)] + rows
    return '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines)


# Head bytes: 435 to 1

PUBLISHED_HEADS = 435.5  # 871 characters over 2 bytes
LINE_ENDS = 38           # of the two heads, which the article left out


def heads_of(points):
    return ((figure(points[0], POLL, 'head_bytes_per_request') - LINE_ENDS)
            / figure(points[0], SOCKET, 'framing_bytes_per_delivery'))


def judge_heads(points):
    heads, wire = heads_of(points), ratio(points[0], 'ip_bytes_per_delivery', POLL, SOCKET)
    found = (f'{number(heads)} to 1 for heads as the article counts them, {number(wire)} to 1 for '
             'all that crosses the network on IP level')
    if abs(heads / PUBLISHED_HEADS - 1) > 0.02:
        return OPEN, f'The published heads were not reproduced: {found}.'
    if wire >= PUBLISHED_HEADS / 2:
        return HOLDS, f'{found}.'
    return PARTLY, f'True of heads alone: {found}.'


def head_rows(points):
    point, rows = points[0], []
    for title, metric in (('head, a request', 'head_bytes_per_request'),
                          ('framing, a delivery', 'framing_bytes_per_delivery'),
                          ('all bytes above TCP, a delivery', 'bytes_per_delivery'),
                          ('all bytes on IP level, a delivery', 'ip_bytes_per_delivery')):
        cells = [point['cells'][name].get(metric) for name in sorted(point['cells'])]
        rows.append([title] + ['' if cell is None else number(cell) + ' B' for cell in cells])
    return rows


# Latency: 3 to 1

def judge_transits(points):
    means = [ratio(point, 'latency_mean_ns', LONG, SOCKET) for point in points]
    worst = max(figure(point, LONG, 'latency_p99_ns') / figure(point, SOCKET, 'latency_mean_ns')
                for point in points)
    found = (f'the mean is {number(min(means))} to {number(max(means))} times that of WebSocket, '
             f'the p99 at most {number(worst)} times')
    if min(means) >= 2.5:
        return HOLDS, f'Of the mean too: {found}.'
    if not 2.5 <= worst <= 3.5:
        return OPEN, f'Three transits were not seen: {found}.'
    if max(means) <= 2.2:
        return PARTLY, f'True of the worst case, not of the mean: {found}.'
    return OPEN, f'The mean lies between both: {found}.'


def transit_rows(points):
    return [[point['label'], milliseconds(figure(point, LONG, 'latency_mean_ns')),
             milliseconds(figure(point, LONG, 'latency_p99_ns')),
             milliseconds(figure(point, SOCKET, 'latency_mean_ns')),
             number(ratio(point, 'latency_mean_ns', LONG, SOCKET)),
             number(ratio(point, 'predicted_mean_ns', LONG, SOCKET))] for point in points]


# Server CPU: 7 to 1, or the other way round

def judge_cpu(points):
    """Points in the order of the runs: 0.1, 1 and 10 events a poll."""
    often, equal, seldom = points
    pull = ratio(often, 'server_cpu_share', SSE, POLL)
    bozdag = ratio(equal, 'server_cpu_share', LONG, POLL)
    rare = ratio(seldom, 'server_cpu_share', SSE, POLL)
    found = (f'polled as often as published, long-polling costs {number(bozdag)} times the CPU of '
             f'polling; polled ten times as often, SSE costs {number(pull)} times; polled a tenth '
             f'as often, {number(rare)} times')
    if bozdag >= 3.5 and pull >= 1:
        return HOLDS, f'{found}.'
    if bozdag <= 2 and pull <= 0.8:
        more = 'the sign turns with the events per poll' if rare > 1.25 else 'push is the cheaper'
        return FAILS, f'No factor of 7 here, {more}: {found}.'
    if 2 < bozdag < 3.5 or 0.8 < pull < 1:
        return OPEN, f'Too near to tell: {found}.'
    return PARTLY, f'Both are right, each of its own workload: {found}.'


def cpu_rows(points):
    return [[point['label']] + [number(100 * figure(point, cell, 'server_cpu_share')) + ' %'
                                for cell in (POLL, LONG, SSE)]
            + [number(ratio(point, 'server_cpu_share', LONG, POLL)),
               number(ratio(point, 'server_cpu_share', SSE, POLL))] for point in points]


# Long-polling keeps up while d < P/2

NEAR, BEHIND = 0.05, 0.15


def lag(point):
    return ratio(point, 'latency_mean_ns', LONG, SOCKET) - 1


def judge_knee(points):
    """Labels are round trips as parts of the interval: below 1 long-polling should keep up."""
    below = [point for point in points if float(point['label']) < 1]
    beyond = [point for point in points if float(point['label']) > 1]
    found = (f'below it long-polling is at most {100 * max(map(lag, below)):.1f} % behind '
             f'WebSocket, beyond it at least {100 * min(map(lag, beyond)):.1f} %')
    if all(lag(point) < NEAR for point in below) and all(lag(point) > BEHIND for point in beyond):
        return HOLDS, f'The knee is where it was said to be: {found}.'
    if any(lag(point) > BEHIND for point in below) or any(lag(point) < NEAR for point in beyond):
        return FAILS, f'The knee is elsewhere: {found}.'
    return OPEN, f'Between the limits: {found}.'


def knee_rows(points):
    return [[point['label'], milliseconds(figure(point, LONG, 'latency_mean_ns')),
             milliseconds(figure(point, SOCKET, 'latency_mean_ns')),
             f'{100 * lag(point):.1f} %'] for point in points]


# Polling wins above about 10 s

PUBLISHED_SECONDS, PUBLISHED_INTERVAL = 10, 5


def cut_off(points):
    """Events per poll from which polling costs less CPU, interpolated on logarithms; None when it
    is not among the points."""
    ratios = [(float(point['label']), ratio(point, 'server_cpu_share', POLL, SSE))
              for point in points]
    for (k, above), (next_k, below) in zip(ratios, ratios[1:]):
        if above >= 1 > below:
            part = math.log(above) / math.log(above / below)
            return k * (next_k / k) ** part
    return None


def judge_patience(points):
    events = cut_off(points)
    if events is None:
        ratios = [ratio(point, 'server_cpu_share', POLL, SSE) for point in points]
        side = 'less' if max(ratios) < 1 else 'more' if min(ratios) >= 1 else 'now more, now less'
        return OPEN, f'No cut-off among the points: polling costs {side} than SSE.'
    seconds = PUBLISHED_INTERVAL * events
    found = (f'polling costs less from {number(events, 2)} events a poll on, which is '
             f'{number(seconds, 2)} s where events are 5 s apart')
    if PUBLISHED_SECONDS / 2 <= seconds <= 2 * PUBLISHED_SECONDS:
        return HOLDS, f'Within a factor of 2: {found}.'
    return FAILS, f'The cut-off is elsewhere: {found}.'


def patience_rows(points):
    return [[point['label'], number(PUBLISHED_INTERVAL * float(point['label']), 2) + ' s',
             number(100 * figure(point, POLL, 'server_cpu_share')) + ' %',
             number(100 * figure(point, SSE, 'server_cpu_share')) + ' %',
             number(ratio(point, 'server_cpu_share', POLL, SSE))] for point in points]


# Broadcasts grow linearly

def straight_line(pairs):
    """Offset, slope and R² of least squares."""
    n = len(pairs)
    mean_x, mean_y = sum(x for x, _ in pairs) / n, sum(y for _, y in pairs) / n
    across = sum((x - mean_x) ** 2 for x, _ in pairs)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in pairs) / across
    offset = mean_y - slope * mean_x
    off = sum((y - offset - slope * x) ** 2 for x, y in pairs)
    return offset, slope, 1 - off / sum((y - mean_y) ** 2 for _, y in pairs)


def judge_broadcast(points):
    pairs = [(float(point['label'].replace(',', '')), figure(point, SOCKET, 'latency_mean_ns'))
             for point in points]
    _, slope, fit = straight_line(pairs)
    (n, low), (more, high) = pairs[-2:]
    power = math.log(high / low) / math.log(more / n)
    found = (f'{number(slope / 1000)} µs of mean latency for each client more, R² {fit:.3f}; from '
             f'{n:,.0f} to {more:,.0f} clients it grows with the power {number(power, 2)}')
    if fit >= 0.98 and 0.75 <= power <= 1.25:
        return HOLDS, f'{found}.'
    if fit < 0.9 or not 0.5 <= power <= 1.5:
        return FAILS, f'No straight line: {found}.'
    return OPEN, f'Not straight enough to say: {found}.'


def broadcast_rows(points):
    return [[point['label'], milliseconds(figure(point, SOCKET, 'latency_mean_ns')),
             milliseconds(figure(point, SOCKET, 'fan_out_spread_p50_ns'))] for point in points]


def varied(option, values):
    return [(label, [option, value]) for label, value in values]


CLAIMS = [
    Claim('heads', title='Heads of polling are 435 times the framing of WebSocket',
          says='871 bytes of head a poll against 2 bytes a message: some 500 to 1 less traffic.',
          source='P. Lubbers and F. Greco, "HTML5 WebSocket: A Quantum Leap in Scalability for the '
                 'Web" (2010)',
          scenario='quantum-leap.yaml',
          runs=[('case A', ['--clients', '200', '--ramp', '1s', '--measure', '8s'])],
          about='The published heads, replayed byte for byte. Bytes of a poll do not depend on the '
                'number of clients: 200 stand for 1,000. The article leaves 38 bytes of line ends '
                'out.',
          criteria='Holds when the bytes on IP level differ by at least half of 435; in part when '
                   'only the heads do, within 2 %.',
          columns=['bytes', POLL, SOCKET], rows=head_rows, judge=judge_heads),
    Claim('transits', title='Long-polling is three times as late as WebSocket',
          says='An event that misses the open request takes three transits, against one.',
          source='Lubbers and Greco (2010), as before; S. Loreto et al., RFC 6202 (2011)',
          scenario='claims/transits.yaml',
          runs=varied('--rate', [('0.1', '100/s'), ('0.57', '570/s'), ('2', '2000/s')]),
          about='50 ms one way. What matters is how many events a client has in a round trip '
                '(first column), so this stands for seldomer events over longer trips as well.',
          criteria='Holds when the mean is at least 2.5 times; in part when the p99 is 2.5 to 3.5 '
                   'times and the mean at most 2.2 times.',
          columns=['events a round trip', 'long-polling mean', 'long-polling p99', 'WebSocket mean',
                   'ratio of means', 'predicted'], rows=transit_rows, judge=judge_transits),
    Claim('cpu', title='A push server takes seven times the CPU of a pull server',
          says='Push took 7 times the CPU of pull (2007); SSE took less than half of it (2020).',
          source='E. Bozdag, A. Mesbah and A. van Deursen, "A Comparison of Push and Pull '
                 'Techniques for AJAX" (WSE 2007), as quoted by Ajaxian; B. Van de Vyvere, P. '
                 'Colpaert and R. Verborgh, "Comparing a Polling and Push-Based Approach for Live '
                 'Open Data Interfaces" (ICWE 2020)',
          scenario='claims/push-or-pull.yaml',
          runs=varied('--rate', [('0.1', '1/s'), ('1', '10/s'), ('10', '100/s')]),
          about='Polls every 100 ms instead of every 0.5 to 50 s: time-compressed at the same '
                'events per poll (first column). Bozdag polled as often as was published (1), Van '
                'de Vyvere ten times as often (0.1). CPU is of the server process, in parts of a '
                'processor.',
          criteria='7 times holds when long-polling costs at least 3.5 times at 1 event a poll '
                   'and SSE no less than polling at 0.1; in part when only the first is so; it '
                   'does not hold when the first is at most 2 and SSE at 0.1 at most 0.8 times.',
          columns=['events a poll', POLL, LONG, SSE, 'long-polling / polling', 'SSE / polling'],
          rows=cpu_rows, judge=judge_cpu),
    Claim('knee', title='Long-polling equals WebSocket while one way is below half the interval',
          says='Long-polling keeps up with readings every P while the latency d is below P/2.',
          source='V. Pimentel and B. G. Nickerson, "Communicating and Displaying Real-Time Data '
                 'with WebSocket" (IEEE Internet Computing 16(4), 2012), as quoted by Van de '
                 'Vyvere et al.',
          scenario='wind-sensor.yaml',
          runs=[(label, ['--rtt', rtt, '--ramp', '500ms', '--measure', '8s']) for label, rtt in
                (('0.4', '100ms'), ('0.96', '240ms'), ('1.04', '260ms'), ('1.2', '300ms'))],
          cells=[LONG, SOCKET],
          about='Readings of 100 bytes every 250 ms, as published. First column: the round trip '
                'as a part of the interval, 1 where d is P/2.',
          criteria=f'Holds when long-polling is less than {100 * NEAR:.0f} % behind at every point '
                   f'below 1 and more than {100 * BEHIND:.0f} % at every one above.',
          columns=['round trip / interval', 'long-polling mean', 'WebSocket mean', 'behind'],
          rows=knee_rows, judge=judge_knee),
    Claim('patience', title='Polling wins above a maximum acceptable latency of about 10 s',
          says='With 5.2 kB every 5 s a server serves more clients by polling than over SSE when '
               'they accept 10 s.',
          source='Van de Vyvere, Colpaert and Verborgh (ICWE 2020), as before',
          scenario='claims/patience.yaml',
          runs=varied('--rate', [('0.5', '5/s'), ('1', '10/s'), ('2', '20/s'), ('4', '40/s'),
                                 ('8', '80/s'), ('16', '160/s')]),
          about='What a client accepts is the interval of its polls. Time-compressed at the same '
                'events per poll (first column): polls every 100 ms, 10 s of the article being 2 '
                'events. Ours fetch every event since the last poll, theirs only the newest, from '
                'a cache: that favours push here.',
          criteria='Where the CPU of polling falls below that of SSE; holds from 5 to 20 s.',
          columns=['events a poll', 'as seconds', POLL, SSE, 'polling / SSE'],
          rows=patience_rows, judge=judge_patience),
    Claim('broadcast', title='The latency of a broadcast grows linearly with its receivers',
          says='Median round trips of a broadcast grow by the same time for each client, in every '
               'server of the contest.',
          source='Hashrocket, websocket-shootout, second round: tables of round trips by clients',
          scenario='claims/broadcast.yaml',
          runs=varied('--clients', [('250', '250'), ('500', '500'), ('1,000', '1000'),
                                    ('2,000', '2000'), ('4,000', '4000')]),
          about='One server thread, one broadcast at a time (the contest had four). Spread: from '
                'the first receiver to the last, the median over events. Clients on this machine '
                'receive in turn as well, which is part of the slope.',
          criteria='Holds when a straight line explains 98 % of the variance of the mean and the '
                   'last doubling has a power of 0.75 to 1.25; fails below 90 % or outside 0.5 to '
                   '1.5.',
          columns=['clients', 'mean', 'spread p50'], rows=broadcast_rows, judge=judge_broadcast),
]


def doubts(points):
    """What the runs themselves say against their figures."""
    rows = [f'{point["label"]}: {", ".join(sorted(set(point["caveats"])))}' for point in points
            if point['caveats']]
    return f'Doubts of the runs: {"; ".join(rows)}.' if rows else 'All runs were valid.'


def command_of(claim):
    words = [' '.join(arguments) for _, arguments in claim.runs]
    return f'pushbench run scenarios/{claim.scenario} {words[0]}' + (
        '' if len(words) == 1 else ''.join(f', {word}' for word in words[1:]))


def section(claim, points):
    verdict, sentence = claim.judge(points)
    return (f'## {claim.title}\n\n- claim: {claim.says}\n- source: {claim.source}\n'
            f'- run: `{command_of(claim)}`\n- {claim.about}\n- criteria: {claim.criteria}\n\n'
            f'{table(claim.columns, claim.rows(points))}\n\n**{verdict.capitalize()}.** '
            f'{sentence[0].upper()}{sentence[1:]} {doubts(points)}\n')


def document(facts, measured):
    """`measured`: points by name of the claim; a claim that is missing is an error."""
    rows = [[f'{claim.title}', claim.judge(measured[claim.name])[0]] for claim in CLAIMS]
    head = ('# Published claims, settled here\n\nWritten by `scripts/claims --write`: each verdict '
            'follows from the figures above it by the criteria that stand\nthere, so another '
            'machine may come to another. One machine over loopback, with an emulated link where a '
            'round trip matters.\n\n')
    text = ''.join(f'- {name}: {value}\n' for name, value in facts)
    summary = table(['claim', 'here'], rows).replace('---:', '---')
    return f'{head}{text}\n{summary}\n\n' + '\n'.join(
        section(claim, measured[claim.name]) for claim in CLAIMS)
