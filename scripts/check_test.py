#!/usr/bin/env python3
"""Tests of scripts/check and scripts/cpp_text.py: every rule finds its sin and spares its like."""
import contextlib
import importlib.machinery
import importlib.util
import io
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))


def load(name, path):
    loader = importlib.machinery.SourceFileLoader(name, path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


check = load('check', os.path.join(HERE, 'check'))
cpp_text = check.cpp_text


def found(rule, path, text):
    return [f'{line}: {what}' for line, what in rule(path, text)]


class CodeOnly(unittest.TestCase):
    def test_blanks_comments_and_strings_but_keeps_lines(self):
        code = cpp_text.code_only('a; // x {\n/* {\n{ */ b = "{\\"" + \'{\';\n')
        self.assertEqual(code.count('\n'), 3)
        self.assertNotIn('{', code)
        self.assertIn('b = "" + ', code)

    def test_raw_strings_end_at_their_own_mark(self):
        self.assertEqual(cpp_text.code_only('f(R"x( " { )" )x") + u8R"({)";'), 'f("") + "";')

    def test_digit_separators_are_no_characters(self):
        self.assertEqual(cpp_text.code_only("f(1'000'000, 'x', 0xff'ff);"),
                         "f(1'000'000, ' ', 0xff'ff);")

    def test_a_comment_sign_in_a_string_is_no_comment(self):
        self.assertIn('g()', cpp_text.code_only('f("http://x"); g();'))


class Functions(unittest.TestCase):
    def names(self, text):
        return [(name, first, last) for name, first, last in cpp_text.functions(text)]

    def test_free_functions_in_namespaces(self):
        self.assertEqual(self.names('namespace a::b {\nint f(int x) {\n  return x;\n}\n\n'
                                    'template <class T>\nauto g(T t) -> T\n{ return t; }\n}\n'),
                         [('f', 2, 4), ('g', 6, 8)])

    def test_members_and_declarations_between_them(self):
        self.assertEqual(self.names('class A final : public B {\n public:\n  A();\n  int f() const '
                                    'noexcept override { return x_; }\n  int x_{1};\n'
                                    '  bool operator()(int) { return true; }\n};\n'),
                         [('f', 4, 4), ('operator()', 6, 6)])

    def test_constructor_with_braced_members(self):
        self.assertEqual(self.names('A::A(int x)\n    : a_{x},\n      b_(2), c_{} {\n  run();\n}\n'
                                    'void g() {}\n'), [('A::A', 1, 5), ('g', 6, 6)])

    def test_blocks_and_lambdas_inside_belong_to_their_function(self):
        self.assertEqual(self.names('void f() {\n  if (x) {\n    y([&] { z(); });\n  }\n}\n'),
                         [('f', 1, 5)])

    def test_initialisers_and_types_are_no_functions(self):
        self.assertEqual(self.names('constexpr std::array<int, 2> kA{1, 2};\nenum class E { a };\n'
                                    'const X kX = {f(1), 2};\nstruct alignas(64) S { int a = 0; };'
                                    '\nextern "C" { int h(); }\n'), [])

    def test_tests_count_and_macros_do_not(self):
        self.assertEqual(self.names('#define A(x) { \\\n  x\nTEST(Suite, Name) {\n  f();\n}\n'),
                         [('TEST', 3, 5)])


class LambdaBesideAwait(unittest.TestCase):
    def lines(self, text):
        return list(cpp_text.lambdas_beside_await('void f() {\n' + text + '\n}\n'))

    def test_finds_a_capture_in_the_same_statement(self):
        self.assertEqual(self.lines('co_await run([x] { g(x); });'), [2])
        self.assertEqual(self.lines('auto [ec, n] =\n  co_await run(a, [&](int) { g(); });'), [3])
        self.assertEqual(self.lines('use([&] { return 1; }, co_await next());'), [2])
        self.assertEqual(self.lines('if (co_await run([=] { g(); })) {\n}'), [2])

    def test_spares_what_stands_in_other_statements(self):
        self.assertEqual(self.lines('auto h = [x] { g(x); };\nco_await run(h);'), [])
        self.assertEqual(self.lines('auto [ec, n] = co_await read(b[i], kAwait);'), [])
        self.assertEqual(self.lines('co_await run([] { g(); });'), [])
        self.assertEqual(self.lines('spawn([x]() -> awaitable<void> {\n co_await g(x);\n}, k);'),
                         [])
        self.assertEqual(self.lines('if (co_await run()) {\n  each([x] { g(x); });\n}'), [])
        self.assertEqual(self.lines('while (go) {\n each([x] { g(x); });\n}\nco_await run();'), [])


class Arrows(unittest.TestCase):
    def see(self, path, target):
        return found(check.check_arrows, path, f'#pragma once\n#include "{target}"\n')

    def test_arrows_are_transitive(self):
        self.assertEqual(self.see('harness/result/a.h', 'harness/wire/b.h'), [])
        self.assertEqual(self.see('reports/a.h', 'harness/base/b.h'), [])
        self.assertEqual(self.see('harness/e2e/a_test.cc', 'servers/reference/b.h'), [])
        self.assertEqual(self.see('servers/floor/a.h', 'harness/wire/b.h'), [])

    def test_forbidden_arrows(self):
        for path, target in (('harness/base/a.h', 'harness/wire/b.h'),
                             ('harness/model/a.h', 'harness/stats/b.h'),
                             ('harness/swarm/a_test.cc', 'servers/reference/b.h'),
                             ('servers/reference/a.h', 'harness/plan/b.h'),
                             ('servers/reference/a.h', 'harness/transport/b.h'),
                             ('servers/floor/a.h', 'servers/reference/b.h'),
                             ('servers/reference/a.h', 'servers/floor/b.h'),
                             ('reports/a.h', 'harness/swarm/b.h'),
                             ('harness/app/a.cc', 'harness/e2e/b.h')):
            self.assertIn('must not see', ''.join(self.see(path, target)), (path, target))

    def test_unknown_rooms_and_relative_includes(self):
        self.assertIn('no arrows', self.see('harness/attic/a.h', 'harness/base/b.h')[0])
        self.assertIn('from the root', self.see('harness/base/a.h', 'b.h')[0])
        self.assertIn('from the root', self.see('harness/base/a.h', '../wire/b.h')[0])


class Sizes(unittest.TestCase):
    def test_file_limits(self):
        self.assertEqual(found(check.check_sizes, 'a.cc', 'x\n' * 400), [])
        self.assertIn('401 lines', found(check.check_sizes, 'a.cc', 'x\n' * 401)[0])
        self.assertEqual(found(check.check_sizes, 'a_test.cc', 'x\n' * 600), [])
        self.assertIn('601 lines', found(check.check_sizes, 'a_bench.cc', 'x\n' * 601)[0])

    def test_function_limit(self):
        body = '  g();\n'
        self.assertEqual(found(check.check_sizes, 'a.cc', 'void f() {\n' + body * 68 + '}\n'), [])
        self.assertIn('1: f has 71 lines', found(
            check.check_sizes, 'a.cc', 'void f() {\n' + body * 69 + '}\n')[0])

    def test_columns_are_characters(self):
        self.assertEqual(found(check.check_sizes, 'a.cc', '→' * 100), [])
        self.assertIn('101 columns', found(check.check_sizes, 'a.cc', '→' * 101)[0])


class Words(unittest.TestCase):
    def test_banned_in_code_only(self):
        for word in ('auto t = std::chrono::steady_clock::now();', 'std::mutex m;', 'std::rand();',
                     'co_spawn(x, y, asio::detached);', 'std::this_thread::sleep_for(x);',
                     'using namespace std;', '#include <boost/asio.hpp>', 'volatile int x;',
                     'GTEST_' 'SKIP();', 'TEST(A, DISABLED_B) {}', 'std::jthread t;'):
            self.assertEqual(len(found(check.check_cpp_words, 'harness/base/a.cc', word)), 1, word)
            self.assertEqual(found(check.check_cpp_words, 'harness/base/a.cc', '// ' + word), [])

    def test_spared(self):
        for path, word in (('harness/base/time.cc', 'std::chrono::steady_clock::now();'),
                           ('harness/base/a.cc', 'using namespace std::chrono_literals;'),
                           ('harness/base/a.cc', 'std::thread::hardware_concurrency();'),
                           ('harness/swarm/a.cc', 'std::jthread worker;'),
                           ('harness/base/a.cc', '#include <boost/asio/ip/tcp.hpp>'),
                           ('servers/reference/crew.h', 'std::mutex m;'),
                           ('harness/base/a.cc', 'print("std::mutex");')):
            self.assertEqual(found(check.check_cpp_words, path, word), [], word)

    def test_banned_in_every_text(self):
        for word in ('TO' 'DO: x', '// FIX' 'ME', 'see /wo' 'rk/main', 'registry.' 'npmjs.org'):
            self.assertEqual(len(found(check.check_text_words, 'README.md', word)), 1, word)
        self.assertEqual(found(check.check_text_words, 'a', 'mktemp a.XXXX' 'XX; ./work/x'), [])


class Units(unittest.TestCase):
    CMAKE = {'harness/base/CMakeLists.txt': 'pushbench_room(NAME base UNITS one) # two\n'}

    def strays(self, **files):
        texts = dict(self.CMAKE)
        texts.update({'harness/base/' + name.replace('__', '.'): text
                      for name, text in files.items()})
        return [path for path, _, _ in check.check_units(texts)]

    def test_units_tests_and_helpers_are_at_home(self):
        self.assertEqual(self.strays(one__h='void f() {}', one__cc='', one_test__cc='',
                                     one_bench__cc=''), [])
        self.assertEqual(self.strays(aid__h='void f() {}', one_test__cc=(
            '#include "harness/base/aid.h"\n')), [])
        self.assertEqual(self.strays(shape__h='struct A { int a = 0; };'), [])

    def test_strays(self):
        self.assertEqual(self.strays(two__cc=''), ['harness/base/two.cc'])
        self.assertEqual(self.strays(two__h='void f() {}'), ['harness/base/two.h'])
        self.assertEqual(self.strays(two_test__cc=''), ['harness/base/two_test.cc'])


class ScriptsAndLinks(unittest.TestCase):
    GOOD = '#!/usr/bin/env bash\n# Does x.\nset -euo pipefail\n'

    def test_scripts(self):
        rule = check.check_script
        self.assertEqual(list(rule('scripts/a', self.GOOD, True)), [])
        self.assertEqual(len(list(rule('scripts/a', self.GOOD, False))), 1)
        self.assertEqual(len(list(rule('scripts/a', 'x\n', True))), 1)
        self.assertEqual(len(list(rule('scripts/a', '#!/bin/bash\nx\n', True))), 2)

    def test_links(self):
        def links(text):
            return list(check.check_links('docs/a.md', text, {'docs/b.md', 'c'}.__contains__))
        self.assertEqual(links('[b](b.md#x) [c](../c) [d](#e) [f](https://g)'), [])
        self.assertEqual([line for line, _ in links('\n[x](x.md)')], [2])
        self.assertEqual(len(links('[x](../../c)')), 1)


class WholeTree(unittest.TestCase):
    def test_exit_code_and_output_in_a_path_with_spaces(self):
        with tempfile.TemporaryDirectory(prefix='a tree ') as root:
            subprocess.run(['git', 'init', '-q', root], check=True)
            self.assertEqual(self.run_check(root), (0, ''))
            with open(os.path.join(root, 'stray file'), 'w', encoding='utf-8') as file:
                file.write('fine\n')
            code, output = self.run_check(root)
            self.assertEqual(code, 1)
            self.assertRegex(output, r'^stray file:1: does not belong on the top level; .*\n$')

    def run_check(self, root):
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
            code = check.main([root])
        return code, output.getvalue()


if __name__ == '__main__':
    unittest.main()
