// Jinja2's filters and tests, with transformers' tojson.
import * as v from "values";
import { bind, capitalize, methodOf, percent, replace, splitLines, strip } from "methods";

const isGiven = (value) => value !== undefined && !(value instanceof v.NullValue);
const isOn = (value) => value !== undefined && v.truth(value);
const whole = (value, otherwise) => (isGiven(value) ? (v.isNumber(value) ? v.number(value) : v.fail("a number is needed")) : otherwise);

// An element, as Jinja2 reads attribute="a.b" or attribute=0.
export function attribute(value, path) {
	const parts = path instanceof v.IntegerValue ? [path] : v.str(path).split(".").map((part) => (/^\d+$/.test(part) ? v.integer(Number(part)) : v.text(part)));
	return parts.reduce((owner, part) => item(owner, part), value);
}

export function item(owner, key) {
	v.demand(owner);
	const hint = key instanceof v.StringValue
		? `'${v.typeName(owner)} object' has no attribute '${key.value}'`
		: `'${v.typeName(owner)} object' has no element ${v.written(key)}`;
	if (owner instanceof v.ObjectValue || owner instanceof v.NamespaceValue) {
		const found = owner.value.get(v.keyOf(key));
		if (found !== undefined) return found;
	} else if ((owner instanceof v.ArrayValue || owner instanceof v.StringValue) && (key instanceof v.IntegerValue || key instanceof v.BooleanValue)) {
		const all = owner instanceof v.StringValue ? v.points(owner.value) : owner.isLazy || owner.isView ? [] : owner.value;
		const found = all.at(v.number(key));
		return found === undefined ? v.missing(hint) : typeof found === "string" ? v.text(found) : found;
	}
	return (key instanceof v.StringValue && methodOf(owner, key.value)) || v.missing(hint);
}

const folded = (value, isCaseSensitive) => (!isCaseSensitive && value instanceof v.StringValue ? v.text(value.value.toLowerCase()) : value);

function sorted(all, keyOf, reverse) {
	const keyed = all.map((each, at) => [keyOf(each), at, each]);
	const sign = reverse ? -1 : 1;
	keyed.sort((a, b) => sign * v.compare(a[0], b[0]) || a[1] - b[1]);
	return keyed.map((entry) => entry[2]);
}

function selecting(wanted, byAttribute) {
	return (value, args, engine) => {
		const rest = args.slice();
		const path = byAttribute ? rest.shift() : undefined;
		const name = rest.shift();
		const test = name === undefined ? v.truth : (each) => engine.test(v.str(name), each, rest);
		return v.lazy(v.items(value).filter((each) => test(path === undefined ? each : attribute(each, path)) === wanted));
	};
}

function map(value, args, engine) {
	const keywords = args.at(-1) instanceof v.KeywordArgumentsValue ? args.at(-1).value : new Map();
	if (keywords.has("attribute")) {
		const otherwise = keywords.get("default");
		return v.lazy(v.items(value).map((each) => {
			const found = attribute(each, keywords.get("attribute"));
			return found instanceof v.UndefinedValue && otherwise !== undefined ? otherwise : found;
		}));
	}
	const [name, ...rest] = args;
	if (!(name instanceof v.StringValue)) v.fail("map requires a filter argument");
	return v.lazy(v.items(value).map((each) => engine.filter(name.value, each, rest)));
}

function extreme(sign) {
	return (value, args) => {
		const [isCaseSensitive, path] = bind(args, "case_sensitive", "attribute");
		const key = (each) => folded(isGiven(path) ? attribute(each, path) : each, isOn(isCaseSensitive));
		const all = v.items(value);
		if (all.length === 0) return v.missing("No aggregated item, sequence was empty.");
		return all.reduce((best, each) => (sign * v.compare(key(each), key(best)) > 0 ? each : best));
	};
}

