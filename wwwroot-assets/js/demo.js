// A shared demo: selecting, playing and scrubbing over the data in the page. No circuit, no request; without it the page is whole, with links.

import { explainTerms } from './tips.js';

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
// Tokens a second at the speed 1.
const RATE = 5;
// Gaps narrower than this are rounding.
const NO_GAP = 1e-5;

const source = document.getElementById('demo-data');
if (source) open(JSON.parse(source.textContent));

export function open(data) {
  const runs = [...document.querySelectorAll('[data-run]')].map((root, index) => view(root, data.runs[index], data));
  const bar = document.querySelector('.play');
  const [toggle, scrub, speed] = ['[data-toggle]', '[type=range]', 'select'].map(part => bar?.querySelector(part));
  const isFramed = window.top !== window;
  let selected = Number(document.querySelector('[data-demo]').dataset.selected);
  let timer = 0;

  function select(index) {
    selected = Math.min(Math.max(index, 0), data.count - 1);
    for (const run of runs) run.select(selected);
    if (scrub) {
      scrub.value = selected + 1;
      scrub.style.setProperty('--fill', `${data.count > 1 ? selected / (data.count - 1) * 100 : 0}%`);
      scrub.setAttribute('aria-valuetext', fill(data.title, selected + 1, data.count));
    }
    for (const link of document.querySelectorAll('[data-move]')) {
      const to = selected + Number(link.dataset.move);
      link.toggleAttribute('aria-disabled', to < 0 || to >= data.count);
      link.href = addressOf(Math.min(Math.max(to, 0), data.count - 1));
    }
  }

  // Never of the page around a frame, and not at each token of a playing demo: browsers limit how often.
  function remember() {
    if (isFramed || timer) return;
    try { history.replaceState(history.state, '', addressOf(selected)); } catch { /* A file on a disk has no address to change. */ }
  }

  function choose(index) { select(index); remember(); }

  function play(on) {
    clearTimeout(timer);
    timer = 0;
    if (on) {
      if (selected >= data.count - 1) select(0);
      timer = setTimeout(next, pause());
    }
    toggle.dataset.playing = on;
    toggle.setAttribute('aria-label', on ? toggle.dataset.pause : toggle.dataset.play);
    if (!on) remember();
  }

  function next() {
    select(selected + 1);
    if (selected >= data.count - 1) return play(false);
    timer = setTimeout(next, pause());
  }

  function pause() {
    const rate = speed.value === 'recorded' ? data.rate || RATE : RATE * Number(speed.value);
    return Math.max(1000 / rate, 4);
  }

  document.addEventListener('click', event => {
    const move = event.target.closest('[data-move]');
    if (move) {
      event.preventDefault();
      return choose(selected + Number(move.dataset.move));
    }
    const token = getSelection().isCollapsed && event.target.closest('[data-token]');
    if (token) return choose(Number(token.dataset.token));
    const chunk = event.target.closest('.surprisal');
    if (chunk) {
      const box = chunk.getBoundingClientRect();
      choose(Number(chunk.dataset.first) + Math.floor((event.clientX - box.left) / box.width * chunk.viewBox.baseVal.width));
    }
  });
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest('.tokens')) {
      const to = event.key in STEPS ? selected + STEPS[event.key] : event.key === 'Home' ? 0 : event.key === 'End' ? data.count - 1 : null;
      if (to !== null) {
        event.preventDefault();
        return choose(to);
      }
    }
    if (event.key === ' ' && toggle && !event.target.closest('button, a, select, summary')) {
      event.preventDefault();
      play(!timer);
    }
  });
  if (bar) {
    toggle.addEventListener('click', () => play(!timer));
    scrub.addEventListener('input', () => select(Number(scrub.value) - 1));
    scrub.addEventListener('change', remember);
    bar.dataset.ready = '';
    bar.inert = false;
  }

  explainTerms();
  // A file on a disk is one and the same for all of them.
  const asked = Number(new URLSearchParams(location.search).get('t'));
  select(asked >= 1 ? asked - 1 : selected);
}

// The address of a token, of the run that is shown. What stands after "#" may be the demo itself, or its key.
function addressOf(index) {
  const run = new URLSearchParams(location.search).get('run');
  return `?${run === null ? '' : `run=${encodeURIComponent(run)}&`}t=${index + 1}${location.hash}`;
}

