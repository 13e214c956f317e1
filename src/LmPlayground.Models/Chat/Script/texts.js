// Jinja2's filters that shape a text for people: wrapped, shortened, linked, or as Python's pprint shows a value.
import * as v from "values";
import { SPACE, bind, splitLines, whole } from "methods";
import { formatted } from "formats";

const isOn = (value) => value !== undefined && v.truth(value);
const isGiven = (value) => value !== undefined && !(value instanceof v.NullValue);

export function truncate(value, args) {
	const [length, killsWords, end, leeway] = bind(args, "length", "killwords", "end", "leeway");
	const tail = end === undefined ? "..." : v.str(end);
	const [most, slack] = [whole(length, 255), whole(leeway, 5)];
	const room = most - v.points(tail).length;
	if (room < 0) v.fail(`expected length >= ${v.points(tail).length}, got ${most}`);
	if (slack < 0) v.fail(`expected leeway >= 0, got ${slack}`);
	if (v.length(value) <= most + slack) return value;
	if (!(value instanceof v.StringValue)) v.fail(`only a text is cut, no ${v.typeName(value)}`);
	const all = v.points(value.value);
	const start = all.slice(0, room).join("");
	const space = isOn(killsWords) ? -1 : start.lastIndexOf(" ");
	return v.text((space < 0 ? start : start.slice(0, space)) + tail);
}

const BLANK = "[\\t\\n\\v\\f\\r ]";
const LETTER = "[\\p{L}\\p{M}\\p{Pc}]";
const PUNCTUATED = "[\\p{L}\\p{M}\\p{N}\\p{Pc}!\"'&.,?]";
const WORD = "[\\p{L}\\p{M}\\p{N}\\p{Pc}]";
const PARTS = new RegExp(
	`${BLANK}+|(?<=${PUNCTUATED})-{2,}(?=${WORD})|[^\\t\\n\\v\\f\\r ]+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=${BLANK}|$)|(?<=${PUNCTUATED})(?=-{2,}${WORD}))`,
	"gu");
const SIMPLE = new RegExp(`${BLANK}+|[^\\t\\n\\v\\f\\r ]+`, "g");
const isBlank = (text) => new RegExp(`^[${SPACE}]*$`).test(text);

// Python's textwrap.
function wrapped(line, width, breaksWords, breaksHyphens) {
	const chunks = (line.match(breaksHyphens ? PARTS : SIMPLE) ?? []).map(v.points).reverse();
	const lines = [];
	while (chunks.length > 0) {
		const current = [];
		let length = 0;
		if (lines.length > 0 && isBlank(chunks.at(-1).join(""))) chunks.pop();
		while (chunks.length > 0 && length + chunks.at(-1).length <= width) {
			length += chunks.at(-1).length;
			current.push(chunks.pop());
		}
		if (chunks.length > 0 && chunks.at(-1).length > width) {
			if (breaksWords) {
				const chunk = chunks.at(-1);
				let end = width - length;
				const hyphen = breaksHyphens ? chunk.slice(0, end).lastIndexOf("-") : -1;
				if (hyphen > 0 && chunk.slice(0, hyphen).some((char) => char !== "-")) end = hyphen + 1;
				current.push(chunk.slice(0, end));
				chunks[chunks.length - 1] = chunk.slice(end);
			} else if (current.length === 0) {
				current.push(chunks.pop());
			}
		}
		if (current.length > 0 && isBlank(current.at(-1).join(""))) current.pop();
		if (current.length > 0) lines.push(current.flat().join(""));
	}
	return lines;
}

export function wordwrap(value, args) {
	const [width, breaksWords, between, breaksHyphens] = bind(args, "width", "break_long_words", "wrapstring", "break_on_hyphens");
	const [most, mark] = [whole(width, 79), isGiven(between) ? v.str(between) : "\n"];
	if (most <= 0) v.fail(`invalid width ${most} (must be > 0)`);
	const isTrue = (given) => given === undefined || v.truth(given);
	return v.text(v.concatenated(splitLines(v.onlyText(value)).map((line) => wrapped(line, most, isTrue(breaksWords), isTrue(breaksHyphens)).join(mark)), mark));
}

export function slice(value, args) {
	const [count, fill] = bind(args, "slices", "fill_with");
	const all = v.items(value);
	const parts = whole(count, undefined) ?? v.fail("slice needs a number of slices");
	if (parts === 0) v.fail("integer division or modulo by zero");
	if (parts > 100000) v.fail("the list is too long");
	const [least, more] = [Math.floor(all.length / parts), all.length % parts];
	const result = [];
	for (let at = 0, i = 0; i < parts; ++i) {
		const end = at + least + (i < more ? 1 : 0);
		result.push(v.list([...all.slice(at, end), ...(isGiven(fill) && i >= more ? [fill] : [])]));
		at = end;
	}
	return v.lazy(result);
}

