// Splits a template as Jinja2's lexer does under transformers' settings (trim_blocks, lstrip_blocks), into tokens. The lexer
// of @huggingface/jinja works with patterns over the whole source, which also reach into raw blocks and strings, and knows
// neither "{%+" nor "+%}".

const OPERATORS = new Set(["**", "//", "<=", ">=", "==", "!=", ..."<>(){}[],.:|+-~*/%="]);
const OPENING = { "(": ")", "[": "]", "{": "}" };
const ESCAPES = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", a: "\x07", "'": "'", '"': '"', "\\": "\\", "\n": "" };
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const TRAILING = new RegExp(`${SPACE}+$`);
const BLANK = new RegExp(`^${SPACE}*$`);
const WORD = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}]*/uy;
const NUMBER = /\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?[eE][+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)?/y;
const INTEGER = /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d+(?:_\d+)*/y;
const GAP = new RegExp(`${SPACE}+`, "y");
const TAG = new RegExp(`\\{(?:%[-+]?${SPACE}*raw${SPACE}*(?:-%\\}|%\\})|%[-+]?|\\{[-+]?|#[-+]?)`, "g");
const RAW_END = new RegExp(`\\{%([-+]?)${SPACE}*endraw${SPACE}*(\\+%\\}|-%\\}${SPACE}*|%\\}\\n?)`, "g");
const ENDS = {
	"%": new RegExp(`\\+%\\}|-%\\}${SPACE}*|%\\}\\n?`, "y"),
	"{": new RegExp(`-\\}\\}${SPACE}*|\\}\\}`, "y"),
};
const COMMENT_END = new RegExp(`([\\s\\S]*?)(\\+#\\}|-#\\}${SPACE}*|#\\}\\n?)`, "y");

const token = (value, type, at) => ({ value, type, at });

function match(pattern, source, at) {
	pattern.lastIndex = at;
	return pattern.exec(source);
}

function lineOf(source, at) {
	return source.slice(0, at).split("\n").length;
}

export function fail(source, at, what) {
	throw new SyntaxError(`line ${lineOf(source, at)}: ${what}`);
}

// What stays of the text before a tag: its sign, or lstrip_blocks, may take white space off its end.
function textBefore(text, sign, isVariable, lineStarts) {
	if (sign === "-") return text.replace(TRAILING, "");
	if (sign === "+" || isVariable) return text;
	const line = text.lastIndexOf("\n") + 1;
	return (line > 0 || lineStarts) && BLANK.test(text.slice(line)) ? text.slice(0, line) : text;
}

function string(source, start) {
	const quote = source[start];
	let value = "";
	for (let at = start + 1; at < source.length; ++at) {
		const char = source[at];
		if (char === quote) return [value, at + 1];
		if (char !== "\\") {
			value += char;
			continue;
		}
		const escape = source[++at];
		const width = { x: 2, u: 4, U: 8 }[escape];
		if (width) {
			const digits = source.slice(at + 1, at + 1 + width);
			if (digits.length !== width || /[^\da-f]/i.test(digits)) fail(source, at, `'\\${escape}${digits}' is no escape`);
			value += String.fromCodePoint(parseInt(digits, 16));
			at += width;
		} else if (escape >= "0" && escape <= "7") {
			const octal = /^[0-7]{1,3}/.exec(source.slice(at, at + 3))[0];
			value += String.fromCodePoint(parseInt(octal, 8));
			at += octal.length - 1;
		} else {
			value += ESCAPES[escape] ?? `\\${escape}`;
		}
	}
	fail(source, start, "a string does not end");
}