function toInteger(value, args) {
	const [otherwise, base] = bind(args, "default", "base");
	if (v.isNumber(value)) return Number.isFinite(v.number(value)) ? v.integer(Math.trunc(v.number(value))) : (otherwise ?? v.integer(0));
	if (value instanceof v.StringValue) {
		const text = strip(value.value).replaceAll("_", "");
		const radix = whole(base, 10);
		const digits = radix === 16 ? /^[+-]?(0x)?[\da-f]+$/i : radix === 8 ? /^[+-]?(0o)?[0-7]+$/i : radix === 2 ? /^[+-]?(0b)?[01]+$/i : /^[+-]?\d+$/;
		if (digits.test(text)) return v.integer(parseInt(text.replace(/0[xob]/i, ""), radix));
		if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return v.integer(Math.trunc(Number(text)));
	}
	return otherwise ?? v.integer(0);
}

function toFloat(value, args) {
	const [otherwise] = bind(args, "default");
	if (v.isNumber(value)) return v.float(v.number(value));
	const text = value instanceof v.StringValue ? strip(value.value) : "";
	return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? v.float(Number(text)) : (otherwise ?? v.float(0));
}

// Half to even, as Python rounds.
function round(value, args) {
	const [precision, method] = bind(args, "precision", "method");
	const scale = 10 ** whole(precision, 0);
	const scaled = v.number(value) * scale;
	const way = method === undefined ? "common" : v.str(method);
	if (way !== "common") return v.float((way === "ceil" ? Math.ceil(scaled) : Math.floor(scaled)) / scale);
	const floor = Math.floor(scaled);
	const result = scaled - floor === 0.5 ? floor + (floor & 1) : Math.round(scaled);
	return value instanceof v.FloatValue ? v.float(result / scale) : v.integer(result / scale);
}

function indent(value, args) {
	const [width, first, blank] = bind(args, "width", "first", "blank");
	const by = width instanceof v.StringValue ? width.value : v.repeated(" ", whole(width, 4));
	const lines = splitLines(`${v.str(value)}\n`);
	v.repeated(by, lines.length);
	const inner = lines.map((line, i) => (i === 0 || (line === "" && !isOn(blank)) ? line : by + line)).join("\n");
	return v.text(isOn(first) ? by + inner : inner);
}

function tojson(value, args) {
	const [ascii, indentation, separators, sortKeys] = bind(args, "ensure_ascii", "indent", "separators", "sort_keys");
	return v.text(v.json(value, {
		ascii: isOn(ascii),
		indent: !isGiven(indentation) ? null : indentation instanceof v.StringValue ? indentation.value : v.repeated(" ", whole(indentation, 0)),
		separators: isGiven(separators) ? v.items(separators).map(v.str) : null,
		sorted: isOn(sortKeys),
	}));
}

function groups(value, args) {
	const [path, otherwise, isCaseSensitive] = bind(args, "attribute", "default", "case_sensitive");
	const raw = (each) => {
		const found = attribute(each, path);
		return found instanceof v.UndefinedValue && otherwise !== undefined ? otherwise : found;
	};
	const key = (each) => folded(raw(each), isOn(isCaseSensitive));
	const result = [];
	for (const each of sorted(v.items(value), key, false)) {
		if (result.length > 0 && v.equal(result.at(-1).key, key(each))) result.at(-1).all.push(each);
		else result.push({ key: key(each), shown: raw(each), all: [each] });
	}
	return v.list(result.map((group) => v.tuple([group.shown, v.list(group.all)])));
}

function chunks(value, args) {
	const [size, fill] = bind(args, "linecount", "fill_with");
	const [all, step] = [v.items(value), Math.max(1, whole(size, 1))];
	const result = [];
	for (let i = 0; i < all.length; i += step) {
		const chunk = all.slice(i, i + step);
		while (isGiven(fill) && chunk.length < step && chunk.length < 4096) chunk.push(fill);
		result.push(v.list(chunk));
	}
	return v.lazy(result);
}

