// Renders chat templates as transformers does: the parser, the scopes and the macros are those of @huggingface/jinja; what a
// value is, does and looks like is Python's.
import { Environment, Interpreter, parse } from "huggingface-jinja";
import { tokenize } from "lexer";
import * as v from "values";
import { FILTERS, TESTS, item } from "filters";
import { methodOf, percent } from "methods";

class Break extends Error {}
class Continue extends Error {}

class PythonInterpreter extends Interpreter {
	evaluateBlock(statements, environment) {
		const out = [];
		this.execute(statements, environment, out);
		return v.text(out.join(""));
	}

	// Into a list, so that what a loop wrote before break or continue stays.
	execute(statements, environment, out) {
		for (const node of statements) {
			switch (node.type) {
				case "Comment":
					break;
				case "Set":
				case "Macro":
					this.evaluate(node, environment);
					break;
				case "If":
					this.execute(v.truth(this.evaluate(node.test, environment)) ? node.body : node.alternate, environment, out);
					break;
				case "For":
					this.loop(node, environment, out);
					break;
				case "Break":
					throw new Break();
				case "Continue":
					throw new Continue();
				default:
					out.push(v.str(this.evaluate(node, environment)));
			}
		}
	}

	evaluate(node, environment) {
		switch (node?.type) {
			case undefined:
				return v.missing();
			case "UnaryExpression":
				return this.unary(node.operator.value, this.evaluate(node.argument, environment));
			case "Ternary":
				return this.evaluate(v.truth(this.evaluate(node.condition, environment)) ? node.trueExpr : node.falseExpr, environment);
			case "SelectExpression":
				return v.truth(this.evaluate(node.test, environment))
					? this.evaluate(node.lhs, environment)
					: v.missing("the inline if-expression evaluated to false and no else section was defined.");
			case "ObjectLiteral": {
				const map = new Map();
				for (const [key, value] of node.value) map.set(v.keyOf(this.evaluate(key, environment)), this.evaluate(value, environment));
				return new v.ObjectValue(map);
			}
			case "Identifier": {
				const value = environment.lookupVariable(node.value);
				return value instanceof v.UndefinedValue && value.hint === undefined ? v.missing(`'${node.value}' is undefined`) : value;
			}
			case "FilterStatement":
				return this.applyFilter(this.evaluateBlock(node.body, new Environment(environment)), node.filter, environment);
			default:
				return super.evaluate(node, environment);
		}
	}

	loop(node, environment, out) {
		const { type } = node.iterable;
		const source = this.evaluate(type === "SelectExpression" ? node.iterable.lhs : node.iterable, environment);
		const all = [];
		for (const each of v.items(source)) {
			const scope = new Environment(environment);
			this.assign(node.loopvar, each, scope);
			if (type !== "SelectExpression" || v.truth(this.evaluate(node.iterable.test, scope))) all.push(each);
		}
		if (all.length === 0) this.execute(node.defaultBlock, new Environment(environment), out);
		let changed;
		for (let i = 0; i < all.length; ++i) {
			const scope = new Environment(environment);
			const state = new v.ObjectValue(new Map([
				["index", v.integer(i + 1)], ["index0", v.integer(i)],
				["revindex", v.integer(all.length - i)], ["revindex0", v.integer(all.length - i - 1)],
				["first", v.boolean(i === 0)], ["last", v.boolean(i === all.length - 1)], ["length", v.integer(all.length)],
				["previtem", all[i - 1] ?? v.missing("there is no previous item")], ["nextitem", all[i + 1] ?? v.missing("there is no next item")],
				// Jinja2 counts the depth of recursive loops only.
				["depth", v.integer(1)], ["depth0", v.integer(0)],
				["cycle", new v.FunctionValue((args) => args[i % args.length])],
				["changed", new v.FunctionValue((args) => {
					const isChanged = changed === undefined || !v.equal(v.tuple(args), changed);
					changed = v.tuple(args);
					return v.boolean(isChanged);
				})],
			]));
			state.isLoop = true;
			scope.setVariable("loop", state);
			this.assign(node.loopvar, all[i], scope);
			try {
				this.execute(node.body, scope, out);
			} catch (signal) {
				if (signal instanceof Break) break;
				if (!(signal instanceof Continue)) throw signal;
			}
		}
	}

