// Python's view of the values of @huggingface/jinja: what is equal, what is true, how they are written.
import { Environment, Interpreter, parse, tokenize } from "huggingface-jinja";

// The library does not export its value classes; values of each kind have them as their constructors.
const probe = new Environment();
const kindOf = (name, value) => probe.set(name, value).constructor;
const evaluated = (text) => new Interpreter(probe).evaluate(parse(tokenize(text)).body[0], probe);
export const IntegerValue = kindOf("an integer", 1);
export const FloatValue = kindOf("a float", 0.5);
export const StringValue = kindOf("a string", "");
export const BooleanValue = kindOf("a boolean", true);
export const NullValue = kindOf("nothing", null);
export const UndefinedValue = kindOf("no value", undefined);
export const ArrayValue = kindOf("a list", []);
export const ObjectValue = kindOf("a mapping", {});
export const FunctionValue = kindOf("a function", () => null);
export const TupleValue = evaluated("{{ (1, 2) }}").constructor;
export const NamespaceValue = evaluated("{{ namespace() }}").constructor;
let keywords;
probe.setVariable("take", new FunctionValue((args) => ((keywords = args.at(-1).constructor), args[0])));
evaluated("{{ take(a=1) }}");
export const KeywordArgumentsValue = keywords;

// How many UTF-16 units a text may have, the rendered one included. A template is given more for a larger conversation.
const LEAST_LONGEST = 1 << 24;
let longest = LEAST_LONGEST;
export const allow = (given) => {
	longest = Math.max(LEAST_LONGEST, 4 * given);
	tupleKeys.clear();
};

const MOST_ELEMENTS = 1e6;

export const text = (value) => new StringValue(value);
export const markup = (value) => Object.assign(new StringValue(value), { isMarkup: true });
export const integer = (value) => new IntegerValue(value);
export const float = (value) => new FloatValue(value);
export const boolean = (value) => new BooleanValue(value);
export const list = (value) => new ArrayValue(value);
export const tuple = (value) => new TupleValue(value);
export const none = new NullValue(null);
export const missing = (hint) => Object.assign(new UndefinedValue(), { hint });

// What Python gives as a view of a mapping: no sequence, and without elements by index.
export const view = (value, kind) => Object.assign(new ArrayValue(value), { isView: true, kind });

// Python's range: a sequence that is no list.
export const range = (start, stop, step, value) => Object.assign(new ArrayValue(value), { kind: "range", start, stop, step });

// What Python gives as a generator: true even if empty, and without a length.
export const lazy = (value) => Object.assign(new ArrayValue(value), { isLazy: true });

// A whole number of any size: JavaScript's own as far as they are exact, and behind them the digits.
export function wholeNumber(digits) {
	const result = integer(Number(digits));
	if (!Number.isSafeInteger(result.value)) result.raw = String(digits);
	return result;
}

// What a loop's body sees as "loop". Elements are looked at as late as in Jinja2: a test may ask what the body has noted by then.
export class LoopValue extends FunctionValue {
	type = "LoopValue";
	index0 = -1;
	taken = [];
	at = 0;

	constructor(candidates, accepts, depth0, again) {
		super(again);
		Object.assign(this, { candidates, accepts, depth0 });
	}

	holds(index) {
		while (this.taken.length <= index && this.at < this.candidates.length) {
			const each = this.candidates[this.at++];
			if (this.accepts(each)) this.taken.push(each);
		}
		return this.taken.length > index;
	}

	advance() {
		return this.holds(++this.index0);
	}

	get current() {
		return this.taken[this.index0];
	}

	get length() {
		this.holds(this.candidates.length);
		return this.taken.length;
	}

	attribute(name) {
		return Object.hasOwn(LOOP, name) ? LOOP[name](this) : undefined;
	}
}

const LOOP = {
	index: (loop) => integer(loop.index0 + 1),
	index0: (loop) => integer(loop.index0),
	revindex: (loop) => integer(loop.length - loop.index0),
	revindex0: (loop) => integer(loop.length - loop.index0 - 1),
	first: (loop) => boolean(loop.index0 === 0),
	last: (loop) => boolean(!loop.holds(loop.index0 + 1)),
	length: (loop) => integer(loop.length),
	previtem: (loop) => loop.taken[loop.index0 - 1] ?? missing("there is no previous item"),
	nextitem: (loop) => (loop.holds(loop.index0 + 1) ? loop.taken[loop.index0 + 1] : missing("there is no next item")),
	// Jinja2 counts the depth of recursive loops only.
	depth: (loop) => integer(loop.depth0 + 1),
	depth0: (loop) => integer(loop.depth0),
	cycle: (loop) => new FunctionValue((args) => (args.length > 0 ? args[loop.index0 % args.length] : fail("no items for cycling given"))),
	changed: (loop) => new FunctionValue((args) => {
		const isChanged = loop.last === undefined || !equal(tuple(args), loop.last);
		loop.last = tuple(args);
		return boolean(isChanged);
	}),
};

