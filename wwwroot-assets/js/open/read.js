// Reads a stranger's document as the server does: size and depth before anything is built, then version, names and types, then every number.

import { check } from './check.js';
import { Fault } from './fault.js';

export function read(bytes, rules) {
  if (bytes.length > rules.limits.bytes) throw new Fault('TooLarge', rules.limits.bytes);
  const text = decode(bytes);
  measure(text, rules.limits);
  const demo = parse(text);
  if (demo === null || typeof demo !== 'object' || !Number.isInteger(demo.version) || demo.version < 1) throw new Fault('NoDemo');
  if (demo.version > rules.version) throw new Fault('NewerDemo', demo.version, rules.version);
  conform(demo, rules.schema, [], rules.schema);
  check(demo, rules);
  return demo;
}

function decode(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Fault('Damaged');
  }
}

function measure(text, limits) {
  let [depth, values, isText] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (isText) {
      if (sign === '\\') i++;
      else if (sign === '"') isText = false;
      continue;
    }
    if (sign === '"') isText = true;
    else if (sign === '}' || sign === ']') depth--;
    else if (sign === '{' || sign === '[') {
      if (++depth > limits.depth) throw new Fault('TooDeep', limits.depth);
      values++;
    } else if (sign === ',' || sign === ':') values++;
    if (values > limits.values) throw new Fault('TooMany', values, 'values', limits.values);
  }
  if (depth > 0 || isText) throw new Fault('Cut');
}

// A seed may have more digits than a number here: it stays the text that it is. Within a text the quotation mark before the colon is escaped.
function parse(text) {
  try {
    return JSON.parse(text.replace(/"seed":(\d{16,20})(?=[,}])/g, '"seed":"$1"'));
  } catch {
    throw new Fault('NoDemo');
  }
}

// The document's schema: every name has a meaning, and every value the type that its name asks for.
function conform(value, schema, path, root) {
  if (schema.$ref) return conform(value, resolve(schema.$ref, root), path, root);
  const place = () => path.filter(part => typeof part === 'string').join('.') || 'its content';
  const types = schema.type === undefined ? [] : [schema.type].flat();
  const fits = (types.length === 0 || types.some(type => isOf(value, type)))
    && (schema.enum === undefined || schema.enum.includes(value)) && (schema.const === undefined || schema.const === value);
  if (!fits) throw new Fault('Value', place());
  if (Array.isArray(value)) {
    if (schema.items) value.forEach((item, index) => conform(item, schema.items, [...path, index], root));
  } else if (value !== null && typeof value === 'object' && schema.properties) {
    for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) throw new Fault('Value', [...path, name].filter(isText).join('.'));
    for (const [name, item] of Object.entries(value)) {
      if (!Object.hasOwn(schema.properties, name)) throw new Fault('Value', [...path, name.slice(0, 40)].filter(isText).join('.'));
      conform(item, schema.properties[name], [...path, name], root);
    }
  }
}

function isText(part) {
  return typeof part === 'string';
}

function isOf(value, type) {
  switch (type) {
    case 'null': return value === null;
    case 'array': return Array.isArray(value);
    case 'object': return value !== null && typeof value === 'object' && !Array.isArray(value);
    case 'integer': return Number.isInteger(value) && Math.abs(value) < 2 ** 31;
    case 'number': return typeof value === 'number' && Number.isFinite(value);
    default: return typeof value === type;
  }
}

function resolve(pointer, root) {
  return pointer.split('/').slice(1).reduce((node, name) => node[name], root);
}