	assign(target, value, scope) {
		if (target.type === "Identifier") {
			scope.setVariable(target.value, value);
		} else if (target.type === "TupleLiteral") {
			const parts = v.items(v.demand(value));
			if (parts.length !== target.value.length)
				v.fail(parts.length < target.value.length
					? `not enough values to unpack (expected ${target.value.length}, got ${parts.length})`
					: `too many values to unpack (expected ${target.value.length})`);
			target.value.forEach((part, i) => this.assign(part, parts[i], scope));
		} else if (target.type === "MemberExpression" && target.property.type === "Identifier") {
			const owner = this.evaluate(target.object, scope);
			if (!(owner instanceof v.NamespaceValue)) v.fail("cannot assign attribute on non-namespace object");
			owner.value.set(target.property.value, value);
		} else {
			v.fail(`cannot assign to ${target.type}`);
		}
	}

	evaluateSet(node, environment) {
		if (node.value) {
			this.assign(node.assignee, this.evaluate(node.value, environment), environment);
			return v.none;
		}
		// {% set name | filter %}...{% endset %}
		const filters = [];
		let target = node.assignee;
		for (; target.type === "FilterExpression"; target = target.operand) filters.unshift(target.filter);
		const body = this.evaluateBlock(node.body, new Environment(environment));
		this.assign(target, filters.reduce((value, filter) => this.applyFilter(value, filter, environment), body), environment);
		return v.none;
	}

	// A macro sees where it was declared, not where it is called from.
	evaluateMacro(node, environment) {
		const declared = new Environment();
		super.evaluateMacro(node, declared);
		const macro = declared.variables.get(node.name.value);
		environment.setVariable(node.name.value, new v.FunctionValue((args) => {
			const scope = new Environment(environment);
			const keywords = args.at(-1);
			if (keywords instanceof v.KeywordArgumentsValue && keywords.value.has("caller")) {
				scope.setVariable("caller", keywords.value.get("caller"));
				keywords.value.delete("caller");
			}
			return macro.value(args, scope);
		}));
		return v.none;
	}

	bindMacroArguments(name, parameters, special, args, scope) {
		super.bindMacroArguments(name, parameters, special, args, scope);
		if (special.has("varargs")) scope.setVariable("varargs", v.tuple(scope.variables.get("varargs").value));
	}

	evaluateCallStatement(node, environment) {
		const scope = new Environment(environment);
		const { call } = node;
		const [args, keywords] = this.evaluateArguments(call.args, environment);
		const macro = new Environment();
		super.evaluateMacro({ name: { value: "caller" }, args: node.callerArgs ?? [], body: node.body }, macro);
		const caller = macro.variables.get("caller");
		keywords.set("caller", new v.FunctionValue((given) => caller.value(given, scope)));
		return this.call(this.evaluate(call.callee, environment), [...args, new v.KeywordArgumentsValue(keywords)], environment);
	}

	evaluateCallExpression(node, environment) {
		const callee = this.evaluate(node.callee, environment);
		return this.call(callee, this.collected(node.args, environment), environment);
	}

	call(callee, args, environment) {
		if (!(v.demand(callee) instanceof v.FunctionValue)) v.fail(`'${v.typeName(callee)}' object is not callable`);
		return callee.value(args, environment);
	}

	collected(nodes, environment) {
		const [args, keywords] = this.evaluateArguments(nodes, environment);
		return keywords.size > 0 ? [...args, new v.KeywordArgumentsValue(keywords)] : args;
	}

	applyFilter(operand, node, environment) {
		const name = node.type === "CallExpression" ? node.callee.value : node.value;
		const args = node.type === "CallExpression" ? this.collected(node.args, environment) : [];
		const test = /^is (not )?(.*)$/.exec(name ?? "");
		return test ? v.boolean(this.test(test[2], operand, args) !== (test[1] !== undefined)) : this.filter(name, operand, args);
	}

	filter(name, operand, args) {
		if (!Object.hasOwn(FILTERS, name)) v.fail(`No filter named '${name}'.`);
		return FILTERS[name](operand, args, this);
	}

	evaluateTestExpression(node, environment) {
		return v.boolean(this.test(node.test.value, this.evaluate(node.operand, environment), []) !== node.negate);
	}

	test(name, operand, args) {
		if (!Object.hasOwn(TESTS, name)) v.fail(`No test named '${name}'.`);
		return TESTS[name](operand, args);
	}

	evaluateMemberExpression(node, environment) {
		const owner = v.demand(this.evaluate(node.object, environment));
		if (node.computed)
			return node.property.type === "SliceExpression" ? this.slice(owner, node.property, environment) : item(owner, this.evaluate(node.property, environment));
		if (node.property.type !== "Identifier") return item(owner, v.integer(node.property.value));
		// After a dot Python's attributes come first: tool.items is the method, tool['items'] the entry.
		return methodOf(owner, node.property.value) ?? item(owner, v.text(node.property.value));
	}

