#!/usr/bin/env python3
"""Tests of the pure parts of scripts/claims."""
import os
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import claims_settled as settled  # noqa: E402
from claims_settled import FAILS, HOLDS, LONG, OPEN, PARTLY, POLL, SOCKET, SSE  # noqa: E402

SCENARIOS = os.path.join(os.path.dirname(HERE), 'scenarios')


def point(label, caveats=(), **cells):
    """Cells by words: polling={'latency_mean_ns': 1}."""
    names = {'poll': 'polling/interval=1s', 'long': 'long-polling/hold=25s', 'sse': 'streaming/sse',
             'socket': 'websocket'}
    return {'label': label, 'verdict': 'valid', 'caveats': list(caveats),
            'cells': {names[word]: figures for word, figures in cells.items()}}


def bytes_point(head, framing, poll_ip, socket_ip):
    return [point('case A',
                  poll={'head_bytes_per_request': head, 'ip_bytes_per_delivery': poll_ip},
                  socket={'framing_bytes_per_delivery': framing,
                          'ip_bytes_per_delivery': socket_ip})]


def means(label, long, socket, p99=None):
    return point(label, long={'latency_mean_ns': long, 'latency_p99_ns': p99 or long},
                 socket={'latency_mean_ns': socket})


def shares(label, poll, long, sse):
    return point(label, poll={'server_cpu_share': poll}, long={'server_cpu_share': long},
                 sse={'server_cpu_share': sse})


class Figures(unittest.TestCase):
    def test_are_of_the_one_cell_whose_name_begins_so(self):
        found = means('x', 3e6, 2e6)
        self.assertEqual(settled.figure(found, LONG, 'latency_mean_ns'), 3e6)
        self.assertEqual(settled.ratio(found, 'latency_mean_ns', LONG, SOCKET), 1.5)

    def test_what_is_missing_is_an_error_and_not_0(self):
        for cell, metric in ((POLL, 'latency_mean_ns'), (SOCKET, 'latency_p50_ns')):
            with self.assertRaisesRegex(ValueError, f'x: {cell} has no {metric}'):
                settled.figure(means('x', 1, 1), cell, metric)

    def test_numbers_keep_three_digits(self):
        self.assertEqual([settled.number(value) for value in (0, 0.01234, 1.5, 436.2, 12345)],
                         ['0', '0.0123', '1.50', '436', '12,345'])


