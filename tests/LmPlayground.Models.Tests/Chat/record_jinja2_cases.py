"""Records what Jinja2 makes of small random templates: python3 record_jinja2_cases.py > jinja2-random.json

Jinja2 3.1 as transformers sets it up. Templates whose rendering depends on an address in memory are not recorded, and bytes (encode) are not asked for.
"""
import copy, datetime, json, random, re, sys
import jinja2
from jinja2.ext import Extension, LoopControlExtension
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = __file__.rsplit("/", 1)[0]


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_mark"), [], [], body).set_lineno(line)

    def _mark(self, caller):
        return caller()


def environment(now):
    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, LoopControlExtension])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda format: now.strftime(format)
    return env


VALUES = ["l", "d", "s", "w", "f", "e", "n", "emoji", "words", "nested", "deep", "flt", "small", "one", "ints", "missing", "messages", "documents",
          "1", "0", "-3", "2.5", "'a'", "'B-c d'", "''", "true", "false", "none", "[]", "[1, 'x', none]", "{}", "{'k': 1, 'j': [2]}", "(1, 2)", "()", "(1,)",
          "[[1, 'b'], [2, 'a']]", "'<b>&amp;\"'", "'1_000'", "'0x1f'", "' 12 '", "10000000000", "range(4)", "{(1, 2): 3}", "{1: 2, 1.0: 3, true: 4}",
          "d.items()", "'abc'|safe", "namespace(a=1)", "words|map('upper')", "'Straße ǅ İ ﬁ'", "'a\\tb\\nc'", "dict(a=1, b=2)", "cycler(1, 2)", "joiner('-')"]
FILTERS = ["abs", "attr('upper')", "batch(2)", "batch(2, 'x')", "capitalize", "center(9)", "count", "d('z')", "d('z', true)", "default(1)", "dictsort",
           "dictsort(by='value')", "e", "escape", "filesizeformat", "filesizeformat(true)", "first", "float", "float(7)", "forceescape", "format(1, 'q')",
           "groupby(0)", "groupby('role')", "indent", "indent(2, true)", "indent('>>', first=true, blank=true)", "int", "int(5)", "int(base=16)", "items", "join",
           "join('-')", "join(', ', attribute='role')", "last", "length", "list", "lower", "map('string')", "map(attribute='role')", "map(attribute='x', default='y')",
           "max", "min", "max(attribute=0)", "pprint", "reject('none')", "reject", "rejectattr('role')", "rejectattr('role', 'eq', 'user')", "replace('a', 'XY')", "replace('', '.')",
           "replace('l', 'L', 1)", "reverse", "round", "round(1)", "round(-1)", "round(1, 'floor')", "round(method='ceil')", "safe", "select('string')", "select", "selectattr('role', 'defined')",
           "selectattr(0)", "slice(2)", "slice(3, 'f')", "sort", "sort(reverse=true)", "sort(attribute='role')", "sort(case_sensitive=true)", "string", "striptags", "sum",
           "sum(start=10)", "sum(attribute=0)", "title", "tojson", "tojson(indent=2)", "tojson(sort_keys=true)", "tojson(ensure_ascii=true)", "tojson(separators=(',', ':'))", "trim", "trim('a')",
           "truncate(5)", "truncate(5, true, '', 0)", "truncate(length=7, leeway=0)", "unique", "unique(attribute='role')", "upper", "urlencode", "urlize", "wordcount", "wordwrap(4)",
           "wordwrap(3, false, '|')", "xmlattr", "xmlattr(false)", "nosuch"]
TESTS = ["boolean", "callable", "defined", "divisibleby 2", "divisibleby(3)", "eq 1", "equalto('a')", "escaped", "even", "false", "filter", "float", "ge 1", "gt 0", "greaterthan 1",
         "in l", "in [1, 'a']", "integer", "iterable", "le 2", "lt 3", "lessthan 'b'", "lower", "mapping", "ne 1", "none", "number", "odd", "sameas none", "sameas true", "sequence",
         "string", "test", "true", "undefined", "upper", "not defined", "not string", "== 1", "nosuch"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]
