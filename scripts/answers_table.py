"""The pure parts of scripts/answers: what is asked, what the program's files say of it, when an
answer holds, and the text of reports/answers.md. Knows no process, clock or file.
"""
import random
import textwrap

import shares

# ---- Capacity: a knee that is known -------------------------------------------------------------

SEED = 6
KNEES = 10
LEAST_RATE, MOST_RATE = 500, 2000  # events/s that the server lets through
KNEE_STRATEGIES = {
    'polling': '{interval: 10ms}', 'long-polling': '{hold: 25s}', 'websocket': '{}',
    'streaming/chunked': '{encoding: chunked}', 'streaming/sse': '{encoding: sse}'}
KNEE_ERROR = 0.10
KNEE_BOUNDS = ['latency.p99 < 50ms', 'lost == 0']


class Knee:
    """One search against a server that lets `rate` events/s through."""

    def __init__(self, number, strategy, rate):
        self.name = f'knee-{number:02}'
        self.strategy, self.rate = strategy, rate

    def scenario(self):
        options = KNEE_STRATEGIES[self.strategy]
        return ('name: known-knee\nclients: 2\ntopics: 1\n'
                'events: {rate: 200/s, arrival: constant, payload: 64B}\n'
                'phases: {ramp: 50ms, warmup: 100ms, measure: 1s, drain: 500ms}\n'
                f'strategies:\n  - {self.strategy.split("/")[0]}: {options}\n')


def knees():
    """Rates spread evenly on a logarithmic axis, drawn with a seed; the strategies in turn."""
    drawn = random.Random(SEED)
    names = sorted(KNEE_STRATEGIES)
    rates = [round(LEAST_RATE * (MOST_RATE / LEAST_RATE) ** drawn.random()) for _ in range(KNEES)]
    return [Knee(i, names[i % len(names)], rate) for i, rate in enumerate(rates)]


def knee_of(state):
    """Of capacity.json."""
    search = state['searches'][0]
    answer = search['answer']
    return {'held': answer.get('held'), 'failed': answer.get('failed'),
            'at_least': answer['at_least'], 'gave_out': answer.get('gave_out', 'nothing'),
            'trials': len(search['trials'])}


def knee_error(knee, found):
    return None if found['held'] is None else found['held'] / knee.rate - 1


def knee_holds(knee, found):
    """The answer is the largest load that held; one that is only a lower bound is none."""
    error = knee_error(knee, found)
    return error is not None and not found['at_least'] and abs(error) <= KNEE_ERROR


def knee_rows(measured):
    rows = []
    for knee in knees():
        found = measured[knee.name]
        error = knee_error(knee, found)
        held = 'none' if error is None else f'{found["held"]:,.0f}'
        failed = '-' if found['failed'] is None else f'{found["failed"]:,.0f}'
        rows.append([knee.strategy, f'{knee.rate:,}', held, failed,
                     '-' if error is None else f'{100 * error:+.1f} %', found['gave_out'],
                     'yes' if knee_holds(knee, found) else 'no'])
    return rows


# ---- Costs: held-out loads ----------------------------------------------------------------------

FITS = 2
COST_SCENARIO = '''name: held-out
clients: 4000
topics: 200
events: {rate: 3000/s, arrival: constant, payload: 128B}
phases: {ramp: 500ms, warmup: 300ms, measure: 1500ms, drain: 100ms}
repeats: 6
strategies:
  - polling: {interval: 200ms}
  - polling: {interval: 800ms, connection: new}
  - long-polling: {hold: 25s}
  - streaming: {encoding: sse}
  - websocket: {}
'''
# Metric, its key in a model file behind "measured_" and "predicted_", and how near it has to be.
COST_METRICS = [('server CPU', 'cores', 0.15), ('resident memory', 'memory_bytes', 0.10),
                ('kernel memory', 'kernel_bytes', 0.10), ('bytes', 'bytes_per_s', 0.01)]


def hold_outs(model):
    """Relative errors by family and metric, of a model file."""
    return {family['family']:
            {name: [held['predicted_' + key] / held['measured_' + key] - 1
                    for held in family['held_out'] if 'measured_' + key in held]
             for name, key, _ in COST_METRICS} for family in model['families']}


def cost_errors(models):
    """Of all fits together: {(family, metric): errors}."""
    out = {}
    for model in models:
        for family, metrics in hold_outs(model).items():
            for name, errors in metrics.items():
                out.setdefault((family, name), []).extend(errors)
    return out


def within(errors, limit):
    return sum(abs(error) <= limit for error in errors)


