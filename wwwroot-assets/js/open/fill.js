// Puts a demo into the page's own parts: the server renders them once of a specimen, as templates, and here they get another demo's texts.

import { metric } from './data.js';
import { bits, count, heat, logit, percent, trimmed } from './numbers.js';
import { differences, forkAddress, shownStages, strategy } from './settings.js';
import { line, piece, token, unmasked } from './text.js';

export function fill(view, rules, say) {
  const kind = view.isComparison ? 'comparison' : view.demo.kind === 'masked' ? 'masked' : 'run';
  const main = document.getElementById(`demo-${kind}`).content.firstElementChild.cloneNode(true);
  fillHead(main, view, rules, say);
  if (view.isComparison) fillComparison(main, view, rules, say);
  else fillRun(main.querySelector('[data-run]'), view.runs[0], rules, say);
  fillFacts(main.querySelector('.demo-facts'), view, say);
  main.querySelector('.play [type=range]').max = Math.max(1, view.count);
  return main;
}

// The text of a part, or no such part where there is none to show.
function put(root, selector, text) {
  const part = root.querySelector(selector);
  if (text) part.textContent = text;
  else part.remove();
}

// As many of a part as there are items, each one filled from its own.
function repeat(root, selector, items, change) {
  const [part, ...others] = root.querySelectorAll(selector);
  for (const other of others) other.remove();
  part.replaceWith(...items.map((item, index) => {
    const copy = part.cloneNode(true);
    change(copy, item, index);
    return copy;
  }));
}

function fillHead(main, view, rules, say) {
  put(main, '[data-testid=title]', view.title || say('demo.SharedDemo'));
  put(main, '[data-testid=description]', view.description);
  put(main, '[data-testid=note]', view.note);
  const hiddenTokens = view.runs.reduce((sum, run) => sum + run.hiddenTokens, 0);
  put(main, '[data-testid=cut-note]', [[hiddenTokens, 'MoreTokens'], [view.hidden, 'MoreColumns'], [view.branches, 'MoreBranches']]
    .filter(([number]) => number > 0).map(([number, name]) => say(`demo.${name}`, count(number))).join(' '));
  const address = forkAddress(view.demo, rules);
  const fork = main.querySelector('[data-testid=fork]');
  if (address) fork.setAttribute('href', address);
  else fork.closest('li').remove();
}

function fillRun(root, run, rules, say) {
  const source = root.querySelector('.source-text');
  if (run.source === null) {
    source?.nextElementSibling.remove();
    source?.remove();
  } else if (source) {
    source.querySelector('[data-testid=source]').textContent = run.source;
  }
  if (run.run.masked) root.querySelector('.sr').textContent = unmasked(run.run.masked.text);
  else root.querySelector('[data-testid=prompt]').textContent = run.prompt;
  fillTokens(root.querySelector('.tokens'), run, 0, -1);
  fillStrip(root.querySelector('.bars'), run, rules);
  const beams = root.querySelector('.beams');
  if (run.run.search) fillBeams(beams, run, rules, say);
  else beams?.remove();
  if (run.steps.length === 0) {
    const panel = root.querySelector('.token-panel');
    const empty = document.createElement('p');
    empty.className = 'empty';
    empty.textContent = say('demo.NoTokens');
    panel.replaceChildren(panel.querySelector('h2'), empty);
    panel.querySelector('[data-title]').textContent = say('panel.Token');
  } else if (run.steps[0].others.count <= 0) {
    root.querySelector('.candidates tfoot').remove();
  }
  fillChain(root.querySelector('.demo-chain'), run, rules, say);
}

function fillComparison(main, view, rules, say) {
  const neutral = strategy({}, rules);
  const first = view.runs[0];
  const titles = view.runs.map((run, index) => {
    const parts = differences(index === 0 ? neutral : first.strategy, run.strategy, rules, say);
    if ((index === 0 || run.modelName !== first.modelName) && run.modelName) parts.unshift(run.modelName);
    return unmasked(parts.length ? parts.join(', ') : say('state.AsFirstColumn'));
  });
  main.querySelector('.demo-prompt .flow').textContent = first.prompt;
  const place = main.querySelector('.demo-columns');
  place.style.setProperty('--columns', view.runs.length);
  repeat(place, '.demo-column', view.runs, (column, run, index) => {
    column.setAttribute('aria-label', say('compare.ColumnNamed', index + 1, titles[index]));
    column.dataset.testid = `column-${index + 1}`;
    column.querySelector('h2 i').textContent = `${index + 1}`;
    column.querySelector('h2 span').textContent = titles[index];
    put(column, '.error', unmasked(run.run.column.error ?? ''));
    fillTokens(column.querySelector('.tokens'), run, index, run.run.column.difference ?? -1);
    fillStrip(column.querySelector('.bars'), run, rules);
    if (run.steps.length === 0) {
      column.querySelector('.column-step').remove();
      column.querySelector('details').remove();
    } else {
      fillChain(column.querySelector('.demo-chain'), run, rules, say);
    }
  });
  const difference = view.demo.comparison.first_difference;
  main.querySelector('[data-testid=difference]').textContent = difference == null ? say('demo.NoDifference') : say('demo.FirstDifference', count(difference + 1));
  fillMetrics(main.querySelector('[data-testid=metrics]'), view, titles, rules);
}

