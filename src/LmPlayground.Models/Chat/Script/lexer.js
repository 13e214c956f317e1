// Splits a template as Jinja2's lexer does under transformers' settings (trim_blocks, lstrip_blocks), into the tokens that
// the parser of @huggingface/jinja takes. Its own lexer works with patterns over the whole source, which also reach into
// raw blocks and strings, and knows neither "{%+" nor "+%}".

const OPERATORS = new Map([
	["**", "ExponentiationBinaryOperator"], ["//", "MultiplicativeBinaryOperator"],
	["<=", "ComparisonBinaryOperator"], [">=", "ComparisonBinaryOperator"], ["==", "ComparisonBinaryOperator"], ["!=", "ComparisonBinaryOperator"],
	["<", "ComparisonBinaryOperator"], [">", "ComparisonBinaryOperator"],
	["(", "OpenParen"], [")", "CloseParen"], ["{", "OpenCurlyBracket"], ["}", "CloseCurlyBracket"], ["[", "OpenSquareBracket"], ["]", "CloseSquareBracket"],
	[",", "Comma"], [".", "Dot"], [":", "Colon"], ["|", "Pipe"],
	["+", "AdditiveBinaryOperator"], ["-", "AdditiveBinaryOperator"], ["~", "AdditiveBinaryOperator"],
	["*", "MultiplicativeBinaryOperator"], ["/", "MultiplicativeBinaryOperator"], ["%", "MultiplicativeBinaryOperator"], ["=", "Equals"],
]);
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

const token = (value, type) => ({ value, type });

function match(pattern, source, at) {
	pattern.lastIndex = at;
	return pattern.exec(source);
}

function lineOf(source, at) {
	return source.slice(0, at).split("\n").length;
}

function fail(source, at, what) {
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
	const begin = tokens.length;
	let at = start;
	while (at < source.length) {
		// Every step looks at the next character before it tries a pattern: this loop takes most of the time that a template costs.
		if (source[at] <= " " || source[at] > "~") at += match(GAP, source, at)?.[0].length ?? 0;
		const end = open.length === 0 && "+-%}".includes(source[at] ?? " ") && match(ENDS[kind], source, at);
		if (end) {
			markTests(tokens, begin);
			return [at + end[0].length, end[0]];
		}
		const char = source[at];
		if (char === undefined) break;
		if (char === "'" || char === '"') {
			const [value, next] = string(source, at);
			tokens.push(token(value, "StringLiteral"));
			at = next;
			continue;
		}
		const afterDot = tokens.length > begin && tokens.at(-1).type === "Dot";
		const number = char >= "0" && char <= "9" && match(INTEGER, source, at) && ((!afterDot && match(NUMBER, source, at)) || match(INTEGER, source, at));
		if (number) {
			const whole = match(INTEGER, source, at)[0];
			const text = whole.length > number[0].length ? whole : number[0];
			const plain = text.replaceAll("_", "");
			tokens.push(token(/^\d+$/.test(plain) ? plain : /^0[xob]/i.test(plain) ? String(Number(plain)) : decimal(plain), "NumericLiteral"));
			at += text.length;
			continue;
		}
		const word = (/[A-Za-z_]/.test(char) || char > "~") && match(WORD, source, at);
		if (word) {
			tokens.push(token(word[0], "Identifier"));
			at += word[0].length;
			continue;
		}
		const operator = OPERATORS.has(source.slice(at, at + 2)) ? source.slice(at, at + 2) : char;
		if (!OPERATORS.has(operator)) fail(source, at, `unexpected character '${char}'`);
		if (OPENING[char]) open.push([OPENING[char], at, tokens.length]);
		const opened = ")]}".includes(char) ? open.pop() : undefined;
		if (")]}".includes(char) && opened?.[0] !== char) fail(source, at, `unexpected '${char}'`);
		tokens.push(token(operator, OPERATORS.get(operator)));
		if (char === ")") markTuple(tokens, opened[2], begin);
		at += operator.length;
	}
	fail(source, start, open.length > 0 ? `'${source[open.at(-1)[1]]}' is not closed` : "a tag does not end");
}

const KEYWORDS = ["and", "else", "if", "in", "is", "not", "or"];

// The parser knows no tuple of nothing and none of one: "(x,)" is handed to it as "([x] | as tuple)".
function markTuple(tokens, open, begin) {
	const before = open > begin ? tokens[open - 1] : undefined;
	const isCall = before && (/^(Close|String)/.test(before.type) || (before.type === "Identifier" && !KEYWORDS.includes(before.value)));
	const last = tokens.at(-2);
	if (isCall || !(tokens.length === open + 2 || last.type === "Comma")) return;
	tokens.splice(open, 1, token("(", "OpenParen"), token("[", "OpenSquareBracket"));
	tokens.splice(-1, 1, token("]", "CloseSquareBracket"), token("|", "Pipe"), token("as tuple", "Identifier"), token(")", "CloseParen"));
}

