#!/usr/bin/env python3
"""Tests of the pure parts of scripts/bench: statistics of pairs, the table, what it reads."""
import contextlib
import importlib.machinery
import importlib.util
import io
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import bench_table  # noqa: E402


def load(name):
    loader = importlib.machinery.SourceFileLoader(name, os.path.join(HERE, name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


bench = load('bench')


def row(**options):
    return bench.Row('server/ws/1000', 1000, '1/CPU-s', None, **options)


class Quantile(unittest.TestCase):
    def test_of_none_and_one(self):
        self.assertIsNone(bench_table.quantile([], 0.5))
        self.assertEqual(bench_table.quantile([3], 0.1), 3)

    def test_between_the_ordered_values(self):
        self.assertEqual(bench_table.quantile([4, 1, 3, 2], 0.5), 2.5)
        self.assertEqual(bench_table.quantile([30, 10, 20], 0), 10)
        self.assertEqual(bench_table.quantile([30, 10, 20], 1), 30)
        self.assertAlmostEqual(bench_table.quantile(list(range(11)), 0.9), 9)


class Pairs(unittest.TestCase):
    def test_order_alternates_so_that_a_drift_cancels(self):
        firsts = [bench_table.order_of(pair)[0] for pair in range(4)]
        self.assertEqual(firsts, ['floor', 'pushbench', 'floor', 'pushbench'])
        self.assertEqual(set(bench_table.order_of(1)), {'floor', 'pushbench'})

    def test_ratio_is_the_median_of_pairs_and_not_of_medians(self):
        summary = bench_table.Summary([(100, 90), (50, 50), (200, 220)])
        self.assertEqual((summary.floor, summary.own, summary.ratio), (100, 90, 1))
        self.assertLess(summary.low, 1)
        self.assertGreater(summary.high, 1)

    def test_where_less_is_better_the_ratio_turns_over(self):
        self.assertEqual(bench_table.Summary([(10, 20)], less_is_better=True).ratio, 0.5)

    def test_a_floor_of_nothing_has_no_ratio(self):
        summary = bench_table.Summary([(0, 500)], less_is_better=True)
        self.assertIsNone(summary.ratio)
        self.assertEqual(summary.own, 500)


class Verdict(unittest.TestCase):
    def test_goals_of_ratios(self):
        summary = bench_table.Summary([(100, 95)])
        self.assertEqual(bench_table.verdict(row(goal=0.95), summary), 'yes')
        self.assertEqual(bench_table.verdict(row(goal=0.96), summary), 'no')
        self.assertEqual(bench_table.verdict(row(), summary), '')

    def test_goals_of_amounts(self):
        summary = bench_table.Summary([(0, 655)], less_is_better=True)
        self.assertEqual(bench_table.verdict(row(goal=1000, at_most=True), summary), 'yes')
        self.assertEqual(bench_table.verdict(row(goal=600, at_most=True), summary), 'no')


class Table(unittest.TestCase):
    def test_numbers_are_for_people(self):
        self.assertEqual([bench_table.number(value) for value in (None, 118269.4, 23.2, 0.5, 1000)],
                         ['–', '118,269', '23.2', '0.5', '1,000'])

    def test_columns_are_aligned_and_the_rule_is_markdown(self):
        lines = [bench_table.cells_of(row(goal=0.95), bench_table.Summary([(100, 95)])),
                 bench_table.cells_of(row(), bench_table.Summary([(0, 3)]))]
        text = bench_table.table(lines).splitlines()
        self.assertEqual(len({len(line) for line in text}), 1)
        self.assertRegex(text[1], r'^\| -+ \| -+ \| -+: \|')
        self.assertIn('0.95–0.95', text[2])
        self.assertIn('≥ 0.95', text[2])

    def test_a_table_without_rows_is_its_head(self):
        self.assertEqual(len(bench_table.table([]).splitlines()), 2)


class Reading(unittest.TestCase):
    def test_ports_of_both_servers(self):
        self.assertEqual(bench_table.port_in('listening on http://127.0.0.1:8080\n'), 8080)
        self.assertEqual(
            bench_table.port_in('pushbench serve: listening on http://127.0.0.1:7'), 7)
        self.assertIsNone(bench_table.port_in(''))

    def test_nginx_writes_nowhere_but_into_its_folder(self):
        text = bench_table.nginx_config(8123, '/some/folder', 'xx')
        self.assertIn('listen 127.0.0.1:8123', text)
        self.assertIn('return 200 "xx"', text)
        for line in text.splitlines():
            if line.split()[0].rstrip(';').endswith(('_path', 'pid', 'error_log')):
                self.assertIn('/some/folder', line)

    def test_requests_of_wrk(self):
        self.assertEqual(bench_table.wrk_requests('Running 1s test\n  147026 requests in 1.00s, '
                                                  '17.39MB read\n'), 147026)
        self.assertIsNone(bench_table.wrk_requests('unable to connect'))

    def test_a_scenario_holds_what_was_asked_for(self):
        text = bench_table.scenario_text('websocket: {}', 10_000, 4, 3)
        for words in ('clients: 10000', 'rate: 4/s', 'measure: 3s', '  - websocket: {}',
                      'ramp: 4s'):
            self.assertIn(words, text)


class Arguments(unittest.TestCase):
    def complains(self, words):
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            with self.assertRaises(SystemExit) as end:
                bench.parse_arguments(words)
        self.assertEqual(end.exception.code, 2)
        return errors.getvalue()

    def test_pairs(self):
        self.assertEqual(bench.parse_arguments([]).count, 20)
        self.assertEqual(bench.parse_arguments(['--fast']).count, 3)
        self.assertEqual(bench.parse_arguments(['--fast', '--pairs', '7']).count, 7)
        self.assertIn('above 0', self.complains(['--pairs', '-1']))
        self.assertIn('above 0', self.complains(['--pairs', '0']))

    def test_rows_are_chosen_by_pattern(self):
        names = [row.name for row in bench.parse_arguments(['--rows', '^server/ws/']).chosen]
        self.assertEqual(names, ['server/ws/1000', 'server/ws/10000'])
        self.assertIn('server/ws/1000', self.complains(['--rows', 'carrier-pigeon']))
        self.assertIn('regular expression', self.complains(['--rows', '(']))

    def test_names_of_rows_are_unique(self):
        names = [row.name for row in bench.all_rows()]
        self.assertEqual(len(names), len(set(names)))


class Machine:
    """Stands for a machine; rows below measure nothing of it."""


class Run(unittest.TestCase):
    def run_rows(self, *rows, **more):
        options = bench.parse_arguments(['--pairs', '2'])
        options.chosen = rows
        for name, value in more.items():
            setattr(options, name, value)
        with contextlib.redirect_stderr(io.StringIO()):
            lines, self.found, notes, failed = bench.measure_all(Machine(), options, 'abc')
        return lines, notes, failed

    def test_a_row_that_fails_is_named_and_the_others_go_on(self):
        def fail(_machine, _whose):
            raise bench.BenchError('no server')
        good = bench.Row('good', 10, 'x', lambda _, whose: 2 if whose == 'floor' else 1)
        lines, notes, failed = self.run_rows(bench.Row('bad', 10, 'x', fail), good)
        self.assertTrue(failed)
        self.assertEqual([line[0] for line in lines], ['good'])
        self.assertEqual(notes, ['bad: FAILED: floor: no server'])

    def test_what_is_not_installed_is_no_failure(self):
        def fail(_machine, _whose):
            raise bench.NotInstalled('wrk is not installed')
        lines, notes, failed = self.run_rows(bench.Row('wrk', 10, 'x', fail))
        self.assertEqual((lines, notes, failed), ([], ['wrk: wrk is not installed'], False))

    def test_what_was_kept_is_taken_of_the_same_commit_and_the_same_runs(self):
        measured = []

        def measure(_machine, whose):
            measured.append(whose)
            return len(measured)
        row = bench.Row('a/b', 10, 'x', measure)
        with tempfile.TemporaryDirectory() as folder:
            lines = self.run_rows(row, keep=folder)[0]
            self.assertEqual(os.listdir(folder), ['a-b.json'])
            self.assertEqual(self.run_rows(row, keep=folder)[0], lines)
            self.assertEqual(len(measured), 4)
            self.assertEqual(self.found['a/b']['commit'], 'abc')
            self.run_rows(row, keep=folder, count=3)
        self.assertEqual(len(measured), 4 + 6)

    def test_clients_beyond_the_descriptors_are_left_out(self):
        lines, notes, failed = self.run_rows(
            bench.Row('many', 10 ** 12, 'x', lambda _machine, _whose: 1))
        self.assertEqual((lines, failed), ([], False))
        self.assertIn('do not fit the limit', notes[0])

    def test_a_figure_that_is_missing_is_a_failure(self):
        _, notes, failed = self.run_rows(bench.Row('none', 1, 'x', lambda _machine, _whose: None))
        self.assertTrue(failed)
        self.assertIn('could not be measured', notes[0])


if __name__ == '__main__':
    unittest.main()
