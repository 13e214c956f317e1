// Runs a parsed template as Jinja2 does. The scopes, values and literals are those of @huggingface/jinja; what a statement or an
// operator does to them is Python's.
import { Environment, Interpreter } from "huggingface-jinja";
import * as v from "values";
import { FILTERS, KEEPING, TESTS } from "filters";
import { item, kept, methodOf } from "methods";
import { percent } from "formats";
import { specialNames } from "parser";

const isSliceable = (value) => value instanceof v.StringValue || (value instanceof v.ArrayValue && !value.isLazy && !value.isView);
const isConstant = (node) => (node.type === "Constant" || (/Literal$/.test(node.type) && node.value.flat().every(isConstant)));

class Break extends Error {}
class Continue extends Error {}

// Every scope of the library has a "namespace" of its own, which would hide a variable of that name.
function within(parent) {
	const scope = new Environment(parent);
	scope.variables.delete("namespace");
	return scope;
}

export class PythonInterpreter extends Interpreter {
	// What a template writes at its top; blocks see no other variables.
	constructor(environment) {
		super(within(environment));
		this.top = this.global;
	}

	render({ body, blocks }) {
		// Jinja2's "self": the blocks of the template, to be shown again.
		if (blocks.size > 0) this.top.setVariable("self", Object.assign(new v.FunctionValue(() => v.fail("'self' is not callable")), {
			attribute: (name) => (blocks.has(name) ? new v.FunctionValue(() => this.block(blocks.get(name), this.top)) : undefined),
		}));
		else this.top.setVariable("self", new v.NamespaceValue(new Map()));
		return this.text(body, this.top).value;
	}

	// A block is written as the template's own settings have it, whatever stands around it.
	block(statements, environment) {
		return this.escaping(false, () => this.text(statements, within(environment)));
	}

	escaping(isOn, run) {
		const outer = this.isEscaping;
		this.isEscaping = isOn;
		try {
			return run();
		} finally {
			this.isEscaping = outer;
		}
	}

	// As it is written between the texts of a template.
	shown(value) {
		return this.isEscaping ? v.escaped(value).value : v.str(value);
	}

	text(statements, environment) {
		const out = [];
		this.execute(statements, environment, out);
		return this.written(out);
	}

	// What statements have written needs no escaping again.
	written(out) {
		return (this.isEscaping ? v.markup : v.text)(v.concatenated(out));
	}

	// Into a list, so that what a loop wrote before break or continue stays.
	execute(statements, environment, out) {
		for (const node of statements) {
			switch (node.type) {
				case "Data":
					out.push(node.text);
					break;
				case "Set":
					this.assign(node.assignee, this.evaluate(node.value, environment), environment);
					break;
				case "SetBlock":
					this.assign(node.assignee, this.filtered(node, environment), environment);
					break;
				case "Macro":
					environment.setVariable(node.name, this.macro(node, environment));
					break;
				case "If":
					this.execute(v.truth(this.evaluate(node.test, environment)) ? node.body : node.alternate, environment, out);
					break;
				case "For":
					this.loop(node, this.evaluate(node.iterable, environment), environment, out, 0);
					break;
				case "With": {
					const scope = within(environment);
					for (const [target, value] of node.pairs) this.assign(target, this.evaluate(value, environment), scope);
					this.execute(node.body, scope, out);
					break;
				}
				case "Block":
					out.push(this.block(node.body, node.isScoped ? environment : this.top).value);
					break;
				case "Generation":
					this.execute(node.body, within(environment), out);
					break;
				case "Autoescape":
					this.escaping(v.truth(this.evaluate(node.isOn, environment)), () => this.execute(node.body, within(environment), out));
					break;
				case "FilterBlock":
					out.push(v.str(this.filtered(node, environment)));
					break;
				case "CallBlock":
					out.push(v.str(this.callBlock(node, environment)));
					break;
				case "Print":
					for (const part of node.parts) out.push(this.shown(this.evaluate(part, environment)));
					break;
				case "Break":
					throw new Break();
				case "Continue":
					throw new Continue();
				case "Unloadable":
					v.fail(`'${node.tag}' needs another template, and a chat template has none`);
				default:
					out.push(this.shown(this.evaluate(node, environment)));
			}
		}
	}

