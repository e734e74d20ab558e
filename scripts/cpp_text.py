"""Reads C++ as text for scripts/check: blanks comments and strings, finds functions and lambdas.

No parser: it counts braces and looks at the words before them. That is enough for code in this
project's style; scripts/check_test.py holds the shapes that it must know.
"""
import re

_TOKEN = re.compile(
    r'(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)'
    r'|(?P<raw>(?:u8|[uUL])?R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)")'
    r'|(?P<keep>[A-Za-z_]\w*|\d(?:[\w.]|\'(?=\w))*)'
    r'|(?P<text>"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\')', re.S)
_DIRECTIVE = re.compile(r'^[ \t]*#(?:\\\n|[^\n])*', re.M)
_SCOPE = re.compile(r'^(?:(?:export|inline|typedef|template\s*<.*>)\s*)*'
                    r'(?:namespace|class|struct|union|enum|extern\s*"")\b', re.S)
_NAME = re.compile(r'(operator\s*(?:\(\)|[^\s\w(]+|\w+)|~?[\w:~]+)\s*\(')
_LAMBDA = re.compile(r'\[(?P<capture>[^\[\]]*)\]\s*(?:\(|\{|mutable\b|<)')


def _newlines(text):
    return '\n' * text.count('\n')


def code_only(text):
    """The text with comments blank and strings empty; every line keeps its number."""
    def blank(match):
        if match['keep']:
            return match[0]
        if match['comment']:
            return ' ' + _newlines(match[0])
        return ('""' if match[0][-1] == '"' else "' '") + _newlines(match[0])
    return _TOKEN.sub(blank, text)


def _without_directives(code):
    return _DIRECTIVE.sub(lambda match: _newlines(match[0]), code)


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def _depth(text, opening, closing):
    return text.count(opening) - text.count(closing)


def _is_member_initialiser(head):
    """The { of `: member_{1}, other_{2} {`: a constructor's list, not its body."""
    listed = re.search(r'\)\s*(?:noexcept\s*)?:(?!:)', head)
    return bool(listed) and bool(re.search(r'[\w>]\s*$', head))


def _kind(head):
    head = re.sub(r'\[\[.*?\]\]|^\s*(?:public|private|protected)\s*:', '', head, flags=re.S).strip()
    if _SCOPE.match(head) and not re.search(r'\)\s*(?:const|noexcept|override|final)*$', head):
        return 'scope'
    if _depth(head, '(', ')') != 0:
        return 'other'
    if _is_member_initialiser(head):
        return 'initialiser'
    if ')' in head and not head.endswith(('=', ',')):
        return 'function'
    return 'other'


def functions(text):
    """Yields (name, first line, last line) of every function body outside other functions."""
    code = _without_directives(code_only(text))
    stack, start = [], 0
    for match in re.finditer(r'[{};]', code):
        at, sign = match.start(), match[0]
        inside = any(kind in ('function', 'other', 'initialiser') for kind, _ in stack)
        if sign == '{':
            stack.append(('block' if inside else _kind(code[start:at]), start))
            if stack[-1][0] in ('scope', 'function'):
                start = at + 1
        elif sign == '}' and stack:
            kind, began = stack.pop()
            if kind == 'function':
                head = code[began:]
                began += len(head) - len(head.lstrip())
                name = _NAME.search(code, began, at)
                yield (name[1] if name else '?', line_of(code, began), line_of(code, at))
            if kind in ('scope', 'function'):
                start = at + 1
        elif sign == ';' and not inside:
            start = at + 1


def _statement(code, at):
    """The statement around `at`: (text before it, text from it on), inner blocks left out."""
    depth, begin = 0, at
    while begin > 0:
        sign = code[begin - 1]
        if sign == ';' and depth == 0 or sign == '{' and depth == 0:
            break
        if sign == '}' and depth == 0 and '\n' in code[begin:at]:
            break
        depth += (sign == '}') - (sign == '{')
        begin -= 1
    head = code[begin:at]
    parens, braces, rest = _depth(head, '(', ')'), 0, []
    control = re.match(r'\s*(?:\}\s*)?(?:else\s+)?(?:if|while|for|switch)\b', head)
    for sign in code[at:]:
        if braces == 0 and (sign in ';}' or sign == '{' and control and parens <= 0):
            break
        braces += (sign == '{') - (sign == '}')
        if braces == 0 or sign == '{' and braces == 1:
            rest.append(sign)
            parens += (sign == '(') - (sign == ')')
        elif sign == '\n':
            rest.append(sign)
    return head, ''.join(rest)


def lambdas_beside_await(text):
    """Yields the line of every co_await whose own statement holds a lambda with captures."""
    code = _without_directives(code_only(text))
    for match in re.finditer(r'\bco_await\b', code):
        for part in _statement(code, match.start()):
            if any(_captures(part, found) for found in _LAMBDA.finditer(part)):
                yield line_of(code, match.start())
                break


def _captures(part, found):
    if not found['capture'].strip():
        return False
    before = part[:found.start()].rstrip()
    if re.search(r'\b(?:return|co_return|co_await|co_yield)$', before):
        return True
    return not re.search(r'[\w)\]\["]$', before)
