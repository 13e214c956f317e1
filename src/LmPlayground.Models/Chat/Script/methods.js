// The methods of Python's strings, lists and mappings that a sandboxed template may call.
import * as v from "values";
import { expanded } from "formats";

export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const escaped = (chars) => chars.replace(/[\\\]^-]/g, "\\$&");

// Splits positional from keyword arguments, and puts both in the order of the names.
export function bind(args, ...names) {
	const positional = args.slice();
	const keywords = positional.at(-1) instanceof v.KeywordArgumentsValue ? positional.pop().value : new Map();
	if (positional.length > names.length) v.fail(`takes at most ${names.length} arguments, ${positional.length} were given`);
	for (const name of keywords.keys()) if (!names.includes(name)) v.fail(`got an unexpected keyword argument '${name}'`);
	return names.map((name, i) => positional[i] ?? keywords.get(name));
}

function string(value, what = "argument") {
	if (!(value instanceof v.StringValue)) v.fail(`${what} must be str, not ${v.typeName(value)}`);
	return value.value;
}

export function whole(value, otherwise) {
	if (value === undefined || value instanceof v.NullValue) return otherwise;
	if (!(value instanceof v.IntegerValue || value instanceof v.BooleanValue)) v.fail(`'${v.typeName(value)}' object cannot be interpreted as an integer`);
	return v.number(value);
}

export function strip(text, chars, left = true, right = true) {
	if (chars === "") return text;
	const set = chars === undefined ? `[${SPACE}]` : `[${escaped(chars)}]`;
	if (left) text = text.replace(new RegExp(`^${set}+`, "u"), "");
	// From the end by hand: a pattern that ends in $ is tried at every position.
	if (right) {
		const one = new RegExp(set, "u");
		const all = v.points(text);
		let end = all.length;
		while (end > 0 && one.test(all[end - 1])) --end;
		text = all.slice(0, end).join("");
	}
	return text;
}

const stripper = (left, right) => (text, args) => {
	const [chars] = bind(args, "chars");
	return v.text(strip(text, chars === undefined || chars instanceof v.NullValue ? undefined : string(chars), left, right));
};

export function splitLines(text, keep = false) {
	const lines = text.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g) ?? [];
	return keep ? lines : lines.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ""));
}

function split(text, args, fromRight) {
	const [separator, limit] = bind(args, "sep", "maxsplit");
	const most = whole(limit, -1);
	if (separator === undefined || separator instanceof v.NullValue) {
		const parts = [];
		let rest = strip(text, undefined, !fromRight, fromRight);
		const gap = new RegExp(fromRight ? `[${SPACE}]+(?=[^${SPACE}]*$)` : `[${SPACE}]+`);
		while (rest !== "") {
			const found = most >= 0 && parts.length >= most ? null : gap.exec(rest);
			if (!found) {
				parts.push(rest);
				break;
			}
			parts.push(fromRight ? rest.slice(found.index + found[0].length) : rest.slice(0, found.index));
			rest = fromRight ? rest.slice(0, found.index) : rest.slice(found.index + found[0].length);
		}
		return fromRight ? parts.reverse() : parts;
	}
	const by = string(separator, "separator");
	if (by === "") v.fail("empty separator");
	const parts = text.split(by);
	if (most < 0 || parts.length <= most + 1) return parts;
	return fromRight
		? [parts.slice(0, parts.length - most).join(by), ...parts.slice(parts.length - most)]
		: [...parts.slice(0, most), parts.slice(most).join(by)];
}

export function replace(text, from, to, count = -1) {
	if (count < 0 && from !== "") {
		v.repeated(to, text.length === 0 ? 0 : Math.floor(text.length / from.length));
		return text.replaceAll(from, () => to);
	}
	const parts = from === "" ? ["", ...v.points(text), ""] : text.split(from);
	const most = count < 0 ? parts.length : count;
	return parts.reduce((all, part, i) => (i === 0 ? part : all + (i <= most ? to : from) + part), "");
}

function affix(text, args, test) {
	const [given, start, end] = bind(args, "prefix", "start", "end");
	const part = start || end ? v.points(text).slice(whole(start, 0), whole(end, undefined)).join("") : text;
	const candidates = given instanceof v.TupleValue ? given.value : [given];
	return v.boolean(candidates.some((candidate) => test(part, string(candidate, "startswith first arg"))));
}

function find(text, args, last) {
	const [part, start, end] = bind(args, "sub", "start", "end");
	const all = v.points(text);
	const slice = (value, otherwise) => Math.max(0, value < 0 ? all.length + value : (value ?? otherwise));
	const [from, to] = [slice(whole(start, 0)), slice(whole(end, all.length))];
	const window = all.slice(from, to).join("");
	const at = last ? window.lastIndexOf(string(part)) : window.indexOf(string(part));
	return at < 0 ? -1 : from + v.points(window.slice(0, at)).length;
}

function index(text, args, last) {
	const at = find(text, args, last);
	return at < 0 ? v.fail("substring not found") : v.integer(at);
}