// Jinja2's cycler(...).
export class CyclerValue extends StringValue.__proto__ {
	type = "CyclerValue";
	at = 0;

	attribute(name) {
		const { value: all } = this;
		switch (name) {
			case "current": return all[this.at];
			case "pos": return integer(this.at);
			case "items": return tuple(all);
			case "reset": return new FunctionValue(() => ((this.at = 0), none));
			case "next": return new FunctionValue(() => {
				const found = all[this.at];
				this.at = (this.at + 1) % all.length;
				return found;
			});
			default: return undefined;
		}
	}
}

export const isNumber = (value) => value instanceof IntegerValue || value instanceof FloatValue || value instanceof BooleanValue;
export const number = (value) => Number(value.value);

export class TemplateError extends Error {}

// What a template is stopped for, which is no fault of the conversation.
const stop = (what) => {
	throw Object.assign(new TemplateError(what), { isLimit: true });
};
const tooLong = () => stop(`its output is too long, a text of more than ${longest} characters`);

export const bounded = (count) => void (count > MOST_ELEMENTS && stop(`its memory grows too large, a list becomes too long, with more than ${MOST_ELEMENTS} elements`));

export function chained(left, right) {
	bounded(left.length + right.length);
	return left.concat(right);
}

export function fail(what) {
	throw new TemplateError(what);
}

const NAMES = {
	IntegerValue: "int", FloatValue: "float", StringValue: "str", BooleanValue: "bool", NullValue: "NoneType", UndefinedValue: "Undefined",
	LoopValue: "LoopContext", CyclerValue: "Cycler", ArrayValue: "list", TupleValue: "tuple", ObjectValue: "dict", NamespaceValue: "Namespace", FunctionValue: "function", KeywordArgumentsValue: "dict",
};
export const typeName = (value) => value?.kind ?? NAMES[value?.type] ?? "object";

// What only a text has.
export function onlyText(value) {
	return demand(value) instanceof StringValue ? value.value : fail(`'${typeName(value)}' object is no text`);
}

export function demand(value) {
	if (value instanceof UndefinedValue) fail(value.hint ?? "a value is undefined");
	return value;
}

export function truth(value) {
	return value.isLazy || value instanceof FunctionValue || value instanceof CyclerValue || value instanceof NamespaceValue || value.__bool__().value;
}

// Equal tuples are one key: the first of them, for as long as one rendering takes.
const tupleKeys = new Map();

// A mapping's keys are JavaScript's own strings, numbers and null, and tuples.
export function keyOf(value) {
	if (value instanceof StringValue || value instanceof NullValue) return value.value;
	if (isNumber(value)) return number(value);
	if (value instanceof UndefinedValue) return undefined;
	if (!(value instanceof TupleValue || value.kind === "range")) fail(`unhashable type: '${typeName(value)}'`);
	const parts = value.kind ? str(value) : JSON.stringify(value.value.map((part) => {
		const key = keyOf(part);
		return key instanceof ArrayValue ? [...tupleKeys.values()].indexOf(key) : typeof key === "string" ? `s${key}` : String(key);
	}));
	if (!tupleKeys.has(parts)) tupleKeys.set(parts, value);
	return tupleKeys.get(parts);
}

// Python's True, 1 and 1.0 are one key, written as it was when it came.
export function put(map, key, value) {
	const at = keyOf(key);
	if (!map.has(at) && (key instanceof BooleanValue || key instanceof FloatValue)) (map.forms ??= new Map()).set(at, key);
	map.set(at, value);
}

export function fromKey(key, map) {
	if (map?.forms?.has(key)) return map.forms.get(key);
	if (key instanceof ArrayValue) return key;
	if (key === null) return none;
	if (typeof key === "string") return text(key);
	return Number.isInteger(key) ? integer(key) : float(key);
}

export function equal(a, b) {
	if (a === b) return true;
	if (isNumber(a) && isNumber(b)) return a.raw || b.raw ? String(a.raw ?? a.value) === String(b.raw ?? b.value) : number(a) === number(b);
	if (a instanceof ArrayValue && b instanceof ArrayValue)
		return a.type === b.type && a.kind === b.kind && a.value.length === b.value.length && a.value.every((item, i) => equal(item, b.value[i]));
	if (a instanceof ObjectValue && b instanceof ObjectValue)
		return a.value.size === b.value.size && [...a.value].every(([key, item]) => b.value.has(key) && equal(item, b.value.get(key)));
	return a.type === b.type && !(a instanceof NamespaceValue) && a.value === b.value;
}