function fillMetrics(table, view, titles, rules) {
  repeat(table, 'thead th:last-child', titles, (cell, title, index) => {
    const [number] = cell.querySelectorAll('b');
    number.textContent = `${index + 1}`;
    number.parentElement.replaceChildren(number, ` ${title}`);
  });
  const { metrics } = view.demo.comparison;
  const rows = rules.metrics.map(known => {
    const place = metrics.indexOf(known.name);
    return { known, values: view.runs.map(run => place < 0 ? null : run.run.column.metrics[place] ?? null) };
  }).filter(row => row.values.some(value => value !== null));
  repeat(table, 'tbody tr', rows, (row, { known, values }) => {
    const heading = row.querySelector('th');
    const unit = heading.querySelector('small');
    unit.textContent = known.unit;
    heading.replaceChildren(known.label, unit);
    const numbers = values.filter(value => value !== null);
    const best = new Set(values).size < 2 ? null : known.better === 'higher' ? Math.max(...numbers) : known.better === 'lower' ? Math.min(...numbers) : null;
    repeat(row, 'td', values, (cell, value) => {
      cell.textContent = metric(value);
      cell.classList.toggle('best', best !== null && value === best);
    });
  });
}

function fillTokens(list, run, index, difference) {
  const [part] = list.querySelectorAll('[data-token]');
  const make = at => {
    const step = run.steps[at];
    const element = part.cloneNode(false);
    element.className = `t h${heat(step.probability)}${at === difference ? ' difference' : ''}`;
    element.setAttribute('aria-selected', 'false');
    element.dataset.token = at;
    element.id = `r${index}t${at}`;
    element.append(...tokenText(step));
    return element;
  };
  if (run.steps.length === 0) for (const name of ['role', 'aria-label', 'aria-orientation', 'tabindex', 'aria-activedescendant']) list.removeAttribute(name);
  list.replaceChildren(...run.run.masked ? maskedParts(run, make, list.querySelector('.given')) : run.steps.map((_, at) => make(at)));
}

// A masked text: what was asked for in its places, and between them what was given.
function maskedParts(run, make, given) {
  const { masked } = run.run;
  const steps = new Map(run.steps.map((step, at) => [step.position, at]));
  const parts = [];
  const giveUntil = (from, to) => {
    if (to <= from) return;
    const part = given.cloneNode(false);
    part.textContent = unmasked(masked.text.slice(from, to));
    parts.push(part);
  };
  let end = 0;
  masked.ids.forEach((_, place) => {
    const start = masked.starts[place];
    const until = start + masked.lengths[place];
    giveUntil(end, start);
    if (steps.has(place)) parts.push(make(steps.get(place)));
    else giveUntil(start, until);
    end = Math.max(end, until);
  });
  giveUntil(end, masked.text.length);
  return parts;
}

// What cannot be seen is marked by elements whose signs the style sheet has: a copied text is the model's text.
function tokenText(step) {
  if (step.text === '') return [mark('special', token(step.display))];
  if (/^ +$/.test(step.text)) return [mark('blank', step.text)];
  return step.text.split(/(?=[\n\t])/).flatMap(part => part[0] === '\n' ? [mark('newline', ''), part] : part[0] === '\t' ? [mark('tab', ''), part] : [part]);
}

function mark(look, text) {
  const element = document.createElement('i');
  element.className = look;
  element.textContent = text;
  return element;
}

function fillStrip(bars, run, rules) {
  bars.style.setProperty('--n', run.steps.length);
  const size = rules.most.chunk;
  const chunks = [];
  for (let start = 0; start < run.steps.length; start += size) chunks.push(run.steps.slice(start, start + size));
  repeat(bars, '.surprisal', chunks, (svg, steps, index) => {
    const [path] = svg.querySelectorAll('path');
    const bar = new Map();
    steps.forEach((step, at) => {
      const colour = ['h0', 'h0', 'h0', 'h3', 'h4', 'h5'][heat(step.probability)];
      const top = 1 - Math.min(Math.max(step.surprisal / 8, 0.025), 1);
      bar.set(colour, `${bar.get(colour) ?? ''}M${at}.5 1V${trimmed(top, 3)}`);
    });
    svg.setAttribute('viewBox', `0 0 ${steps.length} 1`);
    svg.style.setProperty('--c', steps.length);
    svg.dataset.first = index * size;
    svg.dataset.bits = steps.map(step => bits(step.surprisal)).join(' ');
    svg.replaceChildren(...['h0', 'h3', 'h4', 'h5'].filter(colour => bar.has(colour)).map(colour => {
      const drawn = path.cloneNode(false);
      drawn.setAttribute('class', colour);
      drawn.setAttribute('d', bar.get(colour));
      return drawn;
    }));
  });
}