class Verdicts(unittest.TestCase):
    def test_heads(self):
        judge = settled.judge_heads
        self.assertEqual(judge(bytes_point(909, 2, 1086, 123))[0], PARTLY)
        self.assertIn('436 to 1', judge(bytes_point(909, 2, 1086, 123))[1])
        self.assertEqual(judge(bytes_point(909, 2, 1086, 2))[0], HOLDS)
        self.assertEqual(judge(bytes_point(500, 2, 1086, 123))[0], OPEN)

    def test_transits(self):
        judge = settled.judge_transits
        self.assertEqual(judge([means('0.1', 55, 50, 120), means('2', 97, 50, 148)])[0], PARTLY)
        self.assertEqual(judge([means('0.1', 140, 50, 150), means('2', 150, 50, 150)])[0], HOLDS)
        self.assertEqual(judge([means('0.1', 55, 50, 60), means('2', 60, 50, 61)])[0], OPEN)
        self.assertEqual(judge([means('0.1', 55, 50, 60), means('2', 120, 50, 150)])[0], OPEN)

    def test_cpu(self):
        judge = settled.judge_cpu
        rare = shares('10', 1, 8, 5)
        turned = judge([shares('0.1', 1, 0.2, 0.1), shares('1', 1, 1.5, 1), rare])
        self.assertEqual(turned[0], FAILS)
        self.assertIn('the sign turns', turned[1])
        self.assertIn('push is the cheaper', judge(
            [shares('0.1', 1, 0.2, 0.1), shares('1', 1, 1, 1), shares('10', 1, 1, 1)])[1])
        self.assertEqual(judge([shares('0.1', 1, 7, 7), shares('1', 1, 7, 7), rare])[0], HOLDS)
        self.assertEqual(judge([shares('0.1', 1, 1, 0.1), shares('1', 1, 7, 7), rare])[0], PARTLY)
        self.assertEqual(judge([shares('0.1', 1, 1, 0.9), shares('1', 1, 1, 1), rare])[0], OPEN)
        self.assertEqual(judge([shares('0.1', 1, 1, 0.1), shares('1', 1, 3, 3), rare])[0], OPEN)

    def test_knee(self):
        judge = settled.judge_knee
        self.assertEqual(judge([means('0.96', 102, 100), means('1.04', 150, 100)])[0], HOLDS)
        self.assertEqual(judge([means('0.96', 130, 100), means('1.04', 150, 100)])[0], FAILS)
        self.assertEqual(judge([means('0.96', 102, 100), means('1.04', 102, 100)])[0], FAILS)
        self.assertEqual(judge([means('0.96', 108, 100), means('1.04', 150, 100)])[0], OPEN)

    def test_patience(self):
        judge = settled.judge_patience
        self.assertAlmostEqual(settled.cut_off([shares('1', 2, 0, 1), shares('4', 1, 0, 2)]), 2)
        self.assertEqual(judge([shares('1', 2, 0, 1), shares('4', 1, 0, 2)])[0], HOLDS)
        self.assertIn('10 s', judge([shares('1', 2, 0, 1), shares('4', 1, 0, 2)])[1])
        self.assertEqual(judge([shares('0.5', 2, 0, 1), shares('1', 1, 0, 2)])[0], FAILS)
        self.assertEqual(judge([shares('1', 3, 0, 1), shares('4', 2, 0, 1)])[0], OPEN)
        self.assertIn('costs more', judge([shares('1', 3, 0, 1), shares('4', 2, 0, 1)])[1])
        self.assertIn('costs less', judge([shares('1', 1, 0, 3), shares('4', 1, 0, 2)])[1])

    def test_broadcast(self):
        def judge(figures):
            return settled.judge_broadcast(
                [point(f'{n:,}', socket={'latency_mean_ns': mean}) for n, mean in figures])
        self.assertEqual(judge([(n, 1e5 + 3e3 * n) for n in (500, 1000, 2000, 4000)])[0], HOLDS)
        self.assertIn('3.00 µs', judge([(n, 1e5 + 3e3 * n) for n in (500, 1000, 2000)])[1])
        self.assertEqual(judge([(n, n * n) for n in (500, 1000, 2000, 4000)])[0], FAILS)
        self.assertEqual(judge([(n, 1e6 + n % 7) for n in (500, 1000, 2000, 4000)])[0], FAILS)

    def test_a_straight_line_has_its_offset_slope_and_fit(self):
        offset, slope, fit = settled.straight_line([(1, 5), (2, 7), (3, 9)])
        self.assertAlmostEqual(offset, 3)
        self.assertAlmostEqual(slope, 2)
        self.assertAlmostEqual(fit, 1)


class Claims(unittest.TestCase):
    def test_names_and_labels_are_distinct(self):
        names = [claim.name for claim in settled.CLAIMS]
        self.assertEqual(len(set(names)), len(names))
        for claim in settled.CLAIMS:
            labels = [label for label, _ in claim.runs]
            self.assertEqual(len(set(labels)), len(labels), claim.name)

    def test_their_scenarios_are_shipped(self):
        for claim in settled.CLAIMS:
            self.assertTrue(os.path.exists(os.path.join(SCENARIOS, claim.scenario)), claim.name)


class Document(unittest.TestCase):
    def one(self, name, points):
        claim = next(claim for claim in settled.CLAIMS if claim.name == name)
        return settled.section(claim, points)

    def test_a_section_has_claim_source_run_figures_and_verdict(self):
        text = self.one('knee', [means('0.96', 102e6, 100e6), means('1.04', 150e6, 100e6)])
        for part in ('- claim: ', '- source: V. Pimentel', '--rtt 240ms', '| 0.96 | 102 ms |',
                     '**Holds.**', 'All runs were valid.'):
            self.assertIn(part, text)

    def test_doubts_are_told(self):
        points = [means('0.96', 102e6, 100e6), means('1.04', 150e6, 100e6)]
        points[0]['caveats'] = ['loop-lag', 'loop-lag', 'drift']
        self.assertIn('Doubts of the runs: 0.96: drift, loop-lag.', self.one('knee', points))

    def test_a_claim_that_was_not_measured_is_an_error(self):
        with self.assertRaises(KeyError):
            settled.document([], {})


if __name__ == '__main__':
    unittest.main()
