// "%05.2f" % x and "{:>8}".format(x), as Python formats numbers and texts.
import * as v from "values";

const WIDEST = 4096;
const bits = new DataView(new ArrayBuffer(8));

// A float times a power of ten, rounded to a whole number: exactly, and from the middle to the even one.
function scaled(value, power) {
	bits.setFloat64(0, value);
	const high = bits.getUint32(0);
	const exponent = (high >>> 20) & 0x7ff;
	const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(bits.getUint32(4));
	let above = exponent === 0 ? fraction : fraction | (1n << 52n);
	let below = 1n;
	const twos = (exponent === 0 ? 1 : exponent) - 1075;
	if (twos > 0) above <<= BigInt(twos);
	else below <<= BigInt(-twos);
	if (power > 0) above *= 10n ** BigInt(power);
	else below *= 10n ** BigInt(-power);
	const [whole, twice] = [above / below, (above % below) * 2n];
	return whole + (twice > below || (twice === below && whole % 2n === 1n) ? 1n : 0n);
}

// A number's size with so many digits behind the point.
export function fixed(size, digits) {
	if (digits < 0) return scaled(size, digits).toString();
	const text = scaled(size, digits).toString().padStart(digits + 1, "0");
	return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

// The first digits of a number's size, and the exponent of the first of them.
function leading(size, count) {
	if (size === 0) return ["0".repeat(count), 0];
	let exponent = Math.floor(Math.log10(size));
	for (;;) {
		const digits = scaled(size, count - 1 - exponent).toString();
		if (digits.length === count) return [digits, exponent];
		exponent += digits.length > count ? 1 : -1;
	}
}

const withExponent = (digits, exponent, isAlternate) =>
	`${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : isAlternate ? "." : ""}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;

function general(size, precision, isAlternate, mostBefore, isFloat) {
	const [digits, exponent] = leading(size, precision);
	const isShort = exponent >= -4 && exponent < mostBefore;
	if (!isShort) return withExponent(isAlternate ? digits : digits.replace(/(?<=.)0+$/, ""), exponent, isAlternate);
	const text = exponent < 0 ? `0.${"0".repeat(-exponent - 1)}${digits}` : `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
	if (isAlternate) return text;
	const short = text.replace(/\.?0*$/, "");
	return isFloat && !short.includes(".") ? `${short}.0` : short;
}

// The digits of a float without its sign. Without a kind the shortest that give it back.
function floatDigits(value, { kind, precision, isAlternate }) {
	if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : "inf";
	const size = Math.abs(value);
	switch (kind.toLowerCase()) {
		case "f": {
			const text = fixed(size, precision ?? 6);
			return isAlternate && !text.includes(".") ? `${text}.` : text;
		}
		case "e": return withExponent(...leading(size, (precision ?? 6) + 1), isAlternate);
		case "g": return general(size, precision === 0 ? 1 : (precision ?? 6), isAlternate, precision === 0 ? 1 : (precision ?? 6), false);
		case "%": return `${fixed(size * 100, precision ?? 6)}%`;
		default: {
			if (precision === undefined) return v.floatText(size);
			const count = precision === 0 ? 1 : precision;
			return general(size, count, isAlternate, Math.max(1, count - 1), true);
		}
	}
}

const big = (value) => BigInt(value.raw ?? Math.trunc(v.number(value)));
const RADIXES = { x: 16, X: 16, o: 8, b: 2 };

function grouped(digits, mark, size) {
	const [, whole, rest] = /^([\da-fA-F]*)(.*)$/s.exec(digits);
	return whole.replace(new RegExp(`\\B(?=(?:[\\da-fA-F]{${size}})+$)`, "g"), mark) + rest;
}

const short = (width, what = "width") => {
	const number = Number(width);
	if (number > WIDEST) v.fail(`the ${what} ${width} of a format is too large`);
	return number;
};

function filled(text, width, fill, align) {
	const missing = width - v.points(text).length;
	if (missing <= 0) return text;
	const left = align === "<" ? 0 : align === "^" ? missing >> 1 : missing;
	return fill.repeat(left) + text + fill.repeat(missing - left);
}

// Sign, digits and what is between: the filling of "=" stands behind the sign.
function numeric(sign, digits, { width = 0, fill = " ", align = ">", mark, size = 3 }) {
	const text = mark ? grouped(digits, mark, size) : digits;
	if (align !== "=") return filled(sign + text, width, fill, align);
	let all = text.padStart(width - sign.length, fill);
	// Zeros in front are grouped like the rest, and never begin with a mark.
	if (mark && fill === "0" && all.length > text.length) {
		let zeros = digits;
		while (grouped(zeros, mark, size).length < width - sign.length) zeros = `0${zeros}`;
		all = grouped(zeros, mark, size);
	}
	return sign + all;
}