METHODS = ["upper()", "title()", "split()", "split('-')", "split(' ', 1)", "rsplit('-', 1)", "splitlines()", "splitlines(true)", "strip()", "lstrip(' H')", "rstrip()", "startswith('a')", "endswith(('d', 'b'))",
           "find('b')", "rfind('l')", "index('b')", "count('l')", "replace('a', 'b')", "join(['x', 'y'])", "join(l)", "format(1, k=2)", "zfill(5)", "center(7, '*')", "ljust(4)", "rjust(6, '.')", "isdigit()",
           "isalpha()", "isupper()", "islower()", "isspace()", "isalnum()", "istitle()", "isnumeric()", "isdecimal()", "isidentifier()", "swapcase()", "capitalize()", "casefold()", "partition('-')", "rpartition('b')",
           "removeprefix('a')", "removesuffix('d')", "expandtabs(4)", "items()", "keys()", "values()", "get('k')", "get('zz', 3)", "copy()", "index(1)", "count(1)", "append(1)", "pop()", "update({})",
           "keys()|list", "values()|list", "items()|list", "as_integer_ratio()", "bit_length()", "is_integer()", "hex()", "conjugate()", "real", "__class__", "a", "k", "role", "0", "maketrans('a', 'b')", "translate({97: 'X'})"]
STATEMENTS = [
    "{%% block a %%}A{%% endblock %%}{{ self.a() }}|{{ %s }}",
    "{%% block a %%}{{ super() }}{{ %s }}{%% endblock %%}",
    "{%% block a scoped %%}{{ %s }}{%% endblock a %%}{{ self.b is defined }}{{ self.a() }}",
    "{%% set x = %s %%}{%% block b %%}{{ x }}{%% block c %%}[{{ x }}]{%% endblock %%}{%% endblock %%}{{ self.c() }}",
    "{%% for q in l %%}{%% block d scoped %%}{{ q }}{%% endblock %%}{%% endfor %%}{{ %s }}",
    "{%% autoescape true %%}{{ %s }}{%% endautoescape %%}{{ '<' }}",
    "{%% autoescape true %%}{{ '<i>' ~ %s }}{{ '<' + '>' }}{{ '<'|safe }}{%% set v %%}<p>{%% endset %%}{{ v }}{%% macro m() %%}<m>{%% endmacro %%}{{ m() }}{%% endautoescape %%}",
    "{%% autoescape false %%}{{ %s }}{%% endautoescape %%}",
    "{%% generation %%}{{ %s }}{%% endgeneration %%}",
    "{%% for x in %s %%}{{ loop.index }}{{ x }}{{ ',' if not loop.last }}{%% else %%}none{%% endfor %%}",
    "{%% for a, b in %s %%}{{ a }}={{ b }};{%% endfor %%}",
    "{%% for x in %s if x %%}{{ x }}{{ loop.length }}{%% endfor %%}",
    "{%% for x in %s recursive %%}<{{ x if x is string or x is number else loop(x) }}>{%% endfor %%}",
    "{%% for x in %s %%}{%% if loop.index > 2 %%}{%% break %%}{%% endif %%}{%% if loop.first %%}{%% continue %%}{%% endif %%}{{ x }}{%% endfor %%}",
    "{%% if %s %%}yes{%% elif missing %%}m{%% else %%}no{%% endif %%}",
    "{%% set x = %s %%}{{ x }}{%% set x %%}t{{ x }}{%% endset %%}{{ x }}",
    "{%% set a, b = %s %%}{{ a }}{{ b }}",
    "{%% set ns = namespace(v=%s) %%}{%% for i in [1, 2] %%}{%% set ns.v = [ns.v, i] %%}{%% endfor %%}{{ ns.v }}",
    "{%% macro m(a, b=%s) %%}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{%% endmacro %%}{{ m(1) }}{{ m(1, 2, 3, k=4) }}{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}",
    "{%% macro m(x) %%}[{{ caller(x) }}]{%% endmacro %%}{%% call(y) m(%s) %%}{{ y }}!{%% endcall %%}",
    "{%% filter upper %%}a{{ %s }}{%% endfilter %%}",
    "{%% filter replace('a', 'b')|trim %%} a{{ %s }} {%% endfilter %%}",
    "{%% with a = %s, b = 2 %%}{{ a }}{{ b }}{%% endwith %%}{{ a is defined }}",
    "{%% print %s, 1 %%}",
    "{%% do l.append(%s) %%}",
    "{%% raw %%}{{ x }}{%% endraw %%}{{ %s }}",
    "  {%%- if true %%}  {{- %s -}}  {%%- endif %%}  x\n  {%% if true +%%}\n y\n  {%%+ endif %%}\n",
    "{# c #}  {#- d -#}  {{ %s }}\n\n{%% set z = 1 %%}\n  {%% set y = 2 -%%}\n q",
    "{{ %s if missing else 'other' }}{{ 1 if missing }}",
    "{{ (%s, 1)[0] }}{{ [%s, 2][-1] }}{{ {'q': 1, 'w': 2}|length }}",
    "{%% import 'x' as y %%}{{ %s }}", "{%% include 'x' ignore missing %%}{{ %s }}", "{%% extends 'x' %%}{{ %s }}",
    "{{ loop is defined }}{{ self is defined }}{{ caller is defined }}{{ range is callable }}{{ dict(%s) if %s is mapping else '' }}",
    "{%% set loop = %s %%}{{ loop }}",
    "{{ [%s]|map('length')|list }}", "{{ messages|map(attribute='content')|select('string')|join(%s) }}",
    "{{ %s.__class__ }}", "{{ %s[0] }}", "{{ %s['k'] }}", "{{ %s[1:] }}", "{{ %s[::-1] }}", "{{ %s[-1] }}", "{{ %s[none:2] }}", "{{ not %s }}", "{{ -%s }}", "{{ +%s }}", "{{ %s(1) }}", "{{ %s is in %s }}",
    "{{ '%%s|%%r|%%d' %% (%s, %s, 3) }}", "{{ '{} {!r} {:>5}'.format(%s, %s, 'a') }}", "{{ {%s: 1} }}", "{{ ['b', %s]|tojson }}", "{{ {'x': %s}|tojson(indent=1) }}", "{{ {'x': %s}|string }}",
]