export function compare(a, b, operator = "<") {
	if (isNumber(a) && isNumber(b)) return Math.sign(number(a) - number(b));
	if (a instanceof StringValue && b instanceof StringValue) return compareTexts(a.value, b.value);
	if (a instanceof ArrayValue && b instanceof ArrayValue && a.type === b.type && !a.kind && !b.kind) {
		const at = a.value.findIndex((item, i) => i >= b.value.length || !equal(item, b.value[i]));
		if (at < 0) return Math.sign(a.value.length - b.value.length);
		return at >= b.value.length ? 1 : compare(a.value[at], b.value[at], operator);
	}
	demand(a);
	demand(b);
	fail(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

export function compares(operator, left, right) {
	switch (operator) {
		case "==": return equal(left, right);
		case "!=": return !equal(left, right);
		case "in": return contains(right, left);
		case "not in": return !contains(right, left);
		case "<": return compare(left, right, "<") < 0;
		case ">": return compare(left, right, ">") > 0;
		case "<=": return compare(left, right, "<=") <= 0;
		default: return compare(left, right, ">=") >= 0;
	}
}

// Whole numbers beyond those that JavaScript's floats hold.
export function exact(operator, left, right, estimate) {
	if (!Number.isFinite(estimate)) fail("the number is too large");
	const [a, b] = [left, right].map((value) => BigInt(value.raw ?? number(value)));
	const remainder = () => ((a % b) + b) % b;
	switch (operator) {
		case "+": return wholeNumber(a + b);
		case "-": return wholeNumber(a - b);
		case "*": return wholeNumber(a * b);
		case "%": return wholeNumber(remainder());
		case "//": return wholeNumber((a - remainder()) / b);
		default: return wholeNumber(a ** b);
	}
}

// By code points, as Python: UTF-16 would put surrogates before U+E000.
export function compareTexts(a, b) {
	const [left, right] = [points(a), points(b)];
	for (let i = 0; i < left.length && i < right.length; ++i) {
		const difference = left[i].codePointAt(0) - right[i].codePointAt(0);
		if (difference !== 0) return Math.sign(difference);
	}
	return Math.sign(left.length - right.length);
}

export const points = (value) => (/[\ud800-\udfff]/.test(value) ? Array.from(value) : value.split(""));

export function items(value) {
	if (value instanceof ArrayValue) return value.value;
	if (value instanceof StringValue) return points(value.value).map(text);
	if (value instanceof ObjectValue) return [...value.value.keys()].map((key) => fromKey(key, value.value));
	if (value instanceof UndefinedValue) return [];
	fail(`'${typeName(value)}' object is not iterable`);
}

export function length(value) {
	if (value instanceof LoopValue) return value.length;
	if (value instanceof StringValue) return points(value.value).length;
	if (value instanceof ArrayValue && !value.isLazy) return value.value.length;
	if (value instanceof ObjectValue) return value.value.size;
	if (value instanceof UndefinedValue) return 0;
	fail(`object of type '${value.isLazy ? "generator" : typeName(value)}' has no len()`);
}

// Positional and keyword arguments, the latter free to be taken out.
export function separated(args) {
	return args.at(-1) instanceof KeywordArgumentsValue ? [args.slice(0, -1), new Map(args.at(-1).value)] : [args, new Map()];
}

export function contains(container, item) {
	if (container instanceof StringValue) {
		if (!(item instanceof StringValue)) fail(`'in <string>' requires string as left operand, not ${typeName(item)}`);
		return container.value.includes(item.value);
	}
	if (container instanceof ObjectValue) return container.value.has(keyOf(item));
	return items(container).some((each) => equal(each, item));
}

export function repeated(value, count) {
	if (count > 0 && value.length * count > longest) tooLong();
	return count > 0 ? value.repeat(count) : "";
}

export function joined(left, right) {
	if (left.length + right.length > longest) tooLong();
	return left + right;
}

export function concatenated(parts, separator = "") {
	let length = separator.length * Math.max(0, parts.length - 1);
	for (const part of parts) length += part.length;
	if (length > longest) tooLong();
	return parts.join(separator);
}

// Markup escapes what is added to it.
export function added(left, right) {
	if (!left.isMarkup && !right.isMarkup) return text(joined(left.value, right.value));
	return markup(joined(escaped(left).value, escaped(right).value));
}

export function escaped(value) {
	if (value.isMarkup) return value;
	return markup(str(value).replace(/[&<>'"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;" })[c]));
}

export function floatText(value) {
	if (Number.isNaN(value)) return "nan";
	if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
	if (Object.is(value, -0)) return "-0.0";
	const size = Math.abs(value);
	if (size !== 0 && (size >= 1e16 || size < 1e-4))
		return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
	return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function quoted(value) {
	const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
	const escaped = value.replace(/[\\\n\r\t\x00-\x1f\x7f-\xa0\xad]/g, (char) => {
		const known = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }[char];
		return known ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
	});
	return quote + escaped.replaceAll(quote, `\\${quote}`) + quote;
}

// Python's repr.
export function written(value) {
	if (value instanceof StringValue) return value.isMarkup ? `Markup(${quoted(value.value)})` : quoted(value.value);
	if (value instanceof UndefinedValue) return "Undefined";
	return str(value);
}

// Python's str.
export function str(value) {
	if (value instanceof StringValue) return value.value;
	if (value instanceof UndefinedValue) return "";
	if (value instanceof NullValue) return "None";
	if (value instanceof BooleanValue) return value.value ? "True" : "False";
	if (value instanceof IntegerValue) return value.raw ?? integerText(value.value);
	if (value instanceof FloatValue) return floatText(value.value);
	if (value instanceof TupleValue) return `(${value.value.map(written).join(", ")}${value.value.length === 1 ? "," : ""})`;
	if (value.isLazy) return "<generator object>";
	if (value.kind === "range") return `range(${value.start}, ${value.stop}${value.step === 1 ? "" : `, ${value.step}`})`;
	if (value.kind) return `${value.kind}([${value.value.map(written).join(", ")}])`;
	if (value instanceof ArrayValue) return `[${value.value.map(written).join(", ")}]`;
	if (value instanceof NamespaceValue) return `<Namespace ${str(new ObjectValue(value.value))}>`;
	if (value instanceof LoopValue) return `<LoopContext ${value.index0 + 1}/${value.length}>`;
	if (value instanceof ObjectValue)
		return `{${[...value.value].map(([key, item]) => `${written(fromKey(key, value.value))}: ${written(item)}`).join(", ")}}`;
	return `<${typeName(value)}>`;
}

export function integerText(value) {
	return Number.isSafeInteger(value) || !Number.isFinite(value) ? String(value) : BigInt(value).toString();
}

// Python's json.dumps.
export function json(value, { indent = null, ascii = false, separators = null, sorted = false } = {}, depth = 0) {
	const [comma, colon] = separators ?? [indent === null ? ", " : ",", ": "];
	const options = { indent, ascii, separators, sorted };
	const text = (string) => {
		const escaped = JSON.stringify(string).replace(/\\u(d[89a-f][\da-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
		return ascii ? escaped.replace(/[\x7f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`) : escaped;
	};
	const wrap = (open, parts, close) => {
		if (parts.length === 0) return open + close;
		if (indent === null) return open + parts.join(comma) + close;
		const inner = `\n${repeated(indent, depth + 1)}`;
		return open + inner + parts.join(comma + inner) + `\n${repeated(indent, depth)}` + close;
	};
	if (value instanceof NullValue) return "null";
	if (value instanceof BooleanValue) return String(value.value);
	if (value instanceof IntegerValue) return str(value);
	if (value instanceof FloatValue) return { nan: "NaN", inf: "Infinity", "-inf": "-Infinity" }[str(value)] ?? str(value);
	if (value instanceof StringValue) return text(value.value);
	if (value instanceof ArrayValue && !value.isLazy && !value.kind) return wrap("[", value.value.map((item) => json(item, options, depth + 1)), "]");
	if (value instanceof ObjectValue) {
		const entries = [...value.value];
		if (sorted) entries.sort(([a], [b]) => compare(fromKey(a), fromKey(b)));
		const name = (key) => {
			if (key instanceof ArrayValue) fail(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
			return text(typeof key === "string" ? key : json(fromKey(key, value.value)));
		};
		return wrap("{", entries.map(([key, item]) => name(key) + colon + json(item, options, depth + 1)), "}");
	}
	fail(`Object of type ${value.isLazy ? "generator" : typeName(value)} is not JSON serializable`);
}

// Values come as JSON with numbers as ["i" | "f", text], lists as ["a", ...] and mappings as ["o", key, value, ...]:
// JavaScript's own objects would reorder keys, and its numbers do not tell 1 from 1.0.
export function decode(value) {
	if (value === null) return none;
	if (typeof value === "string") return text(value);
	if (typeof value === "boolean") return boolean(value);
	switch (value[0]) {
		case "i":
			return wholeNumber(value[1]);
		case "f":
			return float(Number(value[1]));
		case "a":
			return list(value.slice(1).map(decode));
		default: {
			const map = new Map();
			for (let i = 1; i < value.length; i += 2) map.set(value[i], decode(value[i + 1]));
			return new ObjectValue(map);
		}
	}
}