const signOf = (isNegative, flag) => (isNegative ? "-" : flag === "+" || flag === " " ? flag : "");
const isNegative = (value) => value < 0 || Object.is(value, -0);

// "%..." % values.
export function percent(format, values) {
	const all = values instanceof v.TupleValue ? values.value : [values];
	const isMapping = values instanceof v.ObjectValue;
	let used = 0;
	const next = () => all[used++] ?? v.fail("not enough arguments for format string");
	const measure = (text) => {
		if (text !== "*") return short(text, "size");
		const value = next();
		return value instanceof v.IntegerValue ? short(value.value, "size") : v.fail("* wants int");
	};
	const pattern = /%(\([^)]*\))?([-+ #0]*)(\*|\d+)?(\.(?:\*|\d*))?[hlL]?([^])?/g;
	const result = format.value.replace(pattern, (_, name, flags, width, digits, kind) => {
		// What takes no part in a match is undefined in one engine and empty in another.
		if (!kind) v.fail("incomplete format");
		if (kind === "%") return "%";
		if (name && !isMapping) v.fail("format requires a mapping");
		let wide = width ? measure(width) : 0;
		if (wide < 0) [wide, flags] = [-wide, `${flags}-`];
		const precision = digits ? Math.max(0, measure(digits.slice(1) || "0")) : undefined;
		const value = name ? (values.value.get(name.slice(1, -1)) ?? v.fail(`no key '${name}' for the format`)) : next();
		const align = flags.includes("-") ? "<" : ">";
		if ("sra".includes(kind)) {
			const shown = format.isMarkup && kind === "s" ? v.escaped(value).value : kind === "s" ? v.str(value) : kind === "r" ? v.written(value) : ascii(v.written(value));
			return filled(precision === undefined ? shown : v.points(shown).slice(0, precision).join(""), wide, " ", align);
		}
		if (kind === "c") return filled(character(value), wide, " ", align);
		if (!"diuoxXeEfFgG".includes(kind)) v.fail(`unsupported format character '${kind}'`);
		if (!v.isNumber(value) || ("xXo".includes(kind) && value instanceof v.FloatValue))
			v.fail(`%${kind} format: ${"eEfFgG".includes(kind) ? "a real number" : "an integer"} is required, not ${v.typeName(value)}`);
		const flag = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
		const fill = flags.includes("0") && align === ">" ? { fill: "0", align: "=" } : { align };
		if ("eEfFgG".includes(kind)) {
			const shown = floatDigits(v.number(value), { kind, precision, isAlternate: flags.includes("#") });
			return numeric(signOf(isNegative(v.number(value)), flag), kind === kind.toUpperCase() ? shown.toUpperCase() : shown, { width: wide, ...fill });
		}
		if (!Number.isFinite(v.number(value))) v.fail("a number without an end is no integer");
		const exact = big(value);
		const radix = RADIXES[kind] ?? 10;
		const plain = (exact < 0n ? -exact : exact).toString(radix).padStart(precision ?? 0, "0");
		const prefix = flags.includes("#") && radix !== 10 ? `0${kind}` : "";
		return numeric(signOf(exact < 0n, flag) + prefix, kind === "X" ? plain.toUpperCase() : plain, { width: wide, ...fill });
	});
	if (!isMapping && used < all.length && !(used === 0 && values instanceof v.ArrayValue && !(values instanceof v.TupleValue)))
		v.fail("not all arguments converted during string formatting");
	return (format.isMarkup ? v.markup : v.text)(v.concatenated([result]));
}

const ascii = (text) => v.points(text).map((c) => {
	const code = c.codePointAt(0);
	return code < 0x7f ? c : code <= 0xff ? `\\x${code.toString(16)}` : code <= 0xffff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}).join("");

function character(value) {
	if (value instanceof v.StringValue && v.points(value.value).length === 1) return value.value;
	if (value instanceof v.IntegerValue && value.value >= 0 && value.value <= 0x10ffff) return String.fromCodePoint(value.value);
	return v.fail("%c requires int or char");
}

const SPEC = /^(?:([^])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([^])?$/u;

// format(value, spec).
export function formatted(value, spec) {
	if (spec === "") return v.str(value);
	const [, fill, align, sign, , alternate, zero, width, mark, digits, kind = ""] = SPEC.exec(spec) ?? v.fail(`Invalid format specifier '${spec}' for object of type '${v.typeName(value)}'`);
	const wide = width === undefined ? 0 : short(width);
	const precision = digits === undefined ? undefined : short(digits, "precision");
	const unknown = () => v.fail(`Unknown format code '${kind}' for object of type '${v.typeName(value)}'`);
	if (value instanceof v.StringValue) {
		if (kind !== "" && kind !== "s") unknown();
		if (sign || alternate || mark || align === "=") v.fail("such a format is for numbers only");
		const shown = precision === undefined ? value.value : v.points(value.value).slice(0, precision).join("");
		return filled(shown, wide, fill ?? (zero ? "0" : " "), align ?? "<");
	}
	if (!v.isNumber(value)) v.fail(`unsupported format string passed to ${v.typeName(value)}.__format__`);
	const layout = { width: wide, fill: fill ?? (zero ? "0" : " "), align: align ?? (zero ? "=" : ">"), mark };
	if (value instanceof v.FloatValue || "eEfFgG%".includes(kind || "d")) {
		if (!["", "e", "E", "f", "F", "g", "G", "n", "%"].includes(kind)) unknown();
		const shown = floatDigits(v.number(value), { kind: kind === "n" ? "g" : kind, precision, isAlternate: alternate !== undefined });
		return numeric(signOf(isNegative(v.number(value)), sign), "EFG".includes(kind || "-") ? shown.toUpperCase() : shown, layout);
	}
	if (precision !== undefined) v.fail("Precision not allowed in integer format specifier");
	if (kind === "c") return filled(character(v.integer(v.number(value))), wide, layout.fill, align ?? "<");
	if (!["", "d", "n", "x", "X", "o", "b"].includes(kind)) unknown();
	const exact = big(value);
	const radix = RADIXES[kind] ?? 10;
	if (mark === "," && radix !== 10) v.fail(`Cannot specify ',' with '${kind}'.`);
	const plain = (exact < 0n ? -exact : exact).toString(radix);
	const prefix = alternate && radix !== 10 ? `0${kind}` : "";
	return numeric(signOf(exact < 0n, sign) + prefix, kind === "X" ? plain.toUpperCase() : plain, { ...layout, size: radix === 10 ? 3 : 4 });
}

// "{...}".format(...): fields by number, by name, with attributes and elements, and with formats that hold fields themselves.
export function expanded(text, positional, keywords, item) {
	let next = 0;
	const argument = (name) => {
		if (name === "") {
			if (next === undefined) v.fail("cannot switch from manual field specification to automatic field numbering");
			return positional[next++] ?? v.fail("Replacement index out of range for positional args tuple");
		}
		if (!/^\d+$/.test(name)) return keywords.get(name) ?? v.fail(`no argument '${name}' for the format`);
		if (next > 0) v.fail("cannot switch from automatic field numbering to manual field specification");
		next = undefined;
		return positional[Number(name)] ?? v.fail("Replacement index out of range for positional args tuple");
	};
	const field = (path) => {
		const [, name, rest] = /^([^.[]*)(.*)$/s.exec(path);
		let value = argument(name);
		if (!/^(\.[^.[]+|\[[^\]]+\])*$/.test(rest)) v.fail("a field of a format is malformed");
		for (const [, attribute, element] of rest.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g))
			value = item(value, attribute !== undefined ? v.text(attribute) : /^\d+$/.test(element) ? v.integer(Number(element)) : v.text(element));
		return value;
	};
	const expand = (source, depth) => {
		if (depth > 2) v.fail("Max string recursion exceeded");
		const out = [];
		for (let at = 0; at < source.length; ) {
			const stop = /[{}]/g;
			stop.lastIndex = at;
			const found = stop.exec(source)?.index ?? source.length;
			out.push(source.slice(at, found));
			if (found === source.length) break;
			if (source[found + 1] === source[found] && depth === 1) {
				out.push(source[found]);
				at = found + 2;
				continue;
			}
			if (source[found] === "}") v.fail("Single '}' encountered in format string");
			let open = 1;
			let end = found + 1;
			for (; end < source.length; ++end) {
				if (source[end] === "{") ++open;
				else if (source[end] === "}" && --open === 0) break;
			}
			if (open > 0) v.fail("expected '}' before end of string");
			const [, path, conversion, spec] = /^((?:\[[^\]]*\]|[^!:[])*)(?:!([^:]*))?(?::([^]*))?$/.exec(source.slice(found + 1, end)) ?? v.fail("a field of a format is malformed");
			let value = field(path);
			if (conversion !== undefined) {
				const written = { s: v.str, r: v.written, a: (each) => ascii(v.written(each)) }[conversion] ?? v.fail(`Unknown conversion specifier '${conversion}'`);
				value = v.text(written(value));
			}
			out.push(formatted(value, spec === undefined ? "" : expand(spec, depth + 1)));
			at = end + 1;
		}
		return v.concatenated(out);
	};
	return v.text(expand(text, 1));
}