def cost_rows(models):
    errors = cost_errors(models)
    rows = []
    for family in sorted({family for family, _ in errors}):
        for name, _, limit in COST_METRICS:
            found = errors[family, name]
            if found:
                worst = max(found, key=abs)
                middle = sorted(map(abs, found))[len(found) // 2]
                digits = 2 if limit < 0.05 else 1
                rows.append([family, name, f'{100 * middle:.{digits}f} %',
                             f'{100 * worst:+.{digits}f} %', f'{100 * limit:.0f} %',
                             f'{within(found, limit)} of {len(found)}'])
    return rows


def cost_trials(models):
    errors = cost_errors(models)
    rows = []
    for name, _, limit in COST_METRICS:
        found = [error for (_, metric), some in errors.items() if metric == name for error in some]
        held = within(found, limit)
        rows.append(shares.Trials(f'{name} at a held-out load, within {100 * limit:.0f} %', held,
                                  len(found), 'all', held == len(found)))
    return rows


# ---- Advice: classic examples -------------------------------------------------------------------


class Example:
    """A workload as somebody who plans states it, in words of `pushbench advise`."""

    def __init__(self, name, **words):
        self.name = 'advice-' + name.replace(' ', '-')
        self.title = name
        self.words = [word for key, value in words.items()
                      for word in ('--' + key.replace('_', '-'), value)]


EXAMPLES = [
    Example('news', events_per_client='6/h', staleness='5m', payload='500B', fan_out='400',
            rtt='50ms'),
    Example('mail', events_per_client='4/h', staleness='5m', payload='2kB', rtt='50ms'),
    Example('social feed', events_per_client='1/min', staleness='2m', payload='1kB',
            fan_out='100', rtt='50ms'),
    Example('chat', events_per_client='1/s', staleness='500ms', payload='128B', fan_out='20',
            rtt='50ms', upstream='0.05/s'),
    Example('collaboration', events_per_client='2/s', staleness='300ms', payload='100B',
            fan_out='5', rtt='40ms', upstream='0.5/s'),
    Example('game', events_per_client='20/s', staleness='100ms', payload='64B', fan_out='20',
            rtt='30ms', upstream='5/s'),
    Example('finance', events_per_client='5/s', staleness='200ms', payload='100B', fan_out='all',
            rtt='20ms')]


def advice_of(advice):
    """Of what `advise --verify --format json` prints."""
    told = [{'strategy': one['strategy'], 'servers': one['servers'], 'fits': one['fits'],
             'tie': one['tie']} for one in advice['strategies']]
    return {'clients': advice['clients'], 'run_clients': advice['verified_clients'],
            'compressed': advice['time_compressed'], 'told': told,
            'measured': [{key: one[key] for key in ('strategy', 'clients', 'servers', 'scarcest')}
                         for one in advice.get('measured', [])],
            'confirmed': advice.get('confirmed', False) and bool(advice.get('measured')),
            'contradictions': advice.get('contradictions', ['nothing was measured'])}


def family_of(cell):
    """As families are named: "polling/interval=1s,new-connection" is "polling,new-connection"."""
    head, _, options = cell.partition('/')
    if head in ('polling', 'long-polling'):
        return head + (',new-connection' if 'new-connection' in options else '')
    return cell


def share_text(value):
    return f'{100 * value:.3g} %'


def advice_rows(found):
    """One line a strategy: in the order of the advice, with its place in what was measured."""
    places = {one['strategy']: (i + 1, one) for i, one in enumerate(found['measured'])}
    rows = []
    for i, told in enumerate(found['told']):
        family = family_of(told['strategy'])
        place, seen = places.get(family, ('-', None))
        fits = 'no' if not told['fits'] else 'tie' if told['tie'] else 'yes'
        rows.append([family, fits, str(i + 1), share_text(told['servers']), str(place),
                     f'{seen["clients"]:,.0f}' if seen else '-',
                     share_text(seen['servers']) if seen else '-',
                     seen['scarcest'] if seen else '-'])
    return rows


def run_text(found):
    compressed = found['compressed']
    return (f'at most {found["run_clients"]:,.0f} of {found["clients"]:,.0f} clients' +
            (f', time-compressed {compressed:,.0f} times' if compressed > 1 else ''))


def advice_section(example, found):
    headings = ['strategy', 'fits', 'advised', 'of a server', 'measured', 'clients', 'of a server ',
                'scarcest']
    verdict = ('**Confirmed.**' if found['confirmed'] else
               f'**Not confirmed:** {"; ".join(found["contradictions"])}.')
    return (f'### {example.title.capitalize()}\n\n`pushbench advise {" ".join(example.words)}`, '
            f'run with {run_text(found)}.\n\n{shares.table(headings, advice_rows(found))}\n\n'
            f'{verdict}\n')


# ---- The whole ----------------------------------------------------------------------------------

PARTS = ('knees', 'costs', 'advice')


def knee_trials(measured):
    held = sum(knee_holds(knee, measured[knee.name]) for knee in knees())
    return [shares.Trials('a known knee, found within 10 %', held, KNEES, 'at least 9 in 10',
                          10 * held >= 9 * KNEES)]


def models_of(measured):
    return [measured[f'costs-{i}'] for i in range(FITS)]


def advice_trials(measured):
    held = sum(measured[example.name]['confirmed'] for example in EXAMPLES)
    return [shares.Trials('a ranking that runs confirm', held, len(EXAMPLES), 'all',
                          held == len(EXAMPLES))]


ABOUT_KNEES = f"""
A server that lets so many events a second through (`serve --inject rate=N/s`), searched by
`pushbench capacity` over `events.rate` for the largest load that keeps
{' and '.join(f'`{bound}`' for bound in KNEE_BOUNDS)}. The rates are drawn with a seed; the search
begins at 200 events/s whatever they are. Found: what held is within {100 * KNEE_ERROR:.0f} % of the
rate, and not only "at least"."""
ABOUT_COSTS = f"""
{FITS} times `pushbench fit --run` over a grid of clients, rates and poll intervals, in an order
drawn anew for every pass. Two points of it are not fitted, and are predicted from what they ask
for: clients, rate, fan-out, interval. Measured is the mean of six passes, since one cell scatters
by a tenth. Requests come from closed forms. Memory is all of the process, kernel memory that of
both ends of its connections; bytes are all above TCP. Chunked streams, which differ from SSE in
their framing only, are left out for time."""
ABOUT_ADVICE = """
What `pushbench advise --verify` says with the shipped constants, and what the middle one of three
runs of a part of the workload says of the whole. Where minutes pass, time is compressed: rates are
multiplied; poll intervals, holds, round trips and the staleness divided, so that the events of a
poll and of a round trip stay what they are. Confirmed: the strategy advised takes at most a tenth
more than the least that was measured; none is measured to take a tenth more than one that it
stands before, unless they were told to tie; what fits keeps the staleness at p99, and what was said
to be too slow does not. To take more is that the middle run does and that all three took more than
all of the other."""


def paragraph(text):
    return textwrap.fill(' '.join(text.split()), 118, break_on_hyphens=False)


def knees_text(measured):
    headings = ['strategy', 'lets through', 'held', 'failed', 'off by', 'gave out', 'found']
    return (f'## Capacity against a known knee\n\n{paragraph(ABOUT_KNEES)}\n\n'
            f'{shares.table(headings, knee_rows(measured))}\n')


def costs_text(measured):
    headings = ['strategy', 'metric', 'median off', 'worst off', 'limit', 'within']
    return (f'## Costs at held-out loads\n\n{paragraph(ABOUT_COSTS)}\n\n'
            f'{shares.table(headings, cost_rows(models_of(measured)))}\n')


def advice_text(measured):
    sections = '\n'.join(advice_section(one, measured[one.name]) for one in EXAMPLES)
    return f'## Advice for the classic examples\n\n{paragraph(ABOUT_ADVICE)}\n\n{sections}'


TEXTS = {'knees': (knees_text, knee_trials),
         'costs': (costs_text, lambda measured: cost_trials(models_of(measured))),
         'advice': (advice_text, advice_trials)}


def part_text(part, measured):
    text, trials = TEXTS[part]
    return f'{text(measured)}\n{shares.trials_table("answer", trials(measured))}\n'


def document(facts, measured):
    """`measured`: what was found, by name of the piece; one that is missing is an error."""
    head = ('# Answers, held against what is known\n\nWritten by `scripts/answers --write`: what '
            '`capacity`, `fit` and `advise` say, beside a server whose limit is known, loads\nthat '
            'were not fitted, and runs. One machine over loopback; another may come to other '
            'figures.\n\n')
    head += ''.join(f'- {name}: {value}\n' for name, value in facts)
    rows = [row for part in PARTS for row in TEXTS[part][1](measured)]
    return (f'{head}\n{shares.trials_table("answer", rows)}\n\n' +
            '\n'.join(TEXTS[part][0](measured) for part in PARTS))
