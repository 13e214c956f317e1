// Jinja2's grammar, rule for rule. The parser of @huggingface/jinja knows no chained comparison, no "recursive", no tests with arguments,
// no tuples of none or one, no calls of attributes in call blocks, neither "with" nor "block" nor "print", and other precedences:
// to Jinja2 "~" binds tighter than "+", and "-1 is odd" asks the negated number.
import * as v from "values";

const COMPARISONS = ["==", "!=", "<", "<=", ">", ">="];
const PRECEDENCES = { "+": 1, "-": 1, "~": 2, "*": 3, "/": 3, "//": 3, "%": 3, "**": 4 };
const CONSTANTS = { true: v.boolean(true), True: v.boolean(true), false: v.boolean(false), False: v.boolean(false), none: v.none, None: v.none };
const UNLOADABLE = ["extends", "from", "import", "include"];

export function parse(tokens, failAt) {
	let at = 0;
	// A loop around the statement in the same function of Jinja2's own code: a macro in a loop cannot break it.
	let isInLoop = false;
	const blocks = new Map();

	const fail = (what, token = tokens[at]) => failAt(token.at, what);
	const shown = (token) => (token.type === "End" ? "the end of the template" : `'${token.value}'`);
	const isWord = (...words) => tokens[at].type === "Name" && words.includes(tokens[at].value);
	const isSign = (sign) => tokens[at].type === "Operator" && tokens[at].value === sign;

	function skip(type, value) {
		const isThere = tokens[at].type === type && tokens[at].value === value;
		if (isThere) ++at;
		return isThere;
	}
	const skipSign = (sign) => skip("Operator", sign);
	const skipWord = (word) => skip("Name", word);

	function expect(type, value) {
		const token = tokens[at++];
		if (token.type === type && (value === undefined || token.value === value)) return token;
		if (token.type === "End") fail("the template ends inside a block or a tag", token);
		return fail(`expected ${value === undefined ? "a name" : `'${value}'`}, got ${shown(token)}`, token);
	}
	const sign = (value) => expect("Operator", value);
	const name = () => expect("Name").value;

	// Expressions.

	function tuple({ part = expression, isEnd = () => false, isEmptyValid = false } = {}) {
		const start = tokens[at];
		const value = [];
		let isTuple = false;
		while (!(tokens[at].type === "CloseStatement" || tokens[at].type === "CloseExpression" || isSign(")") || isEnd())) {
			value.push(part());
			if (!skipSign(",")) break;
			isTuple = true;
		}
		if (value.length === 1 && !isTuple) return value[0];
		if (value.length === 0 && !isEmptyValid) fail(`expected an expression, got ${shown(start)}`, start);
		return { type: "TupleLiteral", value };
	}

	function expression() {
		let value = disjunction();
		while (skipWord("if")) {
			const condition = disjunction();
			value = { type: "Ternary", condition, trueExpr: value, falseExpr: skipWord("else") ? expression() : undefined };
		}
		return value;
	}

	function disjunction() {
		let left = conjunction();
		while (skipWord("or")) left = { type: "Or", left, right: conjunction() };
		return left;
	}

	function conjunction() {
		let left = negation();
		while (skipWord("and")) left = { type: "And", left, right: negation() };
		return left;
	}

	const negation = () => (skipWord("not") ? { type: "Not", argument: negation() } : comparison());

	function comparison() {
		const first = arithmetic(1);
		const rest = [];
		for (let operator = comparisonSign(); operator; operator = comparisonSign()) rest.push({ operator, operand: arithmetic(1) });
		return rest.length === 0 ? first : { type: "Comparison", first, rest };
	}

	function comparisonSign() {
		const { type, value } = tokens[at];
		if (type === "Operator" && COMPARISONS.includes(value)) return tokens[at++].value;
		if (type !== "Name") return undefined;
		if (skipWord("in")) return "in";
		if (value !== "not" || tokens[at + 1].type !== "Name" || tokens[at + 1].value !== "in") return undefined;
		at += 2;
		return "not in";
	}

	// Every operator groups from the left, "**" too.
	function arithmetic(least) {
		let left = unary(true);
		while (tokens[at].type === "Operator" && PRECEDENCES[tokens[at].value] >= least) {
			const operator = tokens[at++].value;
			left = { type: "Binary", operator, left, right: arithmetic(PRECEDENCES[operator] + 1) };
		}
		return left;
	}

	function unary(hasFilters) {
		const operator = isSign("-") || isSign("+") ? tokens[at++].value : undefined;
		const operand = postfix(operator ? { type: "Unary", operator, argument: unary(false) } : primary());
		return hasFilters ? filtersAndTests(operand) : operand;
	}

	function primary(hasAttribute = false) {
		const token = tokens[at++];
		switch (token.type) {
			case "Name":
				if (Object.hasOwn(CONSTANTS, token.value)) return { type: "Constant", value: CONSTANTS[token.value] };
				return hasAttribute && skipSign(".") ? { type: "Attribute", owner: token.value, name: name() } : { type: "Identifier", value: token.value };
			case "String": {
				let text = token.value;
				while (tokens[at].type === "String") text += tokens[at++].value;
				return { type: "Constant", value: v.text(text) };
			}
			case "Number":
				return { type: "Constant", value: token.value.includes(".") ? v.float(Number(token.value)) : v.wholeNumber(token.value) };
			case "Operator":
				if (token.value === "(") {
					const value = tuple({ isEmptyValid: true });
					sign(")");
					return value;
				}
				if (token.value === "[") return { type: "ArrayLiteral", value: list("]", expression) };
				if (token.value === "{") return { type: "ObjectLiteral", value: list("}", () => [expression(), (sign(":"), expression())]) };
		}
		if (token.type === "End") fail("the template ends inside a block or a tag", token);
		return fail(`unexpected ${shown(token)}`, token);
	}

	function list(end, part) {
		const all = [];
		while (!isSign(end)) {
			all.push(part());
			if (!isSign(end)) sign(",");
		}
		++at;
		return all;
	}

	function postfix(operand) {
		for (;;) {
			if (skipSign(".")) {
				const token = tokens[at];
				const property = token.type === "Number" && /^\d+$/.test(token.value) ? primary() : { type: "Identifier", value: name() };
				operand = { type: "Member", object: operand, property, isComputed: property.type === "Constant" };
			} else if (skipSign("[")) {
				const parts = list("]", subscript);
				operand = { type: "Member", object: operand, property: parts.length === 1 ? parts[0] : { type: "TupleLiteral", value: parts }, isComputed: true };
			} else if (isSign("(")) {
				operand = { type: "Call", callee: operand, args: callArguments() };
			} else {
				return operand;
			}
		}
	}

	function subscript() {
		const isPart = () => !isSign(":") && !isSign("]") && !isSign(",");
		const start = isPart() ? expression() : undefined;
		if (start && !isSign(":")) return start;
		sign(":");
		const stop = isPart() ? expression() : undefined;
		const step = skipSign(":") && isPart() ? expression() : undefined;
		return { type: "Slice", start, stop, step };
	}

	function callArguments() {
		const all = [];
		const seen = new Set();
		const ensure = (...before) => before.some((type) => seen.has(type)) && fail("invalid syntax for function call expression");
		sign("(");
		for (const part of list(")", () => {
			if (skipSign("*")) {
				ensure("Spread", "KeywordSpread");
				return { type: "Spread", value: (seen.add("Spread"), expression()) };
			}
			if (skipSign("**")) {
				ensure("KeywordSpread");
				return { type: "KeywordSpread", value: (seen.add("KeywordSpread"), expression()) };
			}
			if (tokens[at].type === "Name" && tokens[at + 1].type === "Operator" && tokens[at + 1].value === "=") {
				ensure("KeywordSpread");
				const key = name();
				++at;
				return { type: "Keyword", key, value: (seen.add("Keyword"), expression()) };
			}
			ensure("Spread", "KeywordSpread", "Keyword");
			return { type: "Positional", value: expression() };
		})) all.push(part);
		return all;
	}

	function filtersAndTests(operand) {
		for (;;) {
			if (isSign("|")) operand = filters(operand);
			else if (skipWord("is")) operand = test(operand);
			else if (isSign("(")) operand = { type: "Call", callee: operand, args: callArguments() };
			else return operand;
		}
	}

	const dotted = () => {
		let value = name();
		while (skipSign(".")) value += `.${name()}`;
		return value;
	};

	function filters(operand) {
		while (skipSign("|")) operand = filter(operand);
		return operand;
	}

	const filter = (operand) => ({ type: "Filter", operand, name: dotted(), args: isSign("(") ? callArguments() : [] });

	function test(operand) {
		const isNegated = skipWord("not");
		const node = { type: "Test", operand, name: dotted(), args: [] };
		const { type } = tokens[at];
		if (isSign("(")) {
			node.args = callArguments();
		} else if (type === "String" || type === "Number" || isSign("[") || isSign("{") || (type === "Name" && !isWord("else", "or", "and"))) {
			if (isWord("is")) fail("tests with 'is' cannot be chained");
			node.args = [{ type: "Positional", value: postfix(primary()) }];
		}
		return isNegated ? { type: "Not", argument: node } : node;
	}

	// Statements.

	function target(hasAttributes, isEnd) {
		const start = tokens[at];
		const node = tuple({ part: () => primary(hasAttributes), isEnd });
		for (const part of node.type === "TupleLiteral" ? node.value : [node])
			if (!["Identifier", "Attribute", "TupleLiteral"].includes(part.type)) fail("a constant cannot be assigned to", start);
		return node;
	}

	function body(...ends) {
		skipSign(":");
		expect("CloseStatement", "%}");
		const statements = [];
		while (!(tokens[at].type === "OpenStatement" && tokens[at + 1].type === "Name" && ends.includes(tokens[at + 1].value))) {
			if (tokens[at].type === "End") fail("the template ends inside a block or a tag");
			statements.push(statement());
		}
		++at;
		return statements;
	}

	// A body up to its only end.
	function bodyTo(end, isLoop = isInLoop) {
		const outer = isInLoop;
		isInLoop = isLoop;
		const statements = body(end);
		isInLoop = outer;
		++at;
		return statements;
	}

	function parameters() {
		sign("(");
		const all = list(")", () => ({ name: name(), otherwise: skipSign("=") ? expression() : undefined }));
		if (all.some((each, i) => i > 0 && all[i - 1].otherwise && !each.otherwise)) fail("a parameter without a default follows one with a default");
		if (all.some((each) => each.name === "caller" && !each.otherwise)) fail("the parameter 'caller' needs a default");
		return all;
	}

	const STATEMENTS = {
		set() {
			const assignee = target(true);
			if (skipSign("=")) return { type: "Set", assignee, value: tuple() };
			const filtered = filters(undefined);
			return { type: "SetBlock", assignee, filters: filtered, body: bodyTo("endset") };
		},
		for() {
			const loopvar = target(false, () => isWord("in"));
			if ((loopvar.value === "loop" && loopvar.type === "Identifier") || (loopvar.type === "TupleLiteral" && loopvar.value.some((part) => part.value === "loop")))
				fail("the variable 'loop' cannot be a loop's target");
			if (!skipWord("in")) fail(`expected 'in', got ${shown(tokens[at])}`);
			const iterable = tuple({ part: disjunction, isEnd: () => isWord("recursive") });
			const test = skipWord("if") ? expression() : undefined;
			const isRecursive = skipWord("recursive");
			const outer = isInLoop;
			isInLoop = true;
			const statements = body("endfor", "else");
			isInLoop = outer;
			return { type: "For", loopvar, iterable, body: statements, otherwise: tokens[at++].value === "else" ? bodyTo("endfor") : [], test, isRecursive };
		},
		if() {
			const first = { type: "If" };
			for (let node = first; ; node = node.alternate[0]) {
				node.test = tuple({ part: disjunction });
				node.body = body("elif", "else", "endif");
				const end = tokens[at++].value;
				node.alternate = end === "elif" ? [{ type: "If" }] : end === "else" ? bodyTo("endif") : [];
				if (end !== "elif") return first;
			}
		},
		macro: () => ({ type: "Macro", name: name(), parameters: parameters(), body: bodyTo("endmacro", false) }),
		call() {
			const given = isSign("(") ? parameters() : [];
			const start = tokens[at];
			const call = expression();
			if (call.type !== "Call") fail("expected a call", start);
			return { type: "CallBlock", call, caller: { parameters: given, body: bodyTo("endcall", false) } };
		},
		filter: () => ({ type: "FilterBlock", filters: filters(filter(undefined)), body: bodyTo("endfilter") }),
		with() {
			const pairs = [];
			while (tokens[at].type !== "CloseStatement" && !isSign(":")) {
				if (pairs.length > 0) sign(",");
				const part = primary();
				sign("=");
				pairs.push([part, expression()]);
			}
			return { type: "With", pairs, body: bodyTo("endwith") };
		},
		block() {
			const title = name();
			if (blocks.has(title)) fail(`the block '${title}' is defined twice`);
			blocks.set(title, undefined);
			const isScoped = skipWord("scoped");
			skipWord("required");
			const statements = bodyTo("endblock", false);
			skipWord(title);
			blocks.set(title, statements);
			return { type: "Block", isScoped, body: statements };
		},
		autoescape: () => ({ type: "Autoescape", isOn: expression(), body: bodyTo("endautoescape") }),
		generation: () => ({ type: "Generation", body: bodyTo("endgeneration", false) }),
		print() {
			const parts = [];
			while (tokens[at].type !== "CloseStatement") {
				if (parts.length > 0) sign(",");
				parts.push(expression());
			}
			return { type: "Print", parts };
		},
		break: () => (isInLoop ? { type: "Break" } : fail("'break' stands outside a loop")),
		continue: () => (isInLoop ? { type: "Continue" } : fail("'continue' stands outside a loop")),
	};

	function statement() {
		const token = tokens[at++];
		if (token.type === "Text") return { type: "Data", text: token.value };
		if (token.type === "OpenExpression") {
			const node = tuple();
			expect("CloseExpression", "}}");
			return node;
		}
		const tag = name();
		let node;
		if (UNLOADABLE.includes(tag)) {
			while (tokens[at].type !== "CloseStatement") ++at;
			node = { type: "Unloadable", tag };
		} else {
			if (!Object.hasOwn(STATEMENTS, tag)) fail(`the tag '${tag}' is unknown, or out of place`, tokens[at - 1]);
			node = STATEMENTS[tag]();
		}
		expect("CloseStatement", "%}");
		return node;
	}

	const statements = [];
	while (tokens[at].type !== "End") statements.push(statement());
	return { body: statements, blocks };
}