	slice(owner, node, environment) {
		const bound = (part) => {
			const value = part === undefined ? v.none : this.evaluate(part, environment);
			if (value instanceof v.NullValue) return undefined;
			return value instanceof v.IntegerValue || value instanceof v.BooleanValue ? v.number(value) : v.fail("slice indices must be integers or None");
		};
		if (!(owner instanceof v.ArrayValue || owner instanceof v.StringValue) || owner.isLazy) return v.missing(`a ${v.typeName(owner)} has no slices`);
		const all = owner instanceof v.StringValue ? v.points(owner.value) : owner.value;
		const step = bound(node.step) ?? 1;
		if (step === 0) v.fail("slice step cannot be zero");
		const [least, most] = step > 0 ? [0, all.length] : [-1, all.length - 1];
		const clamp = (at, otherwise) => (at === undefined ? otherwise : Math.min(most, Math.max(least, at < 0 ? at + all.length : at)));
		const [start, stop] = [clamp(bound(node.start), step > 0 ? least : most), clamp(bound(node.stop), step > 0 ? most : least)];
		const result = [];
		for (let at = start; step > 0 ? at < stop : at > stop; at += step) result.push(all[at]);
		if (owner instanceof v.StringValue) return v.text(result.join(""));
		return owner instanceof v.TupleValue ? v.tuple(result) : v.list(result);
	}

	unary(operator, value) {
		if (operator === "not") return v.boolean(!v.truth(value));
		if (!v.isNumber(v.demand(value))) v.fail(`bad operand type for unary ${operator}: '${v.typeName(value)}'`);
		const result = operator === "-" ? -v.number(value) : v.number(value);
		return value instanceof v.FloatValue ? v.float(result) : v.integer(result + 0);
	}

	evaluateBinaryExpression(node, environment) {
		const operator = node.operator.value;
		const left = this.evaluate(node.left, environment);
		if (operator === "and") return v.truth(left) ? this.evaluate(node.right, environment) : left;
		if (operator === "or") return v.truth(left) ? left : this.evaluate(node.right, environment);
		return this.operate(operator, left, this.evaluate(node.right, environment));
	}

	operate(operator, left, right) {
		switch (operator) {
			case "==": return v.boolean(v.equal(left, right));
			case "!=": return v.boolean(!v.equal(left, right));
			case "in": return v.boolean(v.contains(right, left));
			case "not in": return v.boolean(!v.contains(right, left));
			case "~": return v.text(v.joined(v.str(left), v.str(right)));
			case "<": return v.boolean(v.compare(left, right, "<") < 0);
			case ">": return v.boolean(v.compare(left, right, ">") > 0);
			case "<=": return v.boolean(v.compare(left, right, "<=") <= 0);
			case ">=": return v.boolean(v.compare(left, right, ">=") >= 0);
		}
		if (operator === "%" && left instanceof v.StringValue) return percent(left.value, right);
		v.demand(left);
		v.demand(right);
		if (v.isNumber(left) && v.isNumber(right)) return this.arithmetic(operator, left, right);
		if (operator === "+" && left instanceof v.StringValue && right instanceof v.StringValue) return v.text(v.joined(left.value, right.value));
		if (operator === "+" && left instanceof v.ArrayValue && left.type === right.type) return new left.constructor(left.value.concat(right.value));
		if (operator === "*") {
			const [sequence, count] = v.isNumber(right) ? [left, right] : [right, left];
			if (sequence instanceof v.StringValue && count instanceof v.IntegerValue) return v.text(v.repeated(sequence.value, count.value));
			if (sequence instanceof v.ArrayValue && count instanceof v.IntegerValue) {
				if (sequence.value.length * count.value > 1e5) v.fail("the list is too long");
				return new sequence.constructor(Array.from({ length: Math.max(0, count.value) }, () => sequence.value).flat());
			}
		}
		return v.fail(`unsupported operand type(s) for ${operator}: '${v.typeName(left)}' and '${v.typeName(right)}'`);
	}

	arithmetic(operator, left, right) {
		const [a, b] = [v.number(left), v.number(right)];
		if (b === 0 && ["/", "//", "%"].includes(operator)) v.fail("division by zero");
		const result = {
			"+": () => a + b, "-": () => a - b, "*": () => a * b, "/": () => a / b, "//": () => Math.floor(a / b),
			"%": () => a - b * Math.floor(a / b), "**": () => a ** b,
		}[operator]();
		const isFloat = operator === "/" || left instanceof v.FloatValue || right instanceof v.FloatValue || (operator === "**" && b < 0);
		return isFloat ? v.float(result) : v.integer(result);
	}
}

