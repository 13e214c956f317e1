// The settings of a run as the server reads them: the strategy with its order of stages, what a column is called, and the address of a copy.

import { Fault } from './fault.js';
import { trimmed } from './numbers.js';
import { escaped } from './text.js';

// A run's strategy: every stage's values, and the order in which they run.
export function strategy(chosen, rules) {
  const values = {};
  for (const stage of rules.stages) {
    for (const parameter of stage.parameters) {
      const value = Object.hasOwn(chosen, parameter.name) ? Number(chosen[parameter.name]) : parameter.neutral;
      if (!(value >= parameter.least && value <= parameter.most)) throw new Fault('Value', parameter.name);
      values[parameter.name] = value;
    }
    for (const list of stage.texts) {
      const value = Object.hasOwn(chosen, list.name) ? chosen[list.name] : list.neutral;
      if (!Array.isArray(value) || value.some(text => typeof text !== 'string')) throw new Fault('Value', list.name);
      values[list.name] = value;
    }
  }
  const written = Object.hasOwn(chosen, 'order') ? String(chosen.order).split(',').filter(name => name) : rules.orders[0].stages;
  if (written.some(name => !rules.stages.some(stage => stage.name === name))) throw new Fault('Value', 'order');
  const order = [...written];
  for (const stage of rules.stages) if (isOn(stage, values) && !order.includes(stage.name)) include(order, stage.name, rules);
  return { values, order };
}

// Whether settings turn a stage on: its switch is not neutral, and what else it asks for holds.
export function isOn(stage, values) {
  const value = values[stage.switch.name];
  return !same(value, stage.switch.neutral) && stage.asks.every(ask => values[ask.name] > ask.above && values[ask.name] <= ask.most);
}

// The stages that are shown: those that are on, and the temperature.
export function shownStages(strategy, rules) {
  return strategy.order.map(name => rules.stages.find(stage => stage.name === name)).filter(stage => isOn(stage, strategy.values) || stage.isTemperature);
}

function include(order, name, rules) {
  const usual = rules.stages.map(stage => stage.name);
  let at = order.length;
  while (at > 0 && usual.indexOf(order[at - 1]) > usual.indexOf(name)) at--;
  order.splice(at, 0, name);
}

function same(one, other) {
  return Array.isArray(one) ? one.length === other.length && one.every((item, index) => item === other[index]) : one === other;
}

// The differences of a column from another one, in a few words each.
export function differences(from, to, rules, say) {
  const parts = [];
  for (const stage of rules.stages) {
    stage.parameters.forEach((parameter, place) => {
      const value = to.values[parameter.name];
      if (value === from.values[parameter.name]) return;
      const isSwitch = place === 0 && parameter.name === stage.name && !stage.isTemperature;
      const label = parameter.label.toLowerCase();
      parts.push(isSwitch && value === parameter.neutral ? say('state.TitleOff', label) : say('state.TitleValue', label, trimmed(value, 6)));
    });
  }
  for (const list of rules.stages.flatMap(stage => stage.texts)) {
    const value = to.values[list.name];
    if (!same(value, from.values[list.name])) parts.push(say('state.TitleTexts', list.label.toLowerCase(), value.map(escaped).join(', ')));
  }
  if (!same(to.order, from.order)) {
    const preset = rules.orders.find(order => same(order.stages, to.order));
    parts.push(preset ? say('state.TitleOrder', preset.name) : say('state.TitleCustomOrder'));
  }
  return parts;
}

// The playground's address of the same request, as the server writes it; null where an address cannot hold its texts.
export function forkAddress(demo, rules) {
  const { query } = rules;
  const chosen = { ...demo.request };
  delete chosen.task;
  const room = roomFor(chosen, query);
  const texts = [chosen.prompt, chosen.source].filter(text => text !== undefined);
  if (texts.some(text => !text.isWellFormed?.() && /[\ud800-\udfff]/.test(text) || encode(text).length > room)) return null;
  const address = write(chosen, query);
  return address.length <= query.longest ? (demo.kind === 'comparison' ? query.compare : query.playground) + address : null;
}

function roomFor(chosen, query) {
  const others = parts(chosen, query).filter(([name]) => name !== 'prompt' && name !== 'source').reduce((sum, [name, text]) => sum + name.length + 2 + encode(text).length, 0);
  const room = query.longestText - Math.max(0, others - query.usualOthers);
  return Math.max(query.leastText, chosen.source === undefined ? room : Math.floor(room / 2));
}

function write(chosen, query) {
  const written = parts(chosen, query).map(([name, text]) => `${name}=${encode(text)}`).join('&');
  return written && `?${written}`;
}

function parts(chosen, query) {
  return query.names.filter(name => Object.hasOwn(chosen, name)).flatMap(name => textsOf(name, chosen[name], query).map(text => [name, text]));
}

function textsOf(name, value, query) {
  if (!Array.isArray(value)) return [String(value)];
  if (name === query.columns) return value.map(column => write(column, query).replace(/^\?/, ''));
  if (query.joined.includes(name)) return [value.join(',')];
  return value.length ? value.map(item => typeof item === 'string' ? escaped(item) : String(item)) : [''];
}

function encode(text) {
  return encodeURIComponent(text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd'))
    .replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
