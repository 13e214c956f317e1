// Checks a document's content, as the server's reader does: after it every place in a list is one, every id a token's.

import { Fault } from './fault.js';

export function check(demo, rules) {
  const limits = rules.limits;
  length('title', demo.title, limits.title);
  length('description', demo.description, limits.description);
  length('note', demo.note, limits.note);
  need(!Number.isNaN(Date.parse(demo.created)), 'created');
  for (const value of Object.values(demo.environment)) if (typeof value === 'string') length('environment', value, limits.text);
  need(demo.environment.prompt_chunk >= 1 && demo.environment.graph_rewriting >= 0, 'environment');
  texts('environment.processor_features', demo.environment.processor_features, demo.environment.processor_features.length, limits);
  atMost('models', demo.models.length, limits.models);
  atMost('runs', demo.runs.length, limits.runs);
  need(demo.runs.length > 0, 'runs');
  for (const model of demo.models) checkModel(model, limits);
  atMost('tokens', demo.runs.reduce((sum, run) => sum + run.steps.ids.length, 0), limits.tokens);
  atMost('candidates', demo.runs.reduce((sum, run) => sum + run.steps.candidates.tokens.length, 0), limits.candidates);
  for (const run of demo.runs) checkRun(run, demo, limits);
  checkBranches(demo);
  checkKind(demo, limits);
}

function need(holds, what) {
  if (!holds) throw new Fault('Value', what);
}

function atMost(what, count, most) {
  if (count > most) throw new Fault('TooMany', count, what, most);
}

function length(what, text, most) {
  if (text?.length > most) throw new Fault('TextTooLong', what, text.length, most);
}

function many(what, list, count) {
  if (list.length !== count) throw new Fault('Lengths', what, list.length, count);
}

function texts(what, list, count, limits) {
  many(what, list, count);
  for (const text of list) length(what, text, limits.text);
}

function ids(what, list, size) {
  for (const id of list) if (!(id >= 0 && id < size)) throw new Fault('IdOutside', what, `${id}`, size);
}

function places(what, list, size, least = 0) {
  for (const place of list) need(place >= least && place < size, what);
}

function probabilities(what, list) {
  for (const number of list) need(number >= 0 && number <= 1, what);
}

function sum(what, counts, steps, most) {
  many(what, counts, steps);
  places(what, counts, most + 1);
  return counts.reduce((total, count) => total + count, 0);
}

function ascending(list) {
  return list.every((item, index) => index === 0 || item > list[index - 1]);
}

function checkModel(model, limits) {
  for (const value of [model.id, model.name, model.architecture, model.weights_file, model.variant, model.reproduction_caveat]) length('models', value, limits.text);
  for (const hash of [model.content_hash, model.tokenizer_hash]) need(/^([0-9a-f]{64})?$/.test(hash), "a model's hash");
  need(model.vocabulary_size >= 1 && model.vocabulary_size <= limits.vocabulary && (model.context_length ?? 1) >= 1, 'models');
  ids('token_ids', model.token_ids, model.vocabulary_size);
  need(ascending(model.token_ids), 'the order of token_ids');
  texts('token_texts', model.token_texts, model.token_ids.length, limits);
}

function checkRun(run, demo, limits) {
  length("run's id", run.id, limits.title);
  need(run.id.length > 0, "a run's id");
  const model = run.model == null ? null : demo.models[run.model];
  need(model !== undefined, "a run's model");
  need(model || (run.steps.ids.length === 0 && run.prompt_ids.length === 0), 'the tokens of a run without a model');
  const size = model?.vocabulary_size ?? 0;
  for (const [what, list] of [['prompt_ids', run.prompt_ids], ['source_ids', run.source_ids ?? []]]) {
    atMost(what, list.length, limits.promptTokens);
    ids(what, list, size);
  }
  need(Object.values(run.usage).every(number => number === null || number >= 0), 'usage');
  if (run.stop) {
    length('stop', run.stop.reason, limits.text);
    length('stop string', run.stop.stop_string, limits.text);
    need(Object.values(run.stop).every(value => typeof value !== 'number' || value >= 0), 'stop');
  }
  if (run.search) checkSearch(run.search, size, limits);
  if (run.masked) checkMasked(run.masked, run, size, limits);
  if (run.column) {
    length("column's error", run.column.error, limits.text);
    need((run.column.difference ?? 0) >= 0 && (run.column.difference_from_first ?? 0) >= 0, 'column');
  }
  checkSteps(run.steps, model, limits);
}

function checkSearch(search, size, limits) {
  const beams = [...search.live, ...search.finished, ...search.returned];
  atMost('sequences', beams.length, limits.beams);
  for (const beam of beams) {
    ids('beams', beam.ids, size);
    many('log_probabilities', beam.log_probabilities, beam.ids.length);
    length('finish_reason', beam.finish_reason, limits.text);
    need(beam.group >= 0, "a beam's group");
  }
}

function checkMasked(masked, run, size, limits) {
  atMost('tokens of a masked text', masked.ids.length, limits.promptTokens);
  ids('masked text', masked.ids, size);
  many('starts', masked.starts, masked.ids.length);
  many('lengths', masked.lengths, masked.ids.length);
  masked.starts.forEach((start, i) => need(start >= 0 && masked.lengths[i] >= 0 && start + masked.lengths[i] <= masked.text.length, "where a masked text's tokens lie"));
  places('masks', masked.masks, masked.ids.length);
  need(ascending(masked.masks), 'the order of masks');
  places('positions', run.steps.positions, masked.ids.length);
}