const pad = (value, width = 2, fill = "0") => String(value).padStart(width, fill);
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

function strftime(format, { year, month, day, hour, minute, second, weekday, yearDay }) {
	const half = hour % 12 === 0 ? 12 : hour % 12;
	const parts = {
		Y: year, y: pad(year % 100), m: pad(month), d: pad(day), H: pad(hour), M: pad(minute), S: pad(second), I: pad(half), j: pad(yearDay, 3),
		e: pad(day, 2, " "), p: hour < 12 ? "AM" : "PM", B: MONTHS[month - 1], b: MONTHS[month - 1].slice(0, 3), h: MONTHS[month - 1].slice(0, 3),
		A: DAYS[weekday], a: DAYS[weekday].slice(0, 3), w: weekday, u: weekday === 0 ? 7 : weekday, f: "000000", z: "", Z: "", n: "\n", t: "\t", "%": "%",
		F: `${year}-${pad(month)}-${pad(day)}`, T: `${pad(hour)}:${pad(minute)}:${pad(second)}`, R: `${pad(hour)}:${pad(minute)}`,
		D: `${pad(month)}/${pad(day)}/${pad(year % 100)}`, x: `${pad(month)}/${pad(day)}/${pad(year % 100)}`, X: `${pad(hour)}:${pad(minute)}:${pad(second)}`,
		c: `${DAYS[weekday].slice(0, 3)} ${MONTHS[month - 1].slice(0, 3)} ${pad(day, 2, " ")} ${pad(hour)}:${pad(minute)}:${pad(second)} ${year}`,
	};
	return format.replace(/%(-?)([A-Za-z%])/g, (whole, dash, name) =>
		parts[name] === undefined ? whole : dash ? String(parts[name]).replace(/^[0 ]+(?=.)/, "") : parts[name]);
}

function range(args) {
	const [first, second, third] = args.map((arg) => (arg instanceof v.IntegerValue || arg instanceof v.BooleanValue ? v.number(arg) : v.fail("range() takes integers")));
	const [start, stop, step] = second === undefined ? [0, first ?? v.fail("range() takes at least 1 argument"), 1] : [first, second, third ?? 1];
	if (step === 0) v.fail("range() arg 3 must not be zero");
	// Jinja2's sandbox has the same limit.
	const count = Math.max(0, Math.ceil((stop - start) / step));
	if (count > 100000) v.fail("Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
	return v.list(Array.from({ length: count }, (_, i) => v.integer(start + i * step)));
}

function globals(now) {
	const environment = new Environment();
	const constants = { true: v.boolean(true), True: v.boolean(true), false: v.boolean(false), False: v.boolean(false), none: v.none, None: v.none };
	const functions = {
		range,
		dict: (args) => {
			const map = new Map();
			for (const arg of args) {
				if (arg instanceof v.ObjectValue) for (const [key, value] of arg.value) map.set(key, value);
				else for (const pair of v.items(arg)) map.set(v.keyOf(v.items(pair)[0]), v.items(pair)[1]);
			}
			return new v.ObjectValue(map);
		},
		joiner: ([separator = v.text(", ")]) => {
			let isUsed = false;
			return new v.FunctionValue(() => (isUsed ? separator : ((isUsed = true), v.text(""))));
		},
		raise_exception: ([message = v.text("")]) => v.fail(v.str(message)),
		strftime_now: ([format]) => v.text(strftime(v.str(format), now)),
	};
	for (const [name, value] of Object.entries(constants)) environment.setVariable(name, value);
	for (const [name, value] of Object.entries(functions)) environment.setVariable(name, new v.FunctionValue(value));
	return environment;
}

export function compile(template) {
	const tokens = tokenize(template);
	try {
		return parse(tokens);
	} catch (error) {
		// The parser reads past its last token where a block is not closed.
		if (error instanceof TypeError) throw new SyntaxError("the template ends inside a block or a tag");
		throw error;
	}
}

export function render(program, variables, now) {
	const root = globals(JSON.parse(now));
	for (const [name, value] of v.decode(JSON.parse(variables)).value) root.setVariable(name, value);
	return new PythonInterpreter(root).evaluateBlock(program.body, new Environment(root));
}

export function renderText(program, variables, now) {
	return render(program, variables, now).value;
}