def templates():
    chance = random.Random(int((sys.argv[1:] or ["20261127"])[0]))
    value = lambda: chance.choice(VALUES)
    for each in FILTERS:
        for one in chance.sample(VALUES, 3):
            yield "{{ %s|%s }}" % (one if one[0] != "-" else "(%s)" % one, each)
    for each in TESTS:
        for one in chance.sample(VALUES, 2):
            yield "{{ %s is %s }}" % (one, each)
    for each in OPERATORS:
        for _ in range(6):
            yield "{{ %s %s %s }}" % (value(), each, value())
    for each in METHODS:
        for one in ["'aB-c d'", "d", value()]:
            yield "{{ (%s).%s }}" % (one, each)
    for each in STATEMENTS:
        for _ in range(3):
            yield re.sub("%%|%s", lambda found: "%" if found[0] == "%%" else value(), each)
    for _ in range(60):
        yield "{{ %s|%s|%s }}" % (value(), chance.choice(FILTERS), chance.choice(FILTERS))


def main():
    given = json.load(open(HERE + "/jinja2-cases.json", encoding="utf-8"))
    env = environment(datetime.datetime.fromisoformat(given["now"]))
    cases = []
    for source in dict.fromkeys(templates()):
        case = {"template": source}
        try:
            case["text"] = env.from_string(source).render(**copy.deepcopy(given["variables"]))
        except Exception as error:
            case["error"] = "%s: %s" % (type(error).__name__, error)
        if re.search("0x[0-9a-f]{6,}|<(gen|generator|filter|built-in|bound|class|function|macro|jinja2|dict_|cycler|joiner)", case.get("text", ""), re.I):
            continue
        cases.append(case)
    print(json.dumps({"source": "Jinja2 " + jinja2.__version__, "cases": cases}, ensure_ascii=False, indent=1))


main()
