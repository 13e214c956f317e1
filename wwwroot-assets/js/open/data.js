// What js/demo.js shows of each token, in the columns that the server writes into the page of a stored demo.

import { bits, count, detail, fixed, percent, share } from './numbers.js';
import { shownStages } from './settings.js';
import { token } from './text.js';

// Entropies nearer than this are equal: rounding, not an effect.
const SAME_ENTROPY = 0.005;

export function dataOf(view, rules, say) {
  const texts = [];
  const places = new Map();
  const place = text => {
    if (!places.has(text)) places.set(text, texts.push(text) - 1);
    return places.get(text);
  };
  return {
    count: view.count,
    rate: view.runs[0]?.run.usage.tokens_per_second ?? 0,
    others: say('control.Others'),
    otherTokens: say('control.OtherTokens'),
    title: say('panel.TokenOf'),
    runs: view.runs.map(run => columns(run, rules, say, place)),
    texts,
  };
}

function columns(run, rules, say, place) {
  const { steps } = run;
  const of = make => steps.map(make);
  const all = make => steps.flatMap(step => step.top.map(make));
  const removed = stage => stage === null ? -1 : place(removal(stage, run, rules, say));
  const stages = shownStages(run.strategy, rules);
  return {
    token: of(step => place(token(step.display))),
    id: of(step => step.id),
    after: of(step => place(detail(step.sampled))),
    model: of(step => place(detail(step.probability))),
    rank: of(step => place(ordinal(step.rank, say))),
    bits: of(step => place(bits(step.surprisal))),
    entropy: of(step => place(bits(step.entropy))),
    how: of(step => place(how(run, step, say))),
    u: of(step => step.isForced ? -1 : step.draw.u),
    low: of(step => step.draw.low),
    drawn: of(step => step.isForced ? step.id : step.draw.id),
    listed: of(step => step.top.length),
    ids: all(candidate => candidate.id),
    names: all(candidate => place(token(candidate.text))),
    ranks: all((candidate, at) => candidate.rank - at),
    shares: all(candidate => share(candidate.probability)),
    sampled: all(candidate => share(candidate.sampled)),
    removed: all(candidate => removed(candidate.removedBy)),
    rest: of(step => step.others.count),
    restShare: of(step => share(step.others.probability)),
    restSampled: of(step => share(step.others.sampled)),
    restRemoved: of(step => removed(step.others.kept === 0 ? step.others.removedBy : null)),
    stages: stages.map(stage => stage.name),
    did: steps.flatMap(step => stages.flatMap(stage => did(run, step, stage, rules, say, place))),
  };
}

// Five numbers of each stage: its words, whether they warn (1) or it did nothing (2), what is left, its entropy, and the mass.
function did(run, step, stage, rules, say, place) {
  let mass = 1;
  for (const trace of step.stages) {
    mass *= 1 - trace.removedMass;
    if (trace.stage !== stage.name) continue;
    const [words, look] = effect(run, stage, trace, rules, say);
    return [place(words), look, place(count(trace.kept)), place(say('control.Bits', bits(trace.entropyAfter))), mass];
  }
  const [words, look] = effect(run, stage, null, rules, say);
  return [place(words), look, place(''), place(''), 0];
}

// A stage that is shown is on, but for a neutral temperature.
function effect(run, stage, trace, rules, say) {
  if (stage.isTemperature && run.strategy.values[stage.name] === 0) return [say('control.EffectGreedy'), 0];
  if (stage.isTemperature && run.strategy.values[stage.name] === 1) return [say('control.EffectOff'), 2];
  if (!trace) return ['', 0];
  if (trace.inert.kind !== 'none') return [inert(trace.inert, rules, say), 1];
  if (trace.removedMass > 0) return [say('control.EffectRemoved', percent(trace.removedMass)), 0];
  if (trace.moved > 0 && trace.moved < trace.kept) return [say('control.EffectMoved', count(trace.moved)), 0];
  if (Math.abs(trace.change) >= SAME_ENTROPY) return [say(trace.change < 0 ? 'control.EffectSharper' : 'control.EffectFlatter', bits(Math.abs(trace.change))), 0];
  return [say('control.EffectHardly'), 0];
}

function inert(cause, rules, say) {
  const stage = () => labelOf(cause.stage, rules).toLowerCase();
  switch (cause.kind) {
    case 'greedy': return say('control.InertGreedy');
    case 'earlier_stage': return say('control.InertEarlier', stage(), count(cause.count));
    case 'all_pass': return say('control.InertAllPass', count(cause.count));
    case 'no_token': return say('control.InertNoToken');
    case 'chance': return say('control.InertChance');
    default: return say('control.InertReplaced', stage());
  }
}

function removal(stage, run, rules, say) {
  const known = rules.stages.find(other => other.name === stage);
  return known?.isTemperature && run.strategy.values[stage] === 0 ? say('format.Greedy') : labelOf(stage, rules).toLowerCase();
}

function labelOf(name, rules) {
  return rules.stages.find(stage => stage.name === name)?.label ?? name;
}

function how(run, step, say) {
  if (step.isForced) return say('panel.ChosenBySearch');
  if (run.run.masked?.task === 'score' || run.run.request.task === 'score') return say('panel.GivenByText');
  return run.strategy.values.temperature === 0 ? say('panel.GreedyLikeliest') : say('panel.ChosenWith', fixed(step.draw.u, 3));
}

function ordinal(number, say) {
  const isOther = [11, 12, 13].includes(number % 100) || number % 10 === 0 || number % 10 > 3;
  return say(`format.Ordinal.${isOther ? 'other' : number % 10}`, count(number));
}

export function metric(value) {
  if (value == null) return '–';
  if (value >= 100 || value === Math.floor(value)) return fixed(value, 1).replace(/\.0$/, '');
  return fixed(value, 3);
}