function padded(text, args, side) {
	const [width, fill] = bind(args, "width", "fillchar");
	const missing = Math.max(0, whole(width, 0) - v.points(text).length);
	const char = fill === undefined ? " " : string(fill);
	const left = side === "right" ? missing : side === "left" ? 0 : (missing >> 1) + (missing & whole(width, 0) & 1);
	return v.text(v.repeated(char, left) + text + v.repeated(char, missing - left));
}

function partition(text, args, last) {
	const [separator] = bind(args, "sep");
	const by = string(separator);
	const at = last ? text.lastIndexOf(by) : text.indexOf(by);
	const parts = at < 0 ? (last ? ["", "", text] : [text, "", ""]) : [text.slice(0, at), by, text.slice(at + by.length)];
	return v.tuple(parts.map(v.text));
}

const lower = (text) => text.toLowerCase();
export const capitalize = (text) => {
	const [first = "", ...rest] = v.points(text);
	return first.toUpperCase() + rest.join("").toLowerCase();
};
const title = (text) => text.replace(/\p{L}+/gu, capitalize);
const every = (pattern) => (text) => v.boolean(pattern.test(text));
const cased = (test) => (text) => v.boolean(text !== test(text, true) ? false : test(text, false) !== text);

const STRING = {
	upper: (text) => v.text(text.toUpperCase()),
	lower: (text) => v.text(lower(text)),
	casefold: (text) => v.text(lower(text).replaceAll("ß", "ss")),
	title: (text) => v.text(title(text)),
	capitalize: (text) => v.text(capitalize(text)),
	swapcase: (text) => v.text(v.points(text).map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join("")),
	strip: stripper(true, true),
	lstrip: stripper(true, false),
	rstrip: stripper(false, true),
	split: (text, args) => v.list(split(text, args, false).map(v.text)),
	rsplit: (text, args) => v.list(split(text, args, true).map(v.text)),
	splitlines: (text, args) => {
		const [keep] = bind(args, "keepends");
		return v.list(splitLines(text, keep !== undefined && v.truth(keep)).map(v.text));
	},
	replace: (text, args) => {
		const [from, to, count] = bind(args, "old", "new", "count");
		return v.text(replace(text, string(from), string(to), whole(count, -1)));
	},
	startswith: (text, args) => affix(text, args, (part, prefix) => part.startsWith(prefix)),
	endswith: (text, args) => affix(text, args, (part, suffix) => part.endsWith(suffix)),
	removeprefix: (text, [prefix]) => v.text(text.startsWith(string(prefix)) ? text.slice(prefix.value.length) : text),
	removesuffix: (text, [suffix]) => v.text(string(suffix) !== "" && text.endsWith(suffix.value) ? text.slice(0, -suffix.value.length) : text),
	find: (text, args) => v.integer(find(text, args, false)),
	rfind: (text, args) => v.integer(find(text, args, true)),
	index: (text, args) => index(text, args, false),
	rindex: (text, args) => index(text, args, true),
	count: (text, [part]) => v.integer(string(part) === "" ? v.points(text).length + 1 : text.split(part.value).length - 1),
	join: (text, [parts]) => v.text(v.items(parts).map((part, i) =>
		(part instanceof v.StringValue ? part.value : v.fail(`sequence item ${i}: expected str instance, ${v.typeName(part)} found`))).join(text)),
	partition: (text, args) => partition(text, args, false),
	rpartition: (text, args) => partition(text, args, true),
	ljust: (text, args) => padded(text, args, "left"),
	rjust: (text, args) => padded(text, args, "right"),
	center: (text, args) => padded(text, args, "both"),
	zfill: (text, [width]) => {
		const sign = /^[+-]/.exec(text)?.[0] ?? "";
		return v.text(sign + v.repeated("0", Math.max(0, whole(width, 0) - v.points(text).length)) + text.slice(sign.length));
	},
	expandtabs: (text, args) => {
		const [size] = bind(args, "tabsize");
		const width = whole(size, 8);
		let column = 0;
		return v.text(v.concatenated(v.points(text).map((char) => {
			const filled = char !== "\t" ? char : width <= 0 ? "" : v.repeated(" ", width - (column % width));
			column = char === "\n" || char === "\r" ? 0 : column + filled.length;
			return filled;
		})));
	},
	maketrans: (_, args) => {
		const map = new Map();
		const code = (value) => (value instanceof v.StringValue ? v.integer(value.value.codePointAt(0)) : value);
		if (args.length === 1) {
			if (!(args[0] instanceof v.ObjectValue)) v.fail("if you give only one argument to maketrans it must be a dict");
			for (const [key, value] of args[0].value) v.put(map, code(v.fromKey(key)), value);
			return new v.ObjectValue(map);
		}
		const [from, to, gone] = args.map((value) => v.points(string(value)));
		if (from.length !== to.length) v.fail("the first two maketrans arguments must have equal length");
		from.forEach((char, i) => v.put(map, code(v.text(char)), code(v.text(to[i]))));
		for (const char of gone ?? []) v.put(map, code(v.text(char)), v.none);
		return new v.ObjectValue(map);
	},
	translate: (text, [table]) => {
		if (!(table instanceof v.ObjectValue)) v.fail("translate needs a mapping");
		return v.text(v.concatenated(v.points(text).map((char) => {
			const to = table.value.get(char.codePointAt(0));
			if (to === undefined) return char;
			return to instanceof v.NullValue ? "" : to instanceof v.IntegerValue ? String.fromCodePoint(to.value) : string(to, "a character's translation");
		})));
	},
	format: (text, args) => expanded(text, ...v.separated(args), item),
	format_map: (text, [map]) => (map instanceof v.ObjectValue ? expanded(text, [], map.value, item) : v.fail("format_map needs a mapping")),
	isprintable: every(/^[^\p{C}\p{Zl}\p{Zp}\t-\r\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]*$/u),
	isdigit: every(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]+$/u),
	isdecimal: every(/^\p{Nd}+$/u),
	isnumeric: every(/^\p{N}+$/u),
	isalpha: every(/^\p{L}+$/u),
	isalnum: every(/^[\p{L}\p{N}]+$/u),
	isspace: every(new RegExp(`^[${SPACE}]+$`)),
	isascii: every(/^[\x00-\x7f]*$/),
	isidentifier: every(/^[\p{L}_][\p{L}\p{N}_]*$/u),
	isupper: cased((text, same) => (same ? text.toUpperCase() : text.toLowerCase())),
	islower: cased((text, same) => (same ? text.toLowerCase() : text.toUpperCase())),
	istitle: (text) => v.boolean(/\p{L}/u.test(text) && title(text) === text),
};

