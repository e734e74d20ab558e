#!/usr/bin/env python3
"""Tests of the pure parts of scripts/gate_trials."""
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gate_trials_table as trials  # noqa: E402


class Place(unittest.TestCase):
    def test_goes_between_its_markers(self):
        document = f'a\n{trials.BEGIN}\nold\n{trials.END}\nb\n'
        self.assertEqual(trials.between_markers(document, 'new'),
                         f'a\n{trials.BEGIN}\nnew\n{trials.END}\nb\n')
        with self.assertRaises(ValueError):
            trials.between_markers('nothing', 'new')


if __name__ == '__main__':
    unittest.main()