	evaluate(node, environment) {
		switch (node?.type) {
			case undefined:
				return v.missing();
			case "Constant":
				return node.value;
			case "Identifier": {
				const value = environment.lookupVariable(node.value);
				return value instanceof v.UndefinedValue && value.hint === undefined ? v.missing(`'${node.value}' is undefined`) : value;
			}
			case "Member":
				return this.member(node, environment);
			case "Call":
				return this.call(this.evaluate(node.callee, environment), this.collected(node.args, environment));
			case "Filter":
				return this.filter(node.name, this.evaluate(node.operand, environment), this.collected(node.args, environment));
			case "Test":
				return v.boolean(this.test(node.name, this.evaluate(node.operand, environment), this.collected(node.args, environment)));
			case "Comparison":
				return this.comparison(node, environment);
			case "Binary":
				return this.operate(node.operator, this.evaluate(node.left, environment), this.evaluate(node.right, environment));
			case "Unary":
				return this.unary(node.operator, this.evaluate(node.argument, environment));
			case "Not":
				return v.boolean(!v.truth(this.evaluate(node.argument, environment)));
			case "And": {
				const left = this.evaluate(node.left, environment);
				return v.truth(left) ? this.evaluate(node.right, environment) : left;
			}
			case "Or": {
				const left = this.evaluate(node.left, environment);
				return v.truth(left) ? left : this.evaluate(node.right, environment);
			}
			case "Ternary":
				if (v.truth(this.evaluate(node.condition, environment))) return this.evaluate(node.trueExpr, environment);
				return node.falseExpr
					? this.evaluate(node.falseExpr, environment)
					: v.missing("the inline if-expression evaluated to false and no else section was defined.");
			case "ObjectLiteral": {
				const map = new Map();
				for (const [key, value] of node.value) v.put(map, this.evaluate(key, environment), this.evaluate(value, environment));
				return new v.ObjectValue(map);
			}
			default:
				return super.evaluate(node, environment);
		}
	}

	// 0 < n < 2 asks both, each operand is evaluated once, and what follows a false one not at all.
	comparison(node, environment) {
		let left = this.evaluate(node.first, environment);
		for (const { operator, operand } of node.rest) {
			const right = this.evaluate(operand, environment);
			if (!v.compares(operator, left, right)) return v.boolean(false);
			left = right;
		}
		return v.boolean(true);
	}

	loop(node, source, environment, out, depth) {
		const accepts = (each) => {
			if (!node.test) return true;
			const scope = within(environment);
			this.assign(node.loopvar, each, scope);
			return v.truth(this.evaluate(node.test, scope));
		};
		const again = (args) => {
			if (!node.isRecursive) v.fail("The loop must have the 'recursive' marker to be callable.");
			if (args.length !== 1) v.fail("a loop is called with what it is to go through");
			const inner = [];
			this.loop(node, args[0], environment, inner, depth + 1);
			return this.written(inner);
		};
		const state = new v.LoopValue(v.items(source), accepts, depth, again);
		if (!state.holds(0)) this.execute(node.otherwise, within(environment), out);
		while (state.advance()) {
			const scope = within(environment);
			scope.setVariable("loop", state);
			this.assign(node.loopvar, state.current, scope);
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
		} else {
			const owner = scope.lookupVariable(target.owner);
			if (!(owner instanceof v.NamespaceValue)) v.fail("cannot assign attribute on non-namespace object");
			owner.value.set(target.name, value);
		}
	}

	// What the filters around a block make of its text.
	filtered(node, environment) {
		const run = (chain) => (chain
			? this.filter(chain.name, run(chain.operand), this.collected(chain.args, environment))
			: this.text(node.body, within(environment)));
		return run(node.filters);
	}

