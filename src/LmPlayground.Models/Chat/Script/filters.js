// Jinja2's filters and tests, with transformers' tojson.
import * as v from "values";
import { bind, capitalize, item, methodOf, replace, splitLines, strip } from "methods";
import { fixed, percent } from "formats";
import { filesize, pprint, slice, striptags, truncate, urlize, wordwrap, xmlattr } from "texts";

const isGiven = (value) => value !== undefined && !(value instanceof v.NullValue);
const isOn = (value) => value !== undefined && v.truth(value);
const whole = (value, otherwise) => (isGiven(value) ? (v.isNumber(value) ? v.number(value) : v.fail("a number is needed")) : otherwise);

// An element, as Jinja2 reads attribute="a.b" or attribute=0.
export function attribute(value, path) {
	const parts = path instanceof v.IntegerValue ? [path] : v.str(path).split(".").map((part) => (/^\d+$/.test(part) ? v.integer(Number(part)) : v.text(part)));
	return parts.reduce((owner, part) => item(owner, part), value);
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

// Python's float(text), or undefined.
function readFloat(text) {
	const plain = strip(text).replace(/(?<=\d)_(?=\d)/g, "");
	if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return Number(plain);
	const named = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(plain);
	return named ? (named[2] ? (named[1] === "-" ? -Infinity : Infinity) : NaN) : undefined;
}

const PREFIXES = { x: 16, o: 8, b: 2 };

// Python's int(text, base) as a BigInt, or undefined.
function readInteger(text, base) {
	const [, sign, prefix, rest] = /^([+-]?)(?:0([xob])_?)?([\da-z]+(?:_[\da-z]+)*)$/i.exec(strip(text)) ?? [];
	if (rest === undefined) return undefined;
	const given = prefix && PREFIXES[prefix.toLowerCase()];
	const isPrefixed = given !== undefined && (base === 0 || base === given);
	if (base === 0 && !isPrefixed && /^0[\d_]*[1-9]/.test(rest)) return undefined;
	const radix = base === 0 ? (given ?? 10) : base;
	let value = 0n;
	for (const char of (given !== undefined && !isPrefixed ? `0${prefix}${rest}` : rest).replaceAll("_", "")) {
		const digit = parseInt(char, 36);
		if (!(digit < radix)) return undefined;
		value = value * BigInt(radix) + BigInt(digit);
	}
	return sign === "-" ? -value : value;
}

function toInteger(value, args) {
	const [otherwise = v.integer(0), base] = bind(args, "default", "base");
	if (value instanceof v.IntegerValue) return value;
	if (value instanceof v.StringValue && value.value.length > 4300) v.fail("the text is too long for a number");
	const exact = value instanceof v.StringValue ? readInteger(value.value, whole(base, 10)) : undefined;
	if (exact !== undefined) return v.wholeNumber(exact);
	const number = v.isNumber(value) ? v.number(value) : value instanceof v.StringValue ? readFloat(value.value) : undefined;
	if (value instanceof v.FloatValue && Math.abs(number) === Infinity) v.fail("cannot convert float infinity to integer");
	return Number.isFinite(number) ? v.wholeNumber(BigInt(Math.trunc(number))) : otherwise;
}

function toFloat(value, args) {
	const [otherwise = v.float(0)] = bind(args, "default");
	const number = v.isNumber(value) ? v.number(value) : value instanceof v.StringValue ? readFloat(value.value) : undefined;
	return number === undefined ? otherwise : v.float(number);
}

// Half to even, as Python rounds.
function round(value, args) {
	const [precision, method] = bind(args, "precision", "method");
	const [digits, way] = [whole(precision, 0), method === undefined ? "common" : v.str(method)];
	if (!["common", "ceil", "floor"].includes(way)) v.fail("method must be common, ceil or floor");
	if (!v.isNumber(value)) v.fail(`type ${v.typeName(value)} doesn't define __round__ method`);
	if (way !== "common") {
		const scale = 10 ** digits;
		return v.float((way === "ceil" ? Math.ceil : Math.floor)(v.number(value) * scale) / scale);
	}
	const isFloat = value instanceof v.FloatValue;
	if ((!isFloat && digits >= 0) || Math.abs(digits) > 400 || !Number.isFinite(v.number(value))) return isFloat ? value : v.integer(v.number(value));
	const size = Math.abs(v.number(value));
	const rounded = digits >= 0 ? Number(fixed(size, digits)) : Number(fixed(size, digits)) * 10 ** -digits;
	return (isFloat ? v.float : v.integer)((v.number(value) < 0 ? -1 : 1) * rounded);
}

function indent(value, args) {
	const [width, first, blank] = bind(args, "width", "first", "blank");
	const by = width instanceof v.StringValue ? width.value : v.repeated(" ", whole(width, 4));
	const lines = splitLines(`${v.onlyText(value)}\n`);
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
	return v.list(result.map((group) => {
		const parts = { grouper: group.shown, list: v.list(group.all) };
		return Object.assign(v.tuple(Object.values(parts)), { attribute: (name) => (Object.hasOwn(parts, name) ? parts[name] : undefined) });
	}));
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

// What these make of markup is markup, as with the methods of the same names.
export const KEEPING = ["capitalize", "center", "indent", "lower", "reverse", "trim", "truncate", "upper"];

export const FILTERS = {
	abs: (value) => (!v.isNumber(v.demand(value)) ? v.fail(`bad operand type for abs(): '${v.typeName(value)}'`) : value.raw ? v.wholeNumber(value.raw.replace("-", "")) : value instanceof v.FloatValue ? v.float(Math.abs(value.value)) : v.integer(Math.abs(v.number(value)))),
	attr: (value, [name]) => (value instanceof v.NamespaceValue ? item(value, name) : methodOf(v.demand(value), v.str(name)) ?? v.missing(`no attribute '${v.str(name)}'`)),
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
	escape: v.escaped,
	filesizeformat: filesize,
	first: (value) => v.items(value)[0] ?? v.missing("No first item, sequence was empty."),
	float: toFloat,
	forceescape: (value) => v.escaped(v.text(v.str(value))),
	format: (value, args) => percent(value instanceof v.StringValue ? value : v.text(v.str(value)), args.at(-1) instanceof v.KeywordArgumentsValue ? args.at(-1) : v.tuple(args)),
	groupby: groups,
	indent,
	int: toInteger,
	items: (value) => {
		if (value instanceof v.UndefinedValue) return v.lazy([]);
		return value instanceof v.ObjectValue ? v.lazy(methodOf(value, "items").value([]).value) : v.fail("Can only get item pairs from a mapping.");
	},
	join: (value, args, engine) => {
		const [separator = v.text(""), path] = bind(args, "d", "attribute");
		const all = v.items(value).map((each) => (isGiven(path) ? attribute(each, path) : each));
		if (engine.isEscaping && (separator.isMarkup || all.some((each) => each.isMarkup)))
			return v.markup(v.concatenated(all.map((each) => v.escaped(each).value), v.escaped(separator).value));
		return v.text(v.concatenated(all.map(v.str), v.str(separator)));
	},
	last: (value) => (value.isLazy ? v.fail("'generator' object is not reversible") : v.items(value).at(-1)) ?? v.missing("No last item, sequence was empty."),
	length: (value) => v.integer(v.length(value)),
	list: (value) => v.list(v.items(value).slice()),
	lower: (value) => v.text(v.str(value).toLowerCase()),
	map,
	max: extreme(1),
	min: extreme(-1),
	pprint,
	// Any element is right; always the same one keeps a prompt what it was.
	random: (value) => (value instanceof v.ObjectValue || value.isLazy || value.isView ? v.fail(`'${v.typeName(value)}' object is not subscriptable`) : v.items(value)[0]) ?? v.missing("No random item, sequence was empty."),
	reject: selecting(false, false),
	rejectattr: selecting(false, true),
	replace: (value, args, engine) => {
		const [from, to, count] = bind(args, "old", "new", "count");
		if (engine.isEscaping && (value.isMarkup || from.isMarkup || to.isMarkup))
			return v.markup(replace(v.escaped(value).value, v.escaped(from).value, v.escaped(to).value, whole(count, -1)));
		return v.text(replace(v.str(value), v.str(from), v.str(to), whole(count, -1)));
	},
	reverse: (value) => (value instanceof v.StringValue ? v.text(v.points(value.value).reverse().join("")) : v.lazy(v.items(value).slice().reverse())),
	round,
	safe: (value) => v.markup(v.str(value)),
	select: selecting(true, false),
	selectattr: selecting(true, true),
	slice,
	sort: (value, args) => {
		const [reverse, isCaseSensitive, path] = bind(args, "reverse", "case_sensitive", "attribute");
		const paths = isGiven(path) ? (path instanceof v.StringValue ? path.value.split(",").map(v.text) : [path]) : [];
		const key = (each) => (paths.length === 0 ? folded(each, isOn(isCaseSensitive)) : v.list(paths.map((p) => folded(attribute(each, p), isOn(isCaseSensitive)))));
		return v.list(sorted(v.items(value), key, isOn(reverse)));
	},
	string: (value) => (value instanceof v.StringValue ? value : v.text(v.str(value))),
	striptags,
	sum: (value, args, engine) => {
		const [path, start] = bind(args, "attribute", "start");
		if (start instanceof v.StringValue) v.fail("sum() can't sum strings [use ''.join(seq) instead]");
		return v.items(value).reduce((all, each) => engine.operate("+", all, isGiven(path) ? attribute(each, path) : each), start ?? v.integer(0));
	},
	title: (value) => v.text(v.str(value).replace(/[^-\s({[<]+/g, capitalize)),
	tojson,
	trim: (value, args) => {
		const [chars] = bind(args, "chars");
		return v.text(strip(v.str(value), isGiven(chars) ? v.str(chars) : undefined));
	},
	truncate,
	unique: (value, args) => {
		const [isCaseSensitive, path] = bind(args, "case_sensitive", "attribute");
		const seen = [];
		return v.lazy(v.items(value).filter((each) => {
			const key = folded(isGiven(path) ? attribute(each, path) : each, isOn(isCaseSensitive));
			return !seen.some((other) => v.equal(other, key)) && seen.push(key);
		}));
	},
	upper: (value) => v.text(v.str(value).toUpperCase()),
	urlencode: (value) => {
		const quoted = (part, isPath) => {
			const text = encodeURIComponent(v.str(part)).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
			return isPath ? text.replaceAll("%2F", "/") : text.replaceAll("%20", "+");
		};
		if (!(value instanceof v.ObjectValue || value instanceof v.ArrayValue)) return v.text(quoted(value, true));
		const pairs = value instanceof v.ObjectValue ? methodOf(value, "items").value([]).value : value.value;
		return v.text(pairs.map((pair) => {
			const parts = v.items(pair);
			return parts.length === 2 ? parts.map((part) => quoted(part, false)).join("=") : v.fail("a list to be encoded holds pairs");
		}).join("&"));
	},
	urlize,
	wordcount: (value) => v.integer((v.str(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
	wordwrap,
	xmlattr,
};
Object.assign(FILTERS, { count: FILTERS.length, d: FILTERS.default, e: FILTERS.escape });

function remainder(value, by) {
	if (!v.isNumber(value)) v.fail(`unsupported operand type(s) for %: '${v.typeName(value)}' and 'int'`);
	return ((v.number(value) % by) + by) % by;
}

const same = (a, b) => a === b || (a.type === b.type && ["NullValue", "BooleanValue", "UndefinedValue", "StringValue", "IntegerValue"].includes(a.type) && a.value === b.value);

export const TESTS = {
	boolean: (value) => value instanceof v.BooleanValue,
	callable: (value) => value instanceof v.FunctionValue,
	defined: (value) => !(value instanceof v.UndefinedValue),
	divisibleby: (value, [by]) => remainder(value, v.number(by)) === 0,
	eq: (value, [other]) => v.equal(value, other),
	escaped: (value) => value.isMarkup === true,
	even: (value) => remainder(value, 2) === 0,
	false: (value) => value instanceof v.BooleanValue && !value.value,
	filter: (value) => Object.hasOwn(FILTERS, v.str(v.fromKey(v.keyOf(value)))),
	float: (value) => value instanceof v.FloatValue,
	ge: (value, [other]) => v.compare(value, other, ">=") >= 0,
	gt: (value, [other]) => v.compare(value, other, ">") > 0,
	in: (value, [container]) => v.contains(container, value),
	integer: (value) => value instanceof v.IntegerValue,
	iterable: (value) => value instanceof v.ArrayValue || value instanceof v.StringValue || value instanceof v.ObjectValue || value instanceof v.UndefinedValue,
	le: (value, [other]) => v.compare(value, other, "<=") <= 0,
	lower: (value) => methodOf(v.text(v.str(value)), "islower").value([]).value,
	lt: (value, [other]) => v.compare(value, other, "<") < 0,
	mapping: (value) => value instanceof v.ObjectValue,
	ne: (value, [other]) => !v.equal(value, other),
	none: (value) => value instanceof v.NullValue,
	number: v.isNumber,
	odd: (value) => remainder(value, 2) === 1,
	sameas: (value, [other]) => same(value, other),
	// Whatever has a length and elements; Jinja2's undefined claims both.
	sequence: (value) => value instanceof v.UndefinedValue || (value instanceof v.ArrayValue && !value.isLazy && !value.isView) || value instanceof v.StringValue || value instanceof v.ObjectValue,
	string: (value) => value instanceof v.StringValue,
	test: (value) => Object.hasOwn(TESTS, v.str(v.fromKey(v.keyOf(value)))),
	true: (value) => value instanceof v.BooleanValue && value.value,
	undefined: (value) => value instanceof v.UndefinedValue,
	upper: (value) => methodOf(v.text(v.str(value)), "isupper").value([]).value,
};
Object.assign(TESTS, {
	"==": TESTS.eq, equalto: TESTS.eq, "!=": TESTS.ne, ">": TESTS.gt, greaterthan: TESTS.gt, ">=": TESTS.ge,
	"<": TESTS.lt, lessthan: TESTS.lt, "<=": TESTS.le,
});