const viaString = (name) => (value, args) => methodOf(v.text(v.str(value)), name).value(args);
const escape = (value) => v.text(v.str(value).replace(/[&<>'"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;" })[c]));

export const FILTERS = {
	abs: (value) => (value instanceof v.FloatValue ? v.float(Math.abs(value.value)) : v.integer(Math.abs(v.number(value)))),
	attr: (value, [name]) => (value instanceof v.NamespaceValue ? item(value, name) : methodOf(value, v.str(name)) ?? v.missing(`no attribute '${v.str(name)}'`)),
	batch: chunks,
	capitalize: (value) => v.text(capitalize(v.str(value))),
	center: (value, args) => viaString("center")(value, args.length > 0 ? args : [v.integer(80)]),
	default: (value, args) => {
		const [otherwise, isLoose] = bind(args, "default_value", "boolean");
		return value instanceof v.UndefinedValue || (isOn(isLoose) && !v.truth(value)) ? (otherwise ?? v.text("")) : value;
	},
	dictsort: (value, args) => {
		const [isCaseSensitive, by, reverse] = bind(args, "case_sensitive", "by", "reverse");
		const at = by !== undefined && v.str(by) === "value" ? 1 : 0;
		return v.list(sorted(methodOf(value, "items").value([]).value, (pair) => folded(pair.value[at], isOn(isCaseSensitive)), isOn(reverse)));
	},
	escape,
	first: (value) => v.items(value)[0] ?? v.missing("No first item, sequence was empty."),
	float: toFloat,
	// The lexer writes (), (1,) as a list under this name, which no template can.
	"as tuple": (value) => v.tuple(value.value),
	format: (value, args) => percent(v.str(value), args.at(-1) instanceof v.KeywordArgumentsValue ? args.at(-1) : v.tuple(args)),
	groupby: groups,
	indent,
	int: toInteger,
	items: (value) => {
		if (value instanceof v.UndefinedValue) return v.lazy([]);
		return value instanceof v.ObjectValue ? v.lazy(methodOf(value, "items").value([]).value) : v.fail("Can only get item pairs from a mapping.");
	},
	join: (value, args) => {
		const [separator, path] = bind(args, "d", "attribute");
		return v.text(v.items(value).map((each) => v.str(isGiven(path) ? attribute(each, path) : each)).join(separator === undefined ? "" : v.str(separator)));
	},
	last: (value) => (value.isLazy ? v.fail("'generator' object is not reversible") : v.items(value).at(-1)) ?? v.missing("No last item, sequence was empty."),
	length: (value) => v.integer(v.length(value)),
	list: (value) => v.list(v.items(value).slice()),
	lower: (value) => v.text(v.str(value).toLowerCase()),
	map,
	max: extreme(1),
	min: extreme(-1),
	reject: selecting(false, false),
	rejectattr: selecting(false, true),
	replace: (value, args) => {
		const [from, to, count] = bind(args, "old", "new", "count");
		return v.text(replace(v.str(value), v.str(from), v.str(to), whole(count, -1)));
	},
	reverse: (value) => (value instanceof v.StringValue ? v.text(v.points(value.value).reverse().join("")) : v.lazy(v.items(value).slice().reverse())),
	round,
	safe: (value) => value,
	select: selecting(true, false),
	selectattr: selecting(true, true),
	sort: (value, args) => {
		const [reverse, isCaseSensitive, path] = bind(args, "reverse", "case_sensitive", "attribute");
		const paths = isGiven(path) ? (path instanceof v.StringValue ? path.value.split(",").map(v.text) : [path]) : [];
		const key = (each) => (paths.length === 0 ? folded(each, isOn(isCaseSensitive)) : v.list(paths.map((p) => folded(attribute(each, p), isOn(isCaseSensitive)))));
		return v.list(sorted(v.items(value), key, isOn(reverse)));
	},
	string: (value) => v.text(v.str(value)),
	sum: (value, args, engine) => {
		const [path, start] = bind(args, "attribute", "start");
		return v.items(value).reduce((all, each) => engine.operate("+", all, isGiven(path) ? attribute(each, path) : each), start ?? v.integer(0));
	},
	title: (value) => v.text(v.str(value).replace(/[^-\s({[<]+/g, capitalize)),
	tojson,
	trim: (value, args) => {
		const [chars] = bind(args, "chars");
		return v.text(strip(v.str(value), isGiven(chars) ? v.str(chars) : undefined));
	},
	unique: (value, args) => {
		const [isCaseSensitive, path] = bind(args, "case_sensitive", "attribute");
		const seen = [];
		return v.lazy(v.items(value).filter((each) => {
			const key = folded(isGiven(path) ? attribute(each, path) : each, isOn(isCaseSensitive));
			return !seen.some((other) => v.equal(other, key)) && seen.push(key);
		}));
	},
	upper: (value) => v.text(v.str(value).toUpperCase()),
	urlencode: (value) => v.text(encodeURIComponent(v.str(value)).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll("%2F", "/")),
	wordcount: (value) => v.integer((v.str(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
};
Object.assign(FILTERS, { count: FILTERS.length, d: FILTERS.default, e: FILTERS.escape });

const remainder = (value, by) => ((v.number(value) % by) + by) % by;
const same = (a, b) => a === b || (a.type === b.type && ["NullValue", "BooleanValue", "UndefinedValue", "StringValue", "IntegerValue"].includes(a.type) && a.value === b.value);

export const TESTS = {
	boolean: (value) => value instanceof v.BooleanValue,
	callable: (value) => value instanceof v.FunctionValue,
	defined: (value) => !(value instanceof v.UndefinedValue),
	divisibleby: (value, [by]) => remainder(value, v.number(by)) === 0,
	eq: (value, [other]) => v.equal(value, other),
	escaped: () => false,
	even: (value) => remainder(value, 2) === 0,
	false: (value) => value instanceof v.BooleanValue && !value.value,
	filter: (value) => Object.hasOwn(FILTERS, v.str(value)),
	float: (value) => value instanceof v.FloatValue,
	ge: (value, [other]) => v.compare(value, other, ">=") >= 0,
	gt: (value, [other]) => v.compare(value, other, ">") > 0,
	in: (value, [container]) => v.contains(container, value),
	integer: (value) => value instanceof v.IntegerValue,
	iterable: (value) => value instanceof v.ArrayValue || value instanceof v.StringValue || value instanceof v.ObjectValue || value instanceof v.UndefinedValue,
	le: (value, [other]) => v.compare(value, other, "<=") <= 0,
	lower: (value) => methodOf(v.text(v.str(value)), "islower").value([]).value,
	lt: (value, [other]) => v.compare(value, other, "<") < 0,
	mapping: (value) => value instanceof v.ObjectValue && !value.isLoop,
	ne: (value, [other]) => !v.equal(value, other),
	none: (value) => value instanceof v.NullValue,
	number: v.isNumber,
	odd: (value) => remainder(value, 2) === 1,
	sameas: (value, [other]) => same(value, other),
	// Whatever has a length and elements; Jinja2's undefined claims both.
	sequence: (value) => value instanceof v.UndefinedValue || (value instanceof v.ArrayValue && !value.isLazy && !value.isView) || value instanceof v.StringValue || value instanceof v.ObjectValue,
	string: (value) => value instanceof v.StringValue,
	test: (value) => Object.hasOwn(TESTS, v.str(value)),
	true: (value) => value instanceof v.BooleanValue && value.value,
	undefined: (value) => value instanceof v.UndefinedValue,
	upper: (value) => methodOf(v.text(v.str(value)), "isupper").value([]).value,
};
Object.assign(TESTS, {
	"==": TESTS.eq, equalto: TESTS.eq, "!=": TESTS.ne, ">": TESTS.gt, greaterthan: TESTS.gt, ">=": TESTS.ge,
	"<": TESTS.lt, lessthan: TESTS.lt, "<=": TESTS.le,
});