const SPECIAL = ["caller", "kwargs", "varargs"];

// Which of a macro's special variables its body reads before it sets them: in Jinja2 they make it take such arguments.
export function specialNames(parameters, statements) {
	const unset = new Set(SPECIAL.filter((special) => !parameters.some((parameter) => parameter.name === special)));
	const read = new Set();
	const assigned = (node) => (node.type === "TupleLiteral" ? node.value.forEach(assigned) : unset.delete(node.value));
	const visit = (node) => {
		if (Array.isArray(node)) return node.forEach(visit);
		switch (node?.type) {
			case "Constant":
			case "Data":
			case "Block":
			case "Generation":
				return;
			case "Identifier":
				if (unset.has(node.value)) read.add(node.value);
				return;
			case "Member":
				visit(node.object);
				if (node.isComputed) visit(node.property);
				return;
			case "For":
				assigned(node.loopvar);
				return [node.iterable, node.body, node.otherwise, node.test].forEach(visit);
			case "Set":
			case "SetBlock":
				assigned(node.assignee);
				return [node.value, node.filters, node.body].forEach(visit);
			case "With":
				for (const [part] of node.pairs) assigned(part);
				return [node.pairs.map((pair) => pair[1]), node.body].forEach(visit);
			case "Macro":
			case "CallBlock": {
				const { parameters, body } = node.caller ?? node;
				visit(node.call);
				for (const parameter of parameters) unset.delete(parameter.name);
				return [parameters, body].forEach(visit);
			}
			default:
				for (const child of Object.values(node ?? {})) if (typeof child === "object") visit(child);
		}
	};
	visit(statements);
	return read;
}
