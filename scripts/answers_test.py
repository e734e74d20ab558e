#!/usr/bin/env python3
"""Tests of the pure parts of scripts/answers."""
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import answers_table as answers  # noqa: E402


def knee_found(held, failed=None, at_least=False):
    return {'held': held, 'failed': failed, 'at_least': at_least, 'gave_out': 'latency',
            'trials': 15}


def model(cpu=1.0, memory=1.0, byte=1.0):
    """Two held-out cells, one of which is predicted exactly."""
    def held(factor_cpu, factor_memory, factor_byte):
        return {'cell': 'x', 'measured_cores': 2.0, 'predicted_cores': 2.0 * factor_cpu,
                'measured_memory_bytes': 1e7, 'predicted_memory_bytes': 1e7 * factor_memory,
                'measured_bytes_per_s': 1e6, 'predicted_bytes_per_s': 1e6 * factor_byte}
    return {'families': [{'family': 'websocket',
                          'held_out': [held(cpu, memory, byte), held(1, 1, 1)]}]}


def advice(confirmed=True, compressed=1):
    out = {'clients': 10000, 'verified_clients': 400, 'time_compressed': compressed,
           'strategies': [
               {'strategy': 'websocket', 'servers': 0.02, 'fits': True, 'tie': False},
               {'strategy': 'polling/interval=1s,new-connection', 'servers': 0.1, 'fits': False,
                'tie': False}],
           'measured': [
               {'strategy': 'websocket', 'clients': 400, 'servers': 0.021, 'scarcest': 'processor'},
               {'strategy': 'polling,new-connection', 'clients': 200, 'servers': 0.12,
                'scarcest': 'processor'}],
           'confirmed': confirmed, 'contradictions': [] if confirmed else ['a is told', 'b is not']}
    return answers.advice_of(out)


def everything(**other):
    out = {knee.name: knee_found(knee.rate * 1.02, knee.rate * 1.06) for knee in answers.knees()}
    out |= {f'costs-{i}': model() for i in range(answers.FITS)}
    out |= {example.name: advice() for example in answers.EXAMPLES}
    return out | other


class Knees(unittest.TestCase):
    def test_are_the_same_every_time_and_within_their_range(self):
        first = [(knee.name, knee.strategy, knee.rate) for knee in answers.knees()]
        self.assertEqual(first, [(k.name, k.strategy, k.rate) for k in answers.knees()])
        self.assertEqual(len(first), answers.KNEES)
        self.assertEqual(len({rate for _, _, rate in first}), answers.KNEES)
        self.assertEqual({name for _, name, _ in first}, set(answers.KNEE_STRATEGIES))
        for _, _, rate in first:
            self.assertTrue(answers.LEAST_RATE <= rate <= answers.MOST_RATE)

    def test_the_scenario_does_not_tell_the_rate(self):
        knees = answers.knees()
        self.assertEqual(knees[0].scenario(), knees[5].scenario())

    def test_holds_within_a_tenth_and_not_as_a_lower_bound(self):
        knee = answers.Knee(0, 'websocket', 1000)
        for held, holds in ((1000, True), (1099, True), (901, True), (1101, False), (899, False)):
            self.assertEqual(answers.knee_holds(knee, knee_found(held)), holds, held)
        self.assertFalse(answers.knee_holds(knee, knee_found(1000, at_least=True)))
        self.assertFalse(answers.knee_holds(knee, knee_found(None)))

    def test_nine_of_ten_are_enough(self):
        def row(missed):
            bad = {f'knee-{i:02}': knee_found(None) for i in range(missed)}
            return answers.knee_trials(everything(**bad))[0]
        self.assertTrue(row(1).holds)
        self.assertFalse(row(2).holds)
        self.assertEqual(row(2).found, 8)

    def test_are_read_from_the_state_of_a_search(self):
        state = {'searches': [{'answer': {'held': 990.0, 'failed': 1030.0, 'at_least': False,
                                          'gave_out': 'latency'}, 'trials': [{}, {}]}]}
        self.assertEqual(answers.knee_of(state), {
            'held': 990.0, 'failed': 1030.0, 'at_least': False, 'gave_out': 'latency', 'trials': 2})
        none = {'searches': [{'answer': {'failed': 1.0, 'at_least': False}, 'trials': []}]}
        self.assertIsNone(answers.knee_of(none)['held'])