const pairs = (map) => [...map].map(([key, value]) => v.tuple([v.fromKey(key, map), value]));
const copied = (map) => Object.assign(new Map(map), { forms: map.forms });

const MAPPING = {
	get: (map, args) => {
		const [key, otherwise] = bind(args, "key", "default");
		return map.get(v.keyOf(key)) ?? otherwise ?? v.none;
	},
	items: (map) => v.view(pairs(map), "dict_items"),
	keys: (map) => v.view([...map.keys()].map((key) => v.fromKey(key, map)), "dict_keys"),
	values: (map) => v.view([...map.values()], "dict_values"),
	copy: (map) => new v.ObjectValue(copied(map)),
};

const LIST = {
	index: (all, [item]) => {
		const at = all.findIndex((each) => v.equal(each, item));
		return at < 0 ? v.fail(`${v.written(item)} is not in list`) : v.integer(at);
	},
	count: (all, [item]) => v.integer(all.filter((each) => v.equal(each, item)).length),
	copy: (all) => v.list(all.slice()),
};

function ratio(value) {
	let denominator = 1n;
	while (!Number.isInteger(value)) [value, denominator] = [value * 2, denominator * 2n];
	return v.tuple([v.wholeNumber(BigInt(value)), v.wholeNumber(denominator)]);
}

const bits = (value) => (value < 0n ? -value : value).toString(2).replace(/^0$/, "").length;

const FLOAT = {
	is_integer: (value) => v.boolean(Number.isInteger(value)),
	as_integer_ratio: (value) => (Number.isFinite(value) ? ratio(value) : v.fail("cannot convert it to an integer ratio")),
	conjugate: (value) => v.float(value),
};

const INTEGER = {
	is_integer: () => v.boolean(true),
	as_integer_ratio: (_, __, number) => v.tuple([number, v.integer(1)]),
	bit_length: (value, _, number) => v.integer(bits(BigInt(number.raw ?? Number(value)))),
	conjugate: (_, __, number) => number,
};

const CHANGING = ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort", "update", "setdefault", "popitem"];

// What is made of markup is markup.
export function kept(from, made) {
	if (from.isMarkup && made instanceof v.StringValue) return v.markup(made.value);
	return from.isMarkup && made instanceof v.ArrayValue ? new made.constructor(made.value.map((each) => kept(from, each))) : made;
}

// The method of a value by its name, or undefined.
export function methodOf(value, name) {
	const methods = value instanceof v.StringValue ? STRING : value instanceof v.ArrayValue ? LIST : value instanceof v.ObjectValue ? MAPPING
		: value instanceof v.FloatValue ? FLOAT : value instanceof v.IntegerValue ? INTEGER : null;
	if (!methods) return undefined;
	if (Object.hasOwn(methods, name) && !(methods === LIST && (value.isView || (value.kind && name === "copy")))) return new v.FunctionValue((args) => kept(value, methods[name](value.value, args, value)));
	if (CHANGING.includes(name) && (value instanceof v.ObjectValue || (value instanceof v.ArrayValue && !value.kind)))
		return new v.FunctionValue(() => v.fail(`'${name}' changes a ${v.typeName(value)}, which templates may not`));
	return undefined;
}

// An element, as after a dot or in brackets.
export function item(owner, key) {
	v.demand(owner);
	const own = key instanceof v.StringValue && owner.attribute?.(key.value);
	if (own) return own;
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