	// A macro sees where it was declared, not where it is called from.
	macro(node, environment) {
		const { name, parameters, body } = node;
		const special = (node.special ??= specialNames(parameters, body));
		const title = name === undefined ? "None" : `'${name}'`;
		const isEscaping = this.isEscaping;
		const about = {
			name: name === undefined ? v.none : v.text(name),
			arguments: v.tuple(parameters.map((parameter) => v.text(parameter.name))),
			catch_kwargs: v.boolean(special.has("kwargs")),
			catch_varargs: v.boolean(special.has("varargs")),
			caller: v.boolean(special.has("caller")),
		};
		const attribute = (key) => (Object.hasOwn(about, key) ? about[key] : undefined);
		return Object.assign(new v.FunctionValue((args) => {
			const [positional, keywords] = v.separated(args);
			const scope = within(environment);
			const missing = [];
			parameters.forEach((parameter, i) => {
				let value = positional[i];
				if (value === undefined && keywords.has(parameter.name)) {
					value = keywords.get(parameter.name);
					keywords.delete(parameter.name);
				}
				if (value === undefined && parameter.otherwise) missing.push(parameter);
				scope.setVariable(parameter.name, value ?? v.missing(`parameter '${parameter.name}' was not provided`));
			});
			if (special.has("caller")) {
				scope.setVariable("caller", keywords.get("caller") ?? v.missing("No caller defined"));
				keywords.delete("caller");
			}
			if (special.has("kwargs")) scope.setVariable("kwargs", new v.ObjectValue(keywords));
			else if (keywords.size > 0) v.fail(`macro ${title} takes no keyword argument '${keywords.keys().next().value}'`);
			if (special.has("varargs")) scope.setVariable("varargs", v.tuple(positional.slice(parameters.length)));
			else if (positional.length > parameters.length) v.fail(`macro ${title} takes not more than ${parameters.length} argument(s)`);
			for (const parameter of missing) scope.setVariable(parameter.name, this.evaluate(parameter.otherwise, scope));
			const text = this.escaping(isEscaping, () => this.text(body, scope).value);
			return (this.isEscaping ? v.markup : v.text)(text);
		}), { attribute });
	}

	callBlock(node, environment) {
		const [positional, keywords] = v.separated(this.collected(node.call.args, environment));
		if (keywords.has("caller")) v.fail("got multiple values for keyword argument 'caller'");
		keywords.set("caller", this.macro(node.caller, environment));
		return this.call(this.evaluate(node.call.callee, environment), [...positional, new v.KeywordArgumentsValue(keywords)]);
	}

	call(callee, args) {
		if (!(v.demand(callee) instanceof v.FunctionValue)) v.fail(`'${v.typeName(callee)}' object is not callable`);
		return callee.value(args);
	}

	// Positional arguments, and behind them the keywords if there are any.
	collected(nodes, environment) {
		const positional = [];
		const keywords = new Map();
		const name = (key, value) => (keywords.has(key) ? v.fail(`got multiple values for keyword argument '${key}'`) : keywords.set(key, value));
		for (const node of nodes) {
			const value = this.evaluate(node.value, environment);
			if (node.type === "Positional") {
				positional.push(value);
			} else if (node.type === "Keyword") {
				name(node.key, value);
			} else if (node.type === "Spread") {
				positional.push(...v.items(v.demand(value)));
			} else {
				if (!(value instanceof v.ObjectValue)) v.fail(`argument after ** must be a mapping, not ${v.typeName(value)}`);
				for (const [key, each] of value.value) name(typeof key === "string" ? key : v.fail("keywords must be strings"), each);
			}
		}
		return keywords.size > 0 ? [...positional, new v.KeywordArgumentsValue(keywords)] : positional;
	}

	filter(name, operand, args) {
		if (!Object.hasOwn(FILTERS, name)) v.fail(`No filter named '${name}'.`);
		const made = FILTERS[name](operand, args, this);
		return operand.isMarkup && KEEPING.includes(name) ? kept(operand, made) : made;
	}

	test(name, operand, args) {
		if (!Object.hasOwn(TESTS, name)) v.fail(`No test named '${name}'.`);
		return TESTS[name](operand, args);
	}