function fillChain(chain, run, rules, say) {
  if (run.steps.length === 0) chain.querySelector('.end > span')?.remove();
  else chain.querySelector('[data-vocabulary]').textContent = count(run.steps[0].top.length + run.steps[0].others.count);
  repeat(chain, '.stage', shownStages(run.strategy, rules), (row, stage) => {
    row.dataset.stage = stage.name;
    row.dataset.testid = `stage-${stage.name}`;
    row.querySelector('.trace').dataset.testid = `stage-${stage.name}-trace`;
    const [number, texts] = ['b', 'code'].map(name => row.querySelector(`.setting > ${name}`).parentElement);
    const settings = [...stage.parameters.map(parameter => [number, parameter.label, trimmed(run.strategy.values[parameter.name], 6)]),
      ...stage.texts.map(list => [texts, list.label, unmasked(run.strategy.values[list.name].join(' '))])];
    const filled = settings.map(([part, label, value]) => {
      const copy = part.cloneNode(true);
      copy.querySelector('.name').textContent = label;
      copy.querySelector('b, code').textContent = value;
      return copy;
    });
    for (const part of row.querySelectorAll('.setting')) part.remove();
    row.prepend(...filled);
  });
  if (run.steps.length === 0) {
    chain.querySelector('[data-how]').textContent = say('panel.TheDrawOf');
    chain.querySelector('[data-chosen]').parentElement.remove();
  }
  const { seed } = run.run.request;
  const stop = run.run.stop && (rules.reasons[run.run.stop.reason] ?? line(run.run.stop.reason, 60));
  for (const [name, value] of [['model', run.modelName], ['seed', seed], ['tokens', count(run.run.usage.new_tokens)], ['ending', stop]]) {
    const part = chain.querySelector(`[data-setup=${name}]`);
    if (value == null) part.remove();
    else part.querySelector('dd').textContent = `${value}`;
  }
}

function fillBeams(section, run, rules, say) {
  const { search } = run.run;
  const rows = search.returned.length ? search.returned : [...search.finished, ...search.live.toSorted((a, b) => b.score - a.score)];
  section.querySelector('header b').textContent = say(`panel.SearchFound.${rows.length === 1 ? 'one' : 'other'}`, count(rows.length));
  repeat(section, 'li', rows.slice(0, rules.most.beams), (row, beam) => {
    row.className = beam.finish_reason == null ? '' : 'finished';
    row.querySelector('.score').textContent = logit(beam.score);
    const text = row.querySelector('.row');
    const [part] = text.querySelectorAll('.t');
    const names = beam.ids.map(id => run.model.token_ids.indexOf(id)).map(place => place < 0 ? null : unmasked(run.model.token_texts[place]));
    const start = Math.max(0, beam.ids.length - rules.most.beamTokens);
    if (names.includes(null)) text.textContent = unmasked(beam.text);
    else text.replaceChildren(...start > 0 ? ['… '] : [], ...names.slice(start).map((name, at) => {
      const probability = Math.exp(beam.log_probabilities[start + at]);
      const copy = part.cloneNode(false);
      copy.className = `t h${heat(probability)}`;
      copy.title = percent(probability);
      copy.textContent = piece(name);
      return copy;
    }));
    row.querySelector('small').textContent = rules.reasons[beam.finish_reason] ?? '';
  });
  const more = rows.length - rules.most.beams;
  put(section, ':scope > p', more > 0 ? say('panel.AndMore', count(more)) : '');
}

function fillFacts(facts, view, say) {
  const { demo } = view;
  const { environment } = demo;
  const join = (...parts) => line(parts.filter(part => part).join(' · '), 500);
  const rows = [
    [say('demo.Shared'), `${demo.created.slice(0, 16).replace('T', ' ')} UTC`],
    ...demo.models.flatMap(model => [
      [say('demo.Model'), join(model.name, model.architecture, model.weights_file)],
      [say('demo.ModelHash'), join(model.content_hash)],
      [say('demo.Caveat'), join(model.reproduction_caveat)],
    ]),
    [say('demo.Program'), join(environment.playground, `.NET ${environment.runtime}`, `ONNX Runtime ${environment.onnx_runtime}`)],
    [say('demo.Computer'), join(environment.operating_system, environment.architecture, environment.execution_provider, ...environment.processor_features)],
  ].filter(([, value]) => value);
  repeat(facts, 'dl > div', rows, (row, [name, value]) => {
    row.querySelector('dt').textContent = name;
    row.querySelector('dd').textContent = value;
  });
}