// The parser tells a float by its point.
function decimal(text) {
	return text.includes(".") ? text : text.replace(/[eE]/, ".0e");
}

// Behind a primary expression and what follows it directly: .name, [..], (..).
function endOfOperand(tokens, start) {
	let at = start;
	const group = () => {
		let depth = 0;
		do {
			if (/^Open/.test(tokens[at].type)) ++depth;
			else if (/^Close/.test(tokens[at].type)) --depth;
			++at;
		} while (depth > 0 && at < tokens.length);
	};
	if (/^Open/.test(tokens[at].type)) group();
	else ++at;
	while (at < tokens.length) {
		if (tokens[at].type === "Dot") at += 2;
		else if (tokens[at].type === "OpenSquareBracket" || tokens[at].type === "OpenParen") group();
		else break;
	}
	return Math.min(at, tokens.length);
}

// The parser knows tests without arguments only: "x is divisibleby 3" is handed to it as the filter "x | is divisibleby(3)".
function markTests(tokens, begin) {
	for (let i = begin; i < tokens.length; ++i) {
		if (tokens[i].type !== "Identifier" || tokens[i].value !== "is" || tokens[i - 1]?.type === "Dot") continue;
		const negated = tokens[i + 1]?.type === "Identifier" && tokens[i + 1].value === "not";
		const name = tokens[i + (negated ? 2 : 1)];
		const first = i + (negated ? 3 : 2);
		const next = tokens[first];
		if (name?.type !== "Identifier" || !next) continue;
		const takes = next.type === "Identifier" ? !["else", "or", "and", "is", "if", "not", "in"].includes(next.value)
			: ["StringLiteral", "NumericLiteral", "OpenParen", "OpenSquareBracket", "OpenCurlyBracket"].includes(next.type);
		if (!takes) continue;
		let args;
		const end = next.type === "OpenParen" ? groupEnd(tokens, first) : endOfOperand(tokens, first);
		if (next.type === "OpenParen") args = tokens.slice(first, end);
		else args = [token("(", "OpenParen"), ...tokens.slice(first, end), token(")", "CloseParen")];
		tokens.splice(i, end - i, token("|", "Pipe"), token(`is ${negated ? "not " : ""}${name.value}`, "Identifier"), ...args);
	}
}

function groupEnd(tokens, start) {
	let depth = 0;
	for (let at = start; at < tokens.length; ++at) {
		if (/^Open/.test(tokens[at].type)) ++depth;
		else if (/^Close/.test(tokens[at].type) && --depth === 0) return at + 1;
	}
	return tokens.length;
}

// Blocks that have a scope of their own and pass their text on, as a filter block does: transformers' tag around what the
// assistant writes, and two of Jinja2 that the parser does not know. Those of "with" begin with assignments.
function markScopes(tokens, begin) {
	const words = (...all) => all.map((word) => token(word, "Identifier"));
	const name = tokens[begin]?.value;
	if (["endgeneration", "endwith", "endblock"].includes(name)) {
		tokens.splice(begin, tokens.length, ...words("endfilter"));
	} else if (["generation", "with", "block"].includes(name)) {
		const rest = tokens.splice(begin, tokens.length, ...words("filter", "string")).slice(1);
		if (name !== "with" || rest.length === 0) return;
		let depth = 0;
		const next = () => tokens.push(token("%}", "CloseStatement"), token("{%", "OpenStatement"), ...words("set"));
		next();
		for (const each of rest) {
			if (/^Open/.test(each.type)) ++depth;
			else if (/^Close/.test(each.type)) --depth;
			if (depth === 0 && each.type === "Comma") next();
			else tokens.push(each);
		}
	}
}

export function tokenize(template) {
	const source = template.replace(/\r\n|\r/g, "\n").replace(/\n$/, "");
	const tokens = [];
	const push = (text) => text && tokens.push(token(text, "Text"));
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
			tokens.push(token(kind === "%" ? "{%" : "{{", opening));
			const begin = tokens.length;
			const [next, end] = readTag(source, at, kind, tokens);
			if (kind === "%") markScopes(tokens, begin);
			tokens.push(token(kind === "%" ? "%}" : "}}", closing));
			at = next;
			lineStarts = end.endsWith("\n");
		}
	}
	return tokens;
}
