"""What the scripts that measure share: where the program is, what of the project and which machine
was measured, a run of the program that cannot go on for ever, and files that are whole.
"""
import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PUSHBENCH = os.path.join(ROOT, 'build/release/harness/app/pushbench')
MEASURED = ('harness', 'servers', 'scenarios')
OK, NOT_VALID, REGRESSION, INCONCLUSIVE, CROSSED = 0, 3, 4, 5, 99  # exit codes
FAILED_TO_END = 124


def fail(text):
    sys.exit(f'scripts/{os.path.basename(sys.argv[0])}: {text}')


def build():
    subprocess.run([os.path.join(HERE, 'build'), 'release', 'pushbench'], check=True)


def git(*arguments):
    return subprocess.run(['git', '-C', ROOT, *arguments], capture_output=True, text=True,
                          check=False).stdout.strip()


def commit():
    """The last one that changed what is measured."""
    last = git('log', '-1', '--format=%h', '--abbrev=12', '--', *MEASURED)
    return (last or 'unknown') + ('-dirty' if git('status', '--porcelain', '--', *MEASURED) else '')


def processor_name():
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        found = re.search(r'^model name\s*:\s*(.+)$', file.read(), re.M)
    return found[1] if found else platform.machine()


def machine():
    return (f'{processor_name()}, {os.cpu_count()} processors, {platform.system()} '
            f'{platform.release()}')


def facts(found, command):
    """What stands above a report: when, where and how `found`, pieces by name, was made."""
    times = [one['measured'] for one in found.values()]
    first, last = min(times), max(times)
    commits = {}
    for name, one in found.items():
        commits.setdefault(one['commit'], []).append(name)
    of_which = (next(iter(commits)) if len(commits) == 1 else
                '; '.join(f'{commit} ({", ".join(names)})' for commit, names in commits.items()))
    return [('measured', first if first == last else f'{first} to {last}'),
            ('machine', machine()), ('commit', of_which), ('command', command)]


def pushbench(words, seconds):
    """Its exit code and what it said on both streams."""
    try:
        done = subprocess.run([PUSHBENCH, *words], capture_output=True, text=True, check=False,
                              timeout=seconds)
    except subprocess.TimeoutExpired:
        return FAILED_TO_END, '', f'it did not end within {seconds} s'
    return done.returncode, done.stdout, done.stderr


def store(path, text):
    """Whole or not at all."""
    with open(path + '.new', 'w', encoding='utf-8') as file:
        file.write(text)
    os.replace(path + '.new', path)


def kept(path, now, asked):
    """What an earlier call found for the same at this commit (None: at any), or None."""
    if path is None or not os.path.exists(path):
        return None
    with open(path, encoding='utf-8') as file:
        found = json.load(file)
    if found.get('asked') != asked or now not in (None, found.get('commit')):
        print(f'{path} is of other runs or of another commit: measured anew', file=sys.stderr)
        return None
    return found


def settle(name, keep, now, asked, measure, older=False):
    """What measure() gives, with when and of what, from the folder `keep` where it is there;
    `asked`, plain JSON, is all that it depends on but the program. `older`: of any commit."""
    if keep:
        os.makedirs(keep, exist_ok=True)
    path = os.path.join(keep, name + '.json') if keep else None
    found = kept(path, None if older else now, asked)
    if found is None:
        began = time.monotonic()
        found = {'commit': now, 'asked': asked, 'found': measure(),
                 'measured': time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}
        print(f'{name}: {time.monotonic() - began:.0f} s', file=sys.stderr)
        if path:
            store(path, json.dumps(found, indent=1))
    return found


def add_keeping(parser, report):
    """--keep, --older (for settle) and --write."""
    parser.add_argument('--keep', metavar='DIR', help='where what was measured is stored')
    parser.add_argument('--older', action='store_true',
                        help='take what other commits measured too; the report says which')
    parser.add_argument('--write', action='store_true', help=f'all of it into {report}')


def options(about, parts, word, report):
    """Of a script that is made in parts: --only, and those of add_keeping."""
    parser = argparse.ArgumentParser(description=about,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--only', action='append', choices=parts, metavar=word,
                        help=', '.join(parts))
    add_keeping(parser, report)
    got = parser.parse_args()
    if got.write and got.only:
        parser.error('--write takes all: leave --only away (--keep has what was measured)')
    return got