// One run's part of the page: its tokens, its strip, its panel and its chain.
function view(root, run, data) {
  const text = place => data.texts[place];
  const find = part => root.querySelector(part);
  const set = (part, value) => { const element = find(part); if (element && element.textContent !== value) element.textContent = value; };
  const strip = find('.bars');
  const tokens = find('.tokens');
  const starts = [0];
  for (const count of run.listed) starts.push(starts.at(-1) + count);
  let current = null;

  function select(index) {
    const known = Math.min(index, run.token.length - 1);
    current?.classList.remove('sel');
    current?.setAttribute('aria-selected', 'false');
    current = index === known ? tokens.querySelector(`[data-token="${index}"]`) : null;
    if (current) {
      current.classList.add('sel');
      current.setAttribute('aria-selected', 'true');
      tokens.setAttribute('aria-activedescendant', current.id);
      reveal(current);
    } else {
      tokens.removeAttribute('aria-activedescendant');
    }
    find('.at')?.style.setProperty('--at', known);
    if (strip) keepInSight(strip, known, run.token.length);
    set('[data-title]', fill(data.title, known + 1, run.token.length));
    if (known >= 0) show(known);
  }

  function show(at) {
    set('[data-testid=selected-token]', text(run.token[at]));
    find('[data-testid=selected-token]')?.setAttribute('title', text(run.token[at]));
    set('[data-testid=selected-id]', `${run.id[at]}`);
    for (const fact of ['after', 'model', 'rank', 'bits']) set(`[data-fact=${fact}]`, text(run[fact][at]));
    set('[data-entropy]', text(run.entropy[at]));
    set('[data-chosen]', text(run.token[at]));
    set('[data-how]', text(run.how[at]));
    const listed = candidates(at);
    showTable(at, listed);
    showDraw(at, listed);
    showStages(at);
  }

  function candidates(at) {
    const list = [];
    for (let i = starts[at]; i < starts[at + 1]; i++) {
      const place = i - starts[at];
      list.push({
        id: run.ids[i], text: text(run.names[i]), rank: run.ranks[i] + place, share: run.shares[i], sampled: run.sampled[i],
        removed: run.removed[i] < 0 ? null : text(run.removed[i]),
      });
    }
    return list;
  }

  function showTable(at, listed) {
    const body = find('.candidates tbody');
    if (!body) return;
    const limit = Number(body.closest('[data-limit]')?.dataset.limit ?? Infinity);
    const widest = Math.max(1e-9, ...listed.map(candidate => Math.max(candidate.share, candidate.sampled)));
    let rank = 0;
    const rows = [];
    listed.forEach((candidate, place) => {
      const isChosen = candidate.id === run.id[at];
      if (place >= limit && !isChosen) return;
      if (candidate.rank > rank + 1) rows.push(row('gap', [cell('td', '', '⋮', { colspan: 7 })], { 'aria-hidden': 'true' }));
      rank = candidate.rank;
      const after = cell('td', candidate.removed === null ? 'after' : 'after removal', candidate.removed ?? share(candidate.sampled));
      after.style.setProperty('--model', candidate.share / widest);
      after.style.setProperty('--sampled', candidate.sampled / widest);
      rows.push(row(isChosen ? 'chosen' : candidate.removed === null ? '' : 'cut',
        [cell('th', 'label', candidate.text, { scope: 'row' }), after, cell('td', 'model', share(candidate.share))],
        isChosen ? { 'data-testid': 'candidate', 'aria-current': 'true' } : { 'data-testid': 'candidate' }));
    });
    body.replaceChildren(...rows);
    const others = find('.candidates .others');
    if (!others) return;
    const removed = run.restRemoved[at] < 0 ? null : text(run.restRemoved[at]);
    const [label, after, model] = others.children;
    label.textContent = fill(data.otherTokens, run.rest[at]);
    after.className = removed === null ? 'after' : 'after removal';
    after.textContent = removed ?? share(run.restSampled[at]);
    model.textContent = share(run.restShare[at]);
  }

  function showDraw(at, listed) {
    const bar = find('.cdf');
    if (!bar) return;
    const parts = [];
    let [end, place] = [0, 0];
    const kept = listed.filter(candidate => candidate.sampled > 0).sort((a, b) => b.sampled - a.sampled || a.id - b.id);
    for (const candidate of kept) {
      const isDrawn = candidate.id === run.drawn[at];
      if (run.u[at] >= 0 && isDrawn && run.low[at] - end > NO_GAP) {
        parts.push([data.others, 'seg others', run.low[at] - end]);
        end = run.low[at];
      }
      parts.push([candidate.text, isDrawn ? 'seg on' : `seg s${place++ % 2}`, candidate.sampled]);
      end += candidate.sampled;
    }
    if (1 - end > NO_GAP) parts.push([data.others, 'seg others', 1 - end]);
    const elements = merge(parts).map(([name, look, width, stripes]) => {
      const part = cell('span', look, !stripes && isWide(name, width) ? name : '', { title: `${name} ${share(width)} %` });
      part.style.width = `${width * 100}%`;
      if (stripes) part.style.setProperty('--stripes', stripes);
      return part;
    });
    if (run.u[at] >= 0) {
      const u = cell('span', 'u', '');
      u.style.left = `${run.u[at] * 100}%`;
      u.append(cell('i', '', `u = ${run.u[at].toFixed(3)}`));
      elements.push(u);
    }
    bar.replaceChildren(...elements);
    bar.setAttribute('aria-label', text(run.how[at]));
  }

  function showStages(at) {
    run.stages.forEach((name, place) => {
      const stage = find(`[data-stage="${CSS.escape(name)}"]`);
      if (!stage) return;
      const first = (at * run.stages.length + place) * 5;
      const [words, look, kept, bits, mass] = run.did.slice(first, first + 5);
      stage.classList.toggle('inert', look > 0);
      stage.style.setProperty('--mass', `${mass * 100}%`);
      const parts = [cell('span', look === 1 ? 'effect warn' : 'effect', text(words), { title: text(words) })];
      if (look !== 1 && text(kept)) parts.push(cell('span', 'kept', text(kept)), cell('span', 'bits', text(bits)));
      stage.querySelector('.trace').replaceChildren(...parts);
    });
  }

  return { select };
}