	member(node, environment) {
		const owner = v.demand(this.evaluate(node.object, environment));
		if (node.property.type === "Slice") {
			// Jinja2 computes what is constant beforehand, and an error there is no error.
			if (!isSliceable(owner) && isConstant(node.object)) return v.missing(`a ${v.typeName(owner)} has no slices`);
			return this.slice(owner, node.property, environment);
		}
		if (node.isComputed) return item(owner, this.evaluate(node.property, environment));
		// After a dot Python's attributes come first: tool.items is the method, tool['items'] the entry.
		return methodOf(owner, node.property.value) ?? item(owner, v.text(node.property.value));
	}

	slice(owner, node, environment) {
		const bound = (part) => {
			const value = part === undefined ? v.none : this.evaluate(part, environment);
			if (value instanceof v.NullValue) return undefined;
			return value instanceof v.IntegerValue || value instanceof v.BooleanValue ? v.number(value) : v.fail("slice indices must be integers or None");
		};
		if (!isSliceable(owner)) v.fail(`'${v.typeName(owner)}' object is not subscriptable`);
		const all = owner instanceof v.StringValue ? v.points(owner.value) : owner.value;
		const step = bound(node.step) ?? 1;
		if (step === 0) v.fail("slice step cannot be zero");
		const [least, most] = step > 0 ? [0, all.length] : [-1, all.length - 1];
		const clamp = (at, otherwise) => (at === undefined ? otherwise : Math.min(most, Math.max(least, at < 0 ? at + all.length : at)));
		const [start, stop] = [clamp(bound(node.start), step > 0 ? least : most), clamp(bound(node.stop), step > 0 ? most : least)];
		const result = step === 1 ? all.slice(start, Math.max(start, stop)) : [];
		for (let at = start; step !== 1 && (step > 0 ? at < stop : at > stop); at += step) result.push(all[at]);
		if (owner instanceof v.StringValue) return v.text(result.join(""));
		if (owner.kind === "range") return v.range(owner.start + start * owner.step, owner.start + stop * owner.step, owner.step * step, result);
		return owner instanceof v.TupleValue ? v.tuple(result) : v.list(result);
	}

	unary(operator, value) {
		if (!v.isNumber(v.demand(value))) v.fail(`bad operand type for unary ${operator}: '${v.typeName(value)}'`);
		if (value instanceof v.FloatValue) return v.float(operator === "-" ? -value.value : value.value);
		return this.arithmetic(operator, v.integer(0), value);
	}

	operate(operator, left, right) {
		if (operator === "~") {
			const isMarkup = this.isEscaping && (left.isMarkup || right.isMarkup);
			return isMarkup ? v.markup(v.joined(v.escaped(left).value, v.escaped(right).value)) : v.text(v.joined(v.str(left), v.str(right)));
		}
		if (operator === "%" && left instanceof v.StringValue) return percent(left, right);
		v.demand(left);
		v.demand(right);
		if (v.isNumber(left) && v.isNumber(right)) return this.arithmetic(operator, left, right);
		if (operator === "+" && left instanceof v.StringValue && right instanceof v.StringValue) return v.added(left, right);
		if (operator === "+" && left instanceof v.ArrayValue && left.type === right.type && !left.kind && !right.kind) return new left.constructor(v.chained(left.value, right.value));
		if (operator === "*") {
			const [sequence, count] = v.isNumber(right) ? [left, right] : [right, left];
			if (sequence instanceof v.StringValue && count instanceof v.IntegerValue) return v.text(v.repeated(sequence.value, count.value));
			if (sequence instanceof v.ArrayValue && !sequence.kind && count instanceof v.IntegerValue) {
				v.bounded(sequence.value.length * count.value);
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
		if (operator === "**" && !Number.isFinite(result) && [a, b].every(Number.isFinite) && [left, right].some((each) => each instanceof v.FloatValue)) v.fail("(34, 'Numerical result out of range')");
		const isFloat = operator === "/" || left instanceof v.FloatValue || right instanceof v.FloatValue || (operator === "**" && b < 0);
		if (isFloat) return v.float(result);
		return [a, b, result].every(Number.isSafeInteger) ? v.integer(result) : v.exact(operator, left, right, result);
	}
}
