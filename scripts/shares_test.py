#!/usr/bin/env python3
"""Tests of scripts/shares.py."""
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import shares  # noqa: E402


class ClopperPearson(unittest.TestCase):
    """Against the values that tables and closed forms give."""

    def close(self, found, made, low, high):
        got = shares.clopper_pearson(found, made)
        self.assertAlmostEqual(got[0], low, places=4)
        self.assertAlmostEqual(got[1], high, places=4)

    def test_none_and_all_have_closed_forms(self):
        self.close(0, 50, 0, 1 - 0.025 ** (1 / 50))
        self.close(20, 20, 0.025 ** (1 / 20), 1)

    def test_known_values(self):
        self.close(1, 50, 0.0005, 0.1065)
        self.close(19, 20, 0.7513, 0.9987)
        self.close(5, 10, 0.1871, 0.8129)

    def test_is_symmetric(self):
        low, high = shares.clopper_pearson(3, 17)
        self.close(14, 17, 1 - high, 1 - low)


class Table(unittest.TestCase):
    def test_rows_have_the_interval_and_whether_the_goal_is_met(self):
        text = shares.trials_table('comparisons', [
            shares.Trials('same build', 0, 50, 'at most 1', True),
            shares.Trials('slower', 18, 20, 'at least 19', False)])
        lines = text.split('\n')
        self.assertEqual(len(lines), 4)
        self.assertIn('0 of 50', lines[2])
        self.assertIn('0.0 % to 7.1 %', lines[2])
        self.assertTrue(lines[2].endswith('yes |'))
        self.assertTrue(lines[3].endswith(' no |'))
        self.assertEqual(len({len(line) for line in lines}), 1)


if __name__ == '__main__':
    unittest.main()