export function filesize(value, args) {
	const [binary] = bind(args, "binary");
	const size = v.isNumber(value) ? v.number(value) : value instanceof v.StringValue && value.value.trim() !== "" ? Number(value.value) : NaN;
	if (Number.isNaN(size)) v.fail(`could not convert to float: ${v.written(value)}`);
	const [base, mark] = isOn(binary) ? [1024, "iB"] : [1000, "B"];
	if (size === 1) return v.text("1 Byte");
	if (size < base) return v.text(`${Math.trunc(size)} Bytes`);
	const names = [isOn(binary) ? "K" : "k", ..."MGTPEZY"];
	let at = 0;
	while (at < names.length - 1 && size >= base ** (at + 2)) ++at;
	return v.text(`${formatted(v.float((base * size) / base ** (at + 2)), ".1f")} ${names[at]}${mark}`);
}

const ENTITIES = {
	amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\xa0", copy: "©", reg: "®", trade: "™", hellip: "…", mdash: "—", ndash: "–", laquo: "«",
	raquo: "»", lsquo: "‘", rsquo: "’", ldquo: "“", rdquo: "”", bull: "•", middot: "·", deg: "°", euro: "€", pound: "£", yen: "¥", sect: "§", times: "×", eacute: "é",
	auml: "ä", ouml: "ö", uuml: "ü", Auml: "Ä", Ouml: "Ö", Uuml: "Ü", szlig: "ß", agrave: "à", egrave: "è", ccedil: "ç", ntilde: "ñ",
};

export function striptags(value) {
	let text = v.str(value);
	for (const [open, close] of [["<!--", "-->"], ["<", ">"]]) {
		const kept = [];
		for (;;) {
			const start = text.indexOf(open);
			const end = start < 0 ? -1 : text.indexOf(close, start);
			if (end < 0) break;
			kept.push(text.slice(0, start));
			text = text.slice(end + close.length);
		}
		text = kept.join("") + text;
	}
	const words = text.split(new RegExp(`[${SPACE}]+`)).filter((word) => word !== "").join(" ");
	return v.text(words.replace(/&(?:#[xX]([\da-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
		if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : whole;
		const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal);
		return code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? "\ufffd" : String.fromCodePoint(code);
	}));
}

export function xmlattr(value, args) {
	const [spaced] = bind(args, "autospace");
	if (!(value instanceof v.ObjectValue)) v.fail(`'${v.typeName(value)}' object has no attribute 'items'`);
	const parts = [];
	for (const [key, each] of value.value) {
		if (each instanceof v.NullValue || each instanceof v.UndefinedValue) continue;
		const name = v.str(v.fromKey(key));
		if (/[\s/>=]/.test(name)) v.fail(`Invalid character in attribute name: ${v.written(v.fromKey(key))}`);
		parts.push(`${v.escaped(v.text(name)).value}="${v.escaped(each).value}"`);
	}
	return v.text((parts.length > 0 && (spaced === undefined || v.truth(spaced)) ? " " : "") + parts.join(" "));
}

const ADDRESS = new RegExp("^((https?://|www\\.)(([\\p{L}\\p{N}_%-]+\\.)+)?([a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})|([\\p{L}\\p{N}_%-]{2,63}\\.)+(com|net|int|edu|gov|org|info|mil)"
	+ "|(https?://)((([\\d]{1,3})(\\.[\\d]{1,3}){3})|(\\[([\\da-f]{0,4}:){2}([\\da-f]{0,4}:?){1,6}\\])))(?::[\\d]{1,5})?(?:[\\/?#]\\S*)?$", "iu");
const MAIL = /^\S+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+$/u;
const occurrences = (text, part) => text.split(part).length - 1;

