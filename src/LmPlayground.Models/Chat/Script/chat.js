// Renders chat templates as transformers does.
import { Environment } from "huggingface-jinja";
import { strftime } from "clock";
import { PythonInterpreter } from "interpreter";
import { fail, normalized, tokenize } from "lexer";
import { bind } from "methods";
import { parse } from "parser";
import * as v from "values";

function range(args) {
	const [first, second, third] = args.map((arg) => (arg instanceof v.IntegerValue || arg instanceof v.BooleanValue ? v.number(arg) : v.fail("range() takes integers")));
	const [start, stop, step] = second === undefined ? [0, first ?? v.fail("range() takes at least 1 argument"), 1] : [first, second, third ?? 1];
	if (step === 0) v.fail("range() arg 3 must not be zero");
	// Jinja2's sandbox has the same limit.
	const count = Math.max(0, Math.ceil((stop - start) / step));
	if (count > 100000) v.fail("Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
	return v.range(start, stop, step, Array.from({ length: count }, (_, i) => v.integer(start + i * step)));
}

function globals(now) {
	const environment = new Environment();
	const functions = {
		range,
		dict: (args) => {
			const map = new Map();
			for (const arg of args) {
				if (arg instanceof v.ObjectValue) for (const [key, value] of arg.value) v.put(map, v.fromKey(key, arg.value), value);
				else for (const pair of v.items(arg)) v.put(map, ...v.items(pair));
			}
			return new v.ObjectValue(map);
		},
		cycler: (args) => (args.length > 0 ? new v.CyclerValue(args) : v.fail("at least one item has to be provided")),
		joiner: (args) => {
			const [separator = v.text(", ")] = bind(args, "sep");
			let isUsed = false;
			return new v.FunctionValue(() => (isUsed ? separator : ((isUsed = true), v.text(""))));
		},
		lipsum: () => v.fail("'lipsum' makes a text by chance, and a prompt must be the same each time"),
		raise_exception: (args) => v.fail(v.str(bind(args, "message")[0] ?? v.missing())),
		strftime_now: (args) => {
			const [format] = bind(args, "format");
			return format instanceof v.StringValue ? v.text(strftime(format.value, now)) : v.fail("strftime_now() takes a format");
		},
	};
	for (const [name, value] of Object.entries(functions)) environment.setVariable(name, new v.FunctionValue(value));
	return environment;
}

export function compile(template) {
	const source = normalized(template);
	return parse(tokenize(source), (at, what) => fail(source, at, what));
}

export function renderText(program, variables, now) {
	v.allow(variables.length);
	const root = globals(JSON.parse(now));
	for (const [name, value] of v.decode(JSON.parse(variables)).value) root.setVariable(name, value);
	return new PythonInterpreter(root).render(program);
}
