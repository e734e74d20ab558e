#!/usr/bin/env python3
"""Exports of the example results, read by programs that know nothing of us: Google Benchmark's
compare.py, the OpenMetrics parser of prometheus_client, xmllint with junit.xsd, and the csv module.
What the figures should be comes from the results themselves.

PUSHBENCH_BIN and PUSHBENCH_SOURCE_DIR must be set; scripts/setup --tests installs the readers.
"""
import contextlib
import copy
import csv
import io
import json
import math
import os
import runpy
import subprocess
import sys
import tempfile
import types
import unittest
from xml.etree import ElementTree

from prometheus_client.openmetrics.parser import text_string_to_metric_families

BINARY = os.environ['PUSHBENCH_BIN']
REPORTS = os.path.join(os.environ['PUSHBENCH_SOURCE_DIR'], 'reports')
VALID = os.path.join(REPORTS, 'golden', 'chat.json')
INVALID = os.path.join(REPORTS, 'golden', 'doubtful.json')
COMPARE = '/usr/share/benchmark/compare.py'
HOSTILE = '=1+1|"><script>alert(1)</script>\x1b[2J\n`&\'--><!--]]>\\{},\ufffe'


def text_of(path):
    with open(path, encoding='utf-8', newline='') as file:
        return file.read()


def export(to, *files, more=()):
    """What the binary writes: all files of the format as a map from name to text."""
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([BINARY, 'export', '--to', to, '--out', out, *more, *files], check=True)
        return {name: text_of(os.path.join(out, name)) for name in sorted(os.listdir(out))}


def load(path):
    return json.loads(text_of(path))


def cell_of(result, name):
    return next(cell for cell in result['cells'] if cell['name'] == name)


class Means(list):
    """What compare.py asks of a vector of numpy: whether any of it is not 0."""

    def any(self):
        return any(self)


def geometric_means(rows):
    """Column by column; 0 when one of the values is."""
    return Means(math.prod(column) ** (1 / len(column)) for column in zip(*rows))


def u_test(a, b, alternative):
    """Mann and Whitney's U test by its normal approximation, without correction for ties."""
    assert alternative == 'two-sided'
    u = sum((x > y) + (x == y) / 2 for x in a for y in b)
    spread = math.sqrt(len(a) * len(b) * (len(a) + len(b) + 1) / 12)
    z = abs(u - len(a) * len(b) / 2) / spread
    return types.SimpleNamespace(pvalue=math.erfc(z / math.sqrt(2)))


def stand_ins():
    """Three functions that compare.py imports: python3-scipy of Debian 12 cannot be installed
    beside libboost1.81-dev, which the build needs. How files are read is compare.py's own."""
    scipy, stats, numpy = (types.ModuleType(name) for name in ('scipy', 'scipy.stats', 'numpy'))
    stats.mannwhitneyu, stats.gmean, numpy.array = u_test, geometric_means, Means
    scipy.stats = stats
    return {'scipy': scipy, 'scipy.stats': stats, 'numpy': numpy}