// The tokens of one tag, from behind its opening to behind its end.
function readTag(source, start, kind, tokens) {
	const open = [];
	let at = start;
	while (at < source.length) {
		// Every step looks at the next character before it tries a pattern: this loop takes most of the time that a template costs.
		if (source[at] <= " " || source[at] > "~") at += match(GAP, source, at)?.[0].length ?? 0;
		const end = open.length === 0 && "+-%}".includes(source[at] ?? " ") && match(ENDS[kind], source, at);
		if (end) return [at + end[0].length, end[0]];
		const char = source[at];
		if (char === undefined) break;
		if (char === "'" || char === '"') {
			const [value, next] = string(source, at);
			tokens.push(token(value, "String", at));
			at = next;
			continue;
		}
		const afterDot = tokens.at(-1).type === "Operator" && tokens.at(-1).value === ".";
		const number = char >= "0" && char <= "9" && match(INTEGER, source, at) && ((!afterDot && match(NUMBER, source, at)) || match(INTEGER, source, at));
		if (number) {
			const whole = match(INTEGER, source, at)[0];
			const text = whole.length > number[0].length ? whole : number[0];
			const plain = text.replaceAll("_", "");
			tokens.push(token(/^\d+$/.test(plain) ? plain : /^0[xob]/i.test(plain) ? BigInt(plain).toString() : decimal(plain), "Number", at));
			at += text.length;
			continue;
		}
		const word = (/[A-Za-z_]/.test(char) || char > "~") && match(WORD, source, at);
		if (word) {
			tokens.push(token(word[0], "Name", at));
			at += word[0].length;
			continue;
		}
		const operator = OPERATORS.has(source.slice(at, at + 2)) ? source.slice(at, at + 2) : char;
		if (!OPERATORS.has(operator)) fail(source, at, `unexpected character '${char}'`);
		if (OPENING[char]) open.push([OPENING[char], at]);
		const opened = ")]}".includes(char) ? open.pop() : undefined;
		if (")]}".includes(char) && opened?.[0] !== char) fail(source, at, `unexpected '${char}'`);
		tokens.push(token(operator, "Operator", at));
		at += operator.length;
	}
	fail(source, start, open.length > 0 ? `'${source[open.at(-1)[1]]}' is not closed` : "a tag does not end");
}

// The parser tells a float by its point.
function decimal(text) {
	return text.includes(".") ? text : text.replace(/[eE]/, ".0e");
}

// The source as Jinja2 reads it: its lines end in \n, and the last in nothing.
export const normalized = (template) => template.replace(/\r\n|\r/g, "\n").replace(/\n$/, "");

export function tokenize(source) {
	const tokens = [];
	const push = (text) => text && tokens.push(token(text, "Text", at));
	let at = 0;
	let lineStarts = true;
	while (at < source.length) {
		const tag = match(TAG, source, at);
		if (!tag) {
			push(source.slice(at));
			break;
		}
		const kind = tag[0][1];
		const sign = "+-".includes(tag[0][2] ?? " ") ? tag[0][2] : "";
		push(textBefore(source.slice(at, tag.index), sign, kind === "{", lineStarts));
		at = tag.index + tag[0].length;
		if (kind === "%" && tag[0].endsWith("}")) {
			if (tag[0].endsWith("-%}")) at += match(GAP, source, at)?.[0].length ?? 0;
			const end = match(RAW_END, source, at);
			if (!end) fail(source, at, "a raw block does not end");
			push(textBefore(source.slice(at, end.index), end[1], false, false));
			at = end.index + end[0].length;
			lineStarts = end[0].endsWith("\n");
		} else if (kind === "#") {
			const end = match(COMMENT_END, source, at);
			if (!end) fail(source, at, "a comment does not end");
			at += end[0].length;
			lineStarts = end[0].endsWith("\n");
		} else {
			const [opening, closing] = kind === "%" ? ["OpenStatement", "CloseStatement"] : ["OpenExpression", "CloseExpression"];
			tokens.push(token(kind === "%" ? "{%" : "{{", opening, at));
			const [next, end] = readTag(source, at, kind, tokens);
			tokens.push(token(kind === "%" ? "%}" : "}}", closing, at));
			at = next;
			lineStarts = end.endsWith("\n");
		}
	}
	tokens.push(token("", "End", source.length));
	return tokens;
}