export function urlize(value, args) {
	const [limit, nofollow, target, rel, extra] = bind(args, "trim_url_limit", "nofollow", "target", "rel", "extra_schemes");
	const rels = new Set([...(isGiven(rel) ? v.str(rel).split(/\s+/).filter(Boolean) : []), ...(isOn(nofollow) ? ["nofollow"] : []), "noopener"]);
	const attribute = (name, text) => ` ${name}="${v.escaped(v.text(text)).value}"`;
	const attributes = attribute("rel", [...rels].sort().join(" ")) + (isGiven(target) ? attribute("target", v.str(target)) : "");
	const schemes = isGiven(extra) ? v.items(extra).map(v.str) : [];
	for (const scheme of schemes) if (!/^([\w.+-]{2,}:(\/){0,2})$/.test(scheme)) v.fail(`'${scheme}' is not a valid URI scheme prefix.`);
	const trimmed = (text) => (isGiven(limit) && v.points(text).length > whole(limit) ? `${v.points(text).slice(0, whole(limit)).join("")}...` : text);
	const link = (address, shown, more = attributes) => `<a href="${address}"${more}>${shown}</a>`;
	const linked = (word) => {
		let [head, middle, tail] = [/^([(<]|&lt;)+/.exec(word)?.[0] ?? "", "", ""];
		middle = word.slice(head.length);
		const end = /(?<!(?:[)>.,\n]|&gt;))([)>.,\n]|&gt;)+$/.exec(middle)?.index;
		if (end !== undefined) [middle, tail] = [middle.slice(0, end), middle.slice(end)];
		for (const [open, close] of [["(", ")"], ["<", ">"], ["&lt;", "&gt;"]]) {
			const count = occurrences(middle, open);
			if (count <= occurrences(middle, close)) continue;
			for (let i = Math.min(count, occurrences(tail, close)); i > 0; --i) {
				const at = tail.indexOf(close) + close.length;
				[middle, tail] = [middle + tail.slice(0, at), tail.slice(at)];
			}
		}
		if (ADDRESS.test(middle)) {
			middle = link(/^https?:\/\//.test(middle) ? middle : `https://${middle}`, trimmed(middle));
		} else if (middle.startsWith("mailto:") && MAIL.test(middle.slice(7))) {
			middle = link(middle, middle.slice(7), "");
		} else if (middle.includes("@") && !/^(www\.|@)/.test(middle) && !middle.includes(":") && MAIL.test(middle)) {
			middle = link(`mailto:${middle}`, middle, "");
		} else {
			for (const scheme of schemes) if (middle !== scheme && middle.startsWith(scheme)) middle = link(middle, middle);
		}
		return head + middle + tail;
	};
	return v.text(v.concatenated(v.escaped(v.text(v.str(value))).value.split(/(\s+)/).map(linked)));
}

const WIDTH = 80;

// A long text is broken at its spaces into several literals.
function literals(value, indent, room, depth) {
	const lines = splitLines(value, true);
	const most = WIDTH - indent - (depth === 1 ? 1 : 0);
	const out = [];
	lines.forEach((line, i) => {
		const isLast = i === lines.length - 1;
		const shown = v.written(v.text(line));
		if (v.points(shown).length <= most - (isLast ? room : 0)) return out.push(shown);
		const parts = line.match(/\S*\s*/g).filter((part) => part !== "");
		let current = "";
		parts.forEach((part, j) => {
			const more = current + part;
			const width = most - (isLast && j === parts.length - 1 ? room : 0);
			if (v.points(v.written(v.text(more))).length > width) {
				if (current !== "") out.push(v.written(v.text(current)));
				current = part;
			} else {
				current = more;
			}
		});
		if (current !== "") out.push(v.written(v.text(current)));
	});
	return out;
}

function pretty(value, indent, room, depth) {
	const shown = v.written(value);
	const isNested = (value instanceof v.ArrayValue && !value.isLazy && !value.kind) || value instanceof v.ObjectValue;
	const keys = (map) => [...map.keys()].sort((a, b) => {
		const [left, right] = [a, b].map((key) => v.fromKey(key, map));
		return (v.isNumber(left) && v.isNumber(right)) || left.type === right.type ? v.compare(left, right) : v.compareTexts(left.type, right.type);
	});
	const flat = (each) => {
		if (each instanceof v.ObjectValue) return `{${keys(each.value).map((key) => `${v.written(v.fromKey(key, each.value))}: ${flat(each.value.get(key))}`).join(", ")}}`;
		if (!(each instanceof v.ArrayValue) || each.isLazy || each.kind) return v.written(each);
		const inner = each.value.map(flat).join(", ");
		return each instanceof v.TupleValue ? `(${inner}${each.value.length === 1 ? "," : ""})` : `[${inner}]`;
	};
	const whole = isNested ? flat(value) : shown;
	if (v.points(whole).length <= WIDTH - indent - room) return whole;
	if (value instanceof v.StringValue && value.value !== "") {
		const inner = depth === 1 ? indent + 1 : indent;
		const parts = literals(value.value, inner, depth === 1 ? room + 1 : room, depth === 1 ? 0 : depth);
		if (parts.length === 1) return whole;
		const joined = parts.join(`\n${" ".repeat(inner)}`);
		return depth === 1 ? `(${joined})` : joined;
	}
	if (!isNested || (value instanceof v.ObjectValue ? value.value.size : value.value.length) === 0) return whole;
	const gap = `,\n${" ".repeat(indent + 1)}`;
	if (value instanceof v.ObjectValue) {
		const all = keys(value.value);
		return `{${all.map((key, i) => {
			const name = v.written(v.fromKey(key, value.value));
			return `${name}: ${pretty(value.value.get(key), indent + 1 + v.points(name).length + 2, i === all.length - 1 ? room + 1 : 1, depth + 1)}`;
		}).join(gap)}}`;
	}
	const isTuple = value instanceof v.TupleValue;
	const close = isTuple ? (value.value.length === 1 ? ",)" : ")") : "]";
	return (isTuple ? "(" : "[")
		+ value.value.map((each, i) => pretty(each, indent + 1, i === value.value.length - 1 ? room + close.length : 1, depth + 1)).join(gap) + close;
}

// Python's pprint.
export const pprint = (value) => v.text(pretty(value, 0, 0, 1));