def compare(base, contender):
    """compare.py's own report of the two, as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ('base.json', 'head.json', 'out.json')]
        for path, content in zip(paths, (base, contender)):
            with open(path, 'w', encoding='utf-8') as file:
                json.dump(content, file)
        before = sys.argv, sys.path[:]
        sys.argv = [COMPARE, '--no-color', '-d', paths[2], 'benchmarks', paths[0], paths[1]]
        sys.path.insert(0, os.path.dirname(COMPARE))
        sys.modules.update(stand_ins())
        try:
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                runpy.run_path(COMPARE, run_name='__main__')
        finally:
            sys.argv, sys.path[:] = before
        return load(paths[2]), printed.getvalue()


class GoogleBenchmark(unittest.TestCase):
    def test_compare_sees_every_cell_and_repeat(self):
        base = json.loads(export('gbench', VALID, VALID, VALID)['gbench.json'])
        slower = copy.deepcopy(base)
        for row in slower['benchmarks']:
            row['real_time'] *= 1.25
            row['cpu_time'] *= 0.5
        report, printed = compare(base, slower)
        rows = {row['name']: row for row in report}
        result = load(VALID)
        for cell in result['cells']:
            row = rows[f'chat/{cell["name"]}/latency-p99-ns']
            self.assertEqual(len(row['measurements']), 3)
            for measured in row['measurements']:
                metrics = cell['metrics']
                self.assertEqual(measured['real_time'], metrics['latency_p99_ns'])
                self.assertEqual(measured['cpu_time'], metrics['server_cpu_ns_per_delivery'])
                self.assertAlmostEqual(measured['time'], 0.25)
                self.assertAlmostEqual(measured['cpu'], -0.5)
            self.assertEqual(row['utest']['nr_of_repetitions'], 3)
        self.assertIn('OVERALL_GEOMEAN', rows)
        self.assertIn('chat/websocket/latency-p99-ns_pvalue', printed)

    def test_the_latency_is_chosen(self):
        base = json.loads(export('gbench', VALID, more=['--latency', 'latency.p50'])['gbench.json'])
        report, _ = compare(base, base)
        self.assertIn('chat/websocket/latency-p50-ns', {row['name'] for row in report})


class OpenMetrics(unittest.TestCase):
    def families(self, *files):
        text = export('openmetrics', *files)['metrics.txt']
        return {family.name: family for family in text_string_to_metric_families(text)}

    def test_every_figure_is_read_in_base_units(self):
        families = self.families(VALID)
        result = load(VALID)
        for cell in result['cells']:
            labels = {'scenario': 'chat', 'cell': cell['name']}
            for name, family, scale in (('latency_p99_ns', 'latency_p99_seconds', 1e9),
                                        ('bytes_per_delivery', 'bytes_per_delivery', 1),
                                        ('lost', 'lost', 1)):
                values = [sample.value for sample in families['pushbench_' + family].samples
                          if sample.labels == labels]
                self.assertEqual(len(values), 1)
                self.assertAlmostEqual(values[0], cell['metrics'][name] / scale, places=12)
        self.assertEqual(families['pushbench_latency_p99_seconds'].unit, 'seconds')

    def test_thresholds_and_verdict(self):
        families = self.families(INVALID)
        self.assertEqual(families['pushbench_verdict'].samples[0].value, 2)
        crossed = [sample for sample in families['pushbench_threshold_crossed'].samples
                   if sample.value == 1]
        self.assertEqual([(one.labels['threshold'], one.labels['cell']) for one in crossed],
                         [('lost == 0', 'long-polling/hold=25s#2')])


def read_junit(text):
    """The tree, once xmllint has found the text to be of the schema."""
    with tempfile.NamedTemporaryFile('w', suffix='.xml', encoding='utf-8') as file:
        file.write(text)
        file.flush()
        subprocess.run(['xmllint', '--noout', '--nonet', '--schema',
                        os.path.join(REPORTS, 'junit.xsd'), file.name],
                       check=True, stderr=subprocess.PIPE)
    return ElementTree.fromstring(text)


class JUnit(unittest.TestCase):
    def test_every_threshold_is_a_case(self):
        for path in (VALID, INVALID):
            result = load(path)
            suites = read_junit(export('junit', path)['junit.xml'])
            cases = list(suites.iter('testcase'))
            self.assertEqual(len(cases), 1 + len(result['thresholds']))
            for case, threshold in zip(cases[1:], result['thresholds']):
                self.assertEqual(case.get('name'), threshold['text'])
                self.assertEqual(case.get('classname'), 'chat/' + threshold['cell'])
                self.assertEqual(case.find('failure') is not None, threshold['crossed'])
                self.assertEqual(case.find('error') is not None, 'actual' not in threshold)
            for name, tag in (('failures', 'failure'), ('errors', 'error')):
                self.assertEqual(int(suites.get(name)), len(list(suites.iter(tag))))

    def test_the_schema_refuses_what_is_not_of_it(self):
        text = export('junit', VALID)['junit.xml']
        with self.assertRaises(subprocess.CalledProcessError):
            read_junit(text.replace('classname=', 'class='))


class Otava(unittest.TestCase):
    def test_a_row_a_run_and_numbers_in_every_column(self):
        table = export('otava', VALID, VALID)['chat.csv']
        rows = list(csv.DictReader(io.StringIO(table, newline='')))
        self.assertEqual(len(rows), 2)
        p99 = cell_of(load(VALID), 'websocket')['metrics']['latency_p99_ns']
        self.assertEqual(float(rows[0]['chat/websocket/latency-p99-ns']), p99)
        for name in set(rows[0]) - {'time', 'commit', 'version'}:
            float(rows[0][name])


def with_hostile_text(node):
    """The result with one that tries to break out before every free text."""
    free = ('name', 'about', 'origin', 'text', 'id', 'cell', 'remedy', 'version', 'git', 'build',
            'started', 'command', 'server')
    if isinstance(node, dict):
        return {key: HOSTILE + value if key in free and isinstance(value, str)
                else with_hostile_text(value) for key, value in node.items()}
    return [with_hostile_text(one) for one in node] if isinstance(node, list) else node


class HostileText(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = os.path.join(cls.folder.name, 'result.json')
        with open(cls.path, 'w', encoding='utf-8') as file:
            json.dump(with_hostile_text(load(INVALID)), file)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_json_is_json(self):
        for to in ('gbench', 'bencher', 'github-action-benchmark'):
            for text in export(to, self.path, more=['--even-invalid']).values():
                json.loads(text)

    def test_openmetrics_has_the_text_in_a_label(self):
        text = export('openmetrics', self.path)['metrics.txt']
        families = {family.name: family for family in text_string_to_metric_families(text)}
        labels = families['pushbench_threshold_crossed'].samples[0].labels
        self.assertEqual(set(labels), {'scenario', 'cell', 'threshold'})
        self.assertTrue(labels['threshold'].startswith('=1+1|"><script>alert(1)</script>\\x1b[2J'))

    def test_junit_has_the_text_in_attributes(self):
        suites = read_junit(export('junit', self.path)['junit.xml'])
        names = {case.get('name') for case in list(suites.iter('testcase'))[1:]}
        self.assertEqual(len(names), 2)
        for name in names:
            self.assertTrue(name.startswith('=1+1|"><script>alert(1)</script>\\x1b[2J'))
        self.assertEqual({element.tag for element in suites.iter()},
                         {'testsuites', 'testsuite', 'testcase', 'failure', 'error', 'system-out'})

    def test_no_field_of_a_table_is_a_formula(self):
        for to in ('csv', 'otava'):
            for name, text in export(to, self.path, more=['--even-invalid']).items():
                if name.endswith('.csv'):
                    rows = list(csv.reader(io.StringIO(text, newline='')))
                    self.assertEqual(len({len(row) for row in rows}), 1)
                    for field in (field for row in rows for field in row):
                        self.assertFalse(field.startswith(('=', '+', '-', '@', '\t')), field)

    def test_nothing_steers_a_terminal(self):
        outputs = [subprocess.run([BINARY, 'report', '--format', format, self.path], check=True,
                                  capture_output=True).stdout.decode()
                   for format in ('text', 'md', 'csv', 'html', 'hgrm')]
        for to in ('markdown', 'hgrm', 'hlog', 'otava', 'junit', 'openmetrics'):
            outputs += export(to, self.path, more=['--even-invalid']).values()
        for text in outputs:
            controls = [c for c in text if c != '\n' and (ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0)]
            self.assertEqual(controls, [])


if __name__ == '__main__':
    unittest.main()