function checkSteps(steps, model, limits) {
  const [count, size] = [steps.ids.length, model?.vocabulary_size ?? 0];
  ids('ids', steps.ids, size);
  many('positions', steps.positions, count);
  places('positions', steps.positions, limits.positions);
  texts('texts', steps.texts, count, limits);
  if (steps.released) texts('released', steps.released, count, limits);
  for (const name of ['logits', 'top_logits', 'ranks', 'surprisals', 'entropies']) many(name, steps[name], count);
  places('ranks', steps.ranks, size + 1, 1);
  for (let i = 0; i < count; i++) {
    need(steps.surprisals[i] >= 0 && steps.entropies[i] >= 0 && steps.logits[i] <= steps.top_logits[i], 'surprisals, entropies or logits');
  }
  for (const name of ['drawn_at', 'drawn_low', 'drawn_high']) {
    many(name, steps[name], count);
    probabilities(name, steps[name]);
  }
  if (steps.drawn_ids) {
    many('drawn_ids', steps.drawn_ids, count);
    ids('drawn_ids', steps.drawn_ids, size);
  }
  for (const name of ['forced', 'states_before', 'states_after']) if (steps[name]) many(name, steps[name], count);
  atMost('stages', steps.stage_names.length, limits.stages);
  texts('stage_names', steps.stage_names, steps.stage_names.length, limits);
  checkStages(steps.stages, count, steps.stage_names.length, size, limits);
  checkCandidates(steps, model, limits);
  const others = steps.others;
  for (const name of ['probabilities', 'sampled', 'kept', 'removed_by']) many(`others.${name}`, others[name], count);
  probabilities('others.probabilities', others.probabilities);
  probabilities('others.sampled', others.sampled);
  places('others.kept', others.kept, size + 1);
  places('others.removed_by', others.removed_by, steps.stage_names.length, -1);
}

function checkStages(stages, steps, names, size, limits) {
  const count = sum('stages.counts', stages.counts, steps, limits.stages);
  for (const [name, list] of Object.entries(stages)) if (name !== 'counts') many(`stages.${name}`, list, count);
  places('stages.stages', stages.stages, names);
  for (const name of ['kept', 'moved', 'inert_counts']) places(`stages.${name}`, stages[name], size + 1);
  probabilities('stages.removed_mass', stages.removed_mass);
  places('stages.inert_stages', stages.inert_stages, names, -1);
  stages.inert.forEach((kind, i) => need(!['earlier_stage', 'replaced'].includes(kind) || stages.inert_stages[i] >= 0, 'stages.inert_stages'));
}

function checkCandidates(steps, model, limits) {
  const candidates = steps.candidates;
  const count = sum('candidates.counts', candidates.counts, steps.ids.length, limits.candidatesOfToken);
  for (const [name, list] of Object.entries(candidates)) if (name !== 'counts') many(`candidates.${name}`, list, count);
  places('candidates.tokens', candidates.tokens, model?.token_ids.length ?? 0);
  places('candidates.gaps', candidates.gaps, limits.gap + 1);
  probabilities('candidates.sampled', candidates.sampled);
  places('candidates.removed_by', candidates.removed_by, steps.stage_names.length, -1);
  let first = 0;
  steps.ids.forEach((id, step) => {
    const own = candidates.tokens.slice(first, first + candidates.counts[step]);
    need(new Set(own).size === own.length, 'a token that is listed twice');
    need(own.some(place => model.token_ids[place] === id), 'candidates');
    first += candidates.counts[step];
  });
}

// Every branch leaves a run that stands before it, at one of its tokens.
function checkBranches(demo) {
  const lengths = new Map();
  for (const run of demo.runs) {
    let before = 0;
    if (run.parent != null) {
      need(lengths.has(run.parent), 'the parent of a branch');
      need(run.position >= 0 && run.position <= lengths.get(run.parent), 'the position of a branch');
      before = run.position;
    } else {
      need(run.position == null, 'the position of a run that leaves none');
    }
    need(!lengths.has(run.id), "a run's id");
    lengths.set(run.id, before + run.steps.ids.length);
  }
}

function checkKind(demo, limits) {
  const isComparison = demo.kind === 'comparison';
  need(isComparison === (demo.comparison != null), 'comparison');
  const metrics = demo.comparison?.metrics ?? [];
  if (demo.comparison) {
    need(metrics.length <= 64 && (demo.comparison.first_difference ?? 0) >= 0, 'comparison');
    texts('comparison.metrics', metrics, metrics.length, limits);
    need([0, metrics.length].includes(demo.comparison.together.length), 'metrics');
    need(['forward_passes', 'forward_passes_alone', 'forks'].every(name => demo.comparison[name] >= 0), 'comparison');
  }
  for (const run of demo.runs) {
    need(isComparison === (run.column != null), 'column');
    need((demo.kind === 'masked') === (run.masked != null), 'masked');
    need(isComparison || run.model != null, 'model');
    need(!run.column || [0, metrics.length].includes(run.column.metrics.length), 'metrics');
  }
}