// Neighbours too narrow for their names are one element with a stripe for each, as the server writes them.
function merge(parts) {
  const merged = [];
  let narrow = [];
  const flush = () => {
    if (narrow.length > 1) {
      const width = narrow.reduce((sum, part) => sum + part[2], 0);
      let end = 0;
      const stripes = narrow.map(([, look, own]) => `var(--raw${look === 'seg s0' ? '' : '-2'}) ${end * 100}% ${(end += own / width) * 100}%`);
      merged.push([`${narrow.length} tokens`, 'seg stripes', width, `linear-gradient(90deg,${stripes})`]);
    } else {
      merged.push(...narrow);
    }
    narrow = [];
  };
  for (const part of parts) {
    if (!isWide(part[0], part[2]) && /s[01]$/.test(part[1])) narrow.push(part);
    else {
      flush();
      merged.push(part);
    }
  }
  flush();
  return merged;
}

function isWide(name, width) {
  return width > 0.02 + 0.021 * name.length;
}

function row(look, cells, attributes) {
  const element = cell('tr', look, '', attributes);
  element.append(...cells);
  return element;
}

function cell(name, look, text, attributes = {}) {
  const element = document.createElement(name);
  if (look) element.className = look;
  if (text) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// A share without its sign. What is there but rounds to nothing is not shown as nothing.
function share(value) {
  return value === 0 ? '0' : value < 0.0005 ? '<0.1' : (value * 100).toFixed(1);
}

function fill(words, ...values) {
  return words.replace(/\{(\d)\}/g, (_, place) => values[place].toLocaleString('en'));
}

// Within its own scrolling place alone: the page around it, and around a frame, stays where it is.
function reveal(token) {
  const place = token.closest('.text-scroll');
  if (!place || place.scrollHeight <= place.clientHeight) return;
  const [inner, outer] = [token.getBoundingClientRect(), place.getBoundingClientRect()];
  if (inner.top < outer.top) place.scrollTop -= outer.top - inner.top + 24;
  else if (inner.bottom > outer.bottom) place.scrollTop += inner.bottom - outer.bottom + 24;
}

function keepInSight(strip, index, count) {
  const at = strip.scrollWidth * (index + 0.5) / Math.max(count, 1);
  if (strip.scrollWidth > strip.clientWidth && (at < strip.scrollLeft + 12 || at > strip.scrollLeft + strip.clientWidth - 12)) strip.scrollLeft = at - strip.clientWidth / 2;
}