class Costs(unittest.TestCase):
    def test_errors_of_all_fits_stand_together_and_what_was_not_measured_is_left_out(self):
        errors = answers.cost_errors([model(cpu=1.1), model(cpu=0.8)])
        self.assertEqual([round(error, 6) for error in errors['websocket', 'server CPU']],
                         [0.1, 0, -0.2, 0])
        self.assertEqual(errors['websocket', 'kernel memory'], [])

    def test_each_metric_has_its_own_limit(self):
        def holds(**off):
            return [row.holds for row in answers.cost_trials([model(**off)]) if row.made]
        self.assertEqual(holds(), [True, True, True])
        self.assertEqual(holds(cpu=1.14, memory=0.91, byte=1.009), [True, True, True])
        self.assertEqual(holds(cpu=1.16), [False, True, True])
        self.assertEqual(holds(memory=0.89), [True, False, True])
        self.assertEqual(holds(byte=1.011), [True, True, False])

    def test_rows_show_the_middle_and_the_worst(self):
        rows = answers.cost_rows([model(cpu=0.8)])
        self.assertEqual(rows[0], ['websocket', 'server CPU', '20.0 %', '-20.0 %', '15 %',
                                   '1 of 2'])
        self.assertEqual([row[1] for row in rows], ['server CPU', 'resident memory', 'bytes'])


class Advice(unittest.TestCase):
    def test_places_of_the_run_stand_beside_those_of_the_advice(self):
        rows = answers.advice_rows(advice())
        self.assertEqual(rows[0], ['websocket', 'yes', '1', '2 %', '1', '400', '2.1 %',
                                   'processor'])
        self.assertEqual(rows[1][:3], ['polling,new-connection', 'no', '2'])

    def test_a_compressed_run_says_so(self):
        self.assertIn('time-compressed 200 times', answers.run_text(advice(compressed=200)))
        self.assertNotIn('compressed', answers.run_text(advice()))

    def test_an_advice_that_nothing_was_measured_for_is_not_confirmed(self):
        bare = {'clients': 1, 'verified_clients': 1, 'time_compressed': 1, 'strategies': []}
        self.assertFalse(answers.advice_of(bare)['confirmed'])

    def test_what_contradicts_is_told(self):
        text = answers.advice_section(answers.EXAMPLES[0], advice(confirmed=False))
        self.assertIn('**Not confirmed:** a is told; b is not.', text)
        self.assertIn('--events-per-client 6/h', text)

    def test_families_are_named_as_the_program_names_them(self):
        for cell, family in (('polling/interval=1s', 'polling'), ('websocket', 'websocket'),
                             ('polling/interval=1s,new-connection', 'polling,new-connection'),
                             ('long-polling/hold=25s', 'long-polling'),
                             ('streaming/sse', 'streaming/sse')):
            self.assertEqual(answers.family_of(cell), family)

    def test_examples_have_distinct_names(self):
        self.assertEqual(len({example.name for example in answers.EXAMPLES}), 7)


class Document(unittest.TestCase):
    def test_has_facts_counts_with_intervals_and_every_part(self):
        text = answers.document([('commit', 'abc')], everything())
        for part in ('- commit: abc', '10 of 10', '69.2 % to 100.0 %', '## Capacity against',
                     '## Costs at held-out', '### News', '### Finance', '**Confirmed.**'):
            self.assertIn(part, text)
        self.assertLess(text.index('10 of 10'), text.index('## Capacity'))

    def test_a_piece_that_is_missing_is_an_error(self):
        for name in ('knee-03', 'costs-1', 'advice-mail'):
            found = everything()
            del found[name]
            with self.assertRaises(KeyError):
                answers.document([], found)


if __name__ == '__main__':
    unittest.main()
