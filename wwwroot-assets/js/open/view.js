// A demo as its page shows it: steps made of the document's columns, strangers' texts seen for what they are, and a huge one cut.

import { strategy } from './settings.js';
import { line, unmasked } from './text.js';

export function viewOf(demo, rules) {
  const all = demo.runs.filter(run => run.parent == null);
  const roots = all.slice(0, demo.kind === 'comparison' ? rules.most.columns : 1);
  const runs = roots.map(run => viewOfRun(demo, run, Math.floor(rules.most.tokens / roots.length), rules));
  return {
    demo, runs,
    title: line(demo.title, 200), description: unmasked(demo.description), note: unmasked(demo.note),
    count: Math.max(0, ...runs.map(run => run.steps.length)),
    hidden: all.length - roots.length,
    branches: demo.runs.length - all.length,
    isComparison: demo.kind === 'comparison',
  };
}

function viewOfRun(demo, run, most, rules) {
  const model = run.model == null ? null : demo.models[run.model];
  const steps = model ? stepsOf(model, run, rules) : [];
  return {
    run, model,
    modelName: line(model?.name ?? '', 200),
    strategy: strategy(run.strategy, rules),
    steps: steps.slice(0, most).map(step => seen(step, rules)),
    hiddenTokens: Math.max(0, steps.length - most),
    prompt: unmasked(String(run.rendered_prompt ?? run.request.prompt ?? '')),
    source: run.request.source === undefined ? null : unmasked(String(run.request.source)),
  };
}

function seen(step, rules) {
  return {
    ...step,
    text: unmasked(step.text),
    display: unmasked(step.display),
    top: step.top.filter((candidate, place) => place < rules.most.candidates || candidate.id === step.id)
      .map(candidate => ({ ...candidate, text: unmasked(candidate.text) })),
  };
}

function stepsOf(model, run, rules) {
  const { steps } = run;
  let [stage, candidate] = [0, 0];
  return steps.ids.map((id, index) => {
    const top = candidatesOf(model, steps, index, candidate, rules);
    const chosen = top.find(item => item.id === id);
    const step = {
      id, top,
      position: steps.positions[index],
      text: steps.texts[index],
      display: chosen.text,
      probability: chosen.probability,
      sampled: chosen.sampled,
      rank: steps.ranks[index],
      surprisal: steps.surprisals[index],
      entropy: steps.entropies[index],
      stages: tracesOf(steps, index, stage),
      draw: { id: steps.drawn_ids?.[index] ?? id, u: steps.drawn_at[index], low: steps.drawn_low[index] },
      isForced: steps.forced?.[index] ?? false,
      others: {
        count: model.vocabulary_size - top.length,
        probability: steps.others.probabilities[index],
        sampled: steps.others.sampled[index],
        kept: steps.others.kept[index],
        removedBy: nameOf(steps, steps.others.removed_by[index]),
      },
    };
    stage += steps.stages.counts[index];
    candidate += steps.candidates.counts[index];
    return step;
  });
}

// Exact is the chosen one's; the others' logits are kept as distances from the greatest one.
function candidatesOf(model, steps, index, first, rules) {
  const { candidates } = steps;
  const own = Math.fround(steps.logits[index]);
  const logSum = own + steps.surprisals[index] * Math.LN2;
  const list = [];
  let gap = 0;
  for (let i = first; i < first + candidates.counts[index]; i++) {
    gap += candidates.gaps[i];
    const place = candidates.tokens[i];
    const isChosen = model.token_ids[place] === steps.ids[index];
    const logit = Math.fround(steps.top_logits[index]) - gap * rules.unit;
    list.push({
      id: model.token_ids[place],
      text: model.token_texts[place],
      rank: isChosen ? steps.ranks[index] : i - first + 1,
      probability: isChosen ? 2 ** -steps.surprisals[index] : Math.min(1, Math.exp(logit - logSum)),
      sampled: candidates.sampled[i],
      removedBy: nameOf(steps, candidates.removed_by[i]),
    });
  }
  return list;
}

function tracesOf(steps, index, first) {
  const { stages } = steps;
  const traces = [];
  let before = steps.entropies[index];
  for (let i = first; i < first + stages.counts[index]; i++) {
    traces.push({
      stage: steps.stage_names[stages.stages[i]],
      kept: stages.kept[i],
      removedMass: stages.removed_mass[i],
      change: stages.entropy_after[i] - before,
      entropyAfter: stages.entropy_after[i],
      moved: stages.moved[i],
      inert: { kind: stages.inert[i], stage: nameOf(steps, stages.inert_stages[i]), count: stages.inert_counts[i] },
    });
    before = stages.entropy_after[i];
  }
  return traces;
}

function nameOf(steps, place) {
  return place < 0 ? null : steps.stage_names[place];
}
