// The tokens of a text without an element for each. A chunk of them is one element with the text and data that say how long each token is;
// their colours are highlights, and the token under a pointer is found by its rectangles. Where a browser has no highlights there are no colours.

const HEATS = ['', 'heat-1', 'heat-2', 'heat-3', 'heat-4', 'heat-5'];
const UNDERLINED = 3;
const MARKS = { x: 'removed', d: 'redrawn', u: 'unknown' };

const highlights = new Map();
const painted = new WeakMap();
const soiled = new Set();
let pointed = null;

export function defineTokens() {
  if (CSS.highlights) {
    const names = [...HEATS.slice(1), 'uncertain', 'removed', 'redrawn', 'unknown', 'pointed'];
    names.forEach((name, priority) => {
      const highlight = new Highlight();
      highlight.priority = priority;
      highlights.set(name, highlight);
      CSS.highlights.set(name, highlight);
    });
  }
  const observer = new MutationObserver(records => {
    for (const { target } of records) soil((target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)?.closest('token-chunk'));
  });
  customElements.define('token-chunk', class extends HTMLElement {
    connectedCallback() {
      observer.observe(this, { subtree: true, childList: true, characterData: true, attributeFilter: ['data-lengths', 'data-heats', 'data-marks'] });
      soil(this);
    }

    disconnectedCallback() {
      clean(this);
    }
  });
  document.addEventListener('pointermove', event => { if (event.pointerType !== 'touch') point(event); }, { passive: true });
  document.documentElement.addEventListener('pointerleave', () => point(null));
}

// The token that an event of the pointer means: the index, or null. Beside the text, and between its lines, there is none.
export function tokenAt({ target, clientX, clientY }) {
  const own = target.closest?.('[data-token]');
  if (own) return Number(own.dataset.token);
  const chunk = target.closest?.('token-chunk');
  if (chunk) return find(chunk, clientX, clientY)?.index ?? null;
  const bars = target.closest?.('svg.surprisal');
  return bars ? Number(bars.dataset.first) + barAt(bars, clientX) : null;
}

// Brings a token into view wherever it is shown, in texts and in strips.
export function reveal(index) {
  for (const shown of document.querySelectorAll(`[data-token="${index}"]`)) shown.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  for (const chunk of document.querySelectorAll('token-chunk')) {
    const token = tokensOf(chunk).find(token => token.index === index);
    if (token && !ownIn(chunk).has(index)) bring(boundsOf(chunk, token), chunk);
  }
  for (const bars of document.querySelectorAll('svg.surprisal')) {
    const [first, count] = [Number(bars.dataset.first), bars.dataset.bits.split(' ').length];
    if (index < first || index >= first + count) continue;
    const { left, width, top, height } = bars.getBoundingClientRect();
    bring(new DOMRect(left + (index - first) * width / count, top, width / count, height), bars);
  }
}

function tokensOf({ dataset }) {
  const { lengths, heats, shares, marks } = dataset;
  if (!lengths) return [];
  const parts = shares.split(' ');
  let start = 0;
  return lengths.split(' ').map((text, i) => {
    const length = Number(text);
    const token = { index: Number(dataset.first) + i, start, end: start + length, heat: Number(heats[i]), share: parts[i], mark: MARKS[marks?.[i]] };
    start += length;
    return token;
  });
}

function ownIn(chunk) {
  return new Set([...chunk.querySelectorAll('[data-token]')].map(own => Number(own.dataset.token)));
}

function soil(chunk) {
  if (!chunk) return;
  if (soiled.size === 0) queueMicrotask(paintSoiled);
  soiled.add(chunk);
}

function paintSoiled() {
  for (const chunk of soiled) {
    clean(chunk);
    if (chunk.isConnected && highlights.size > 0) paint(chunk);
  }
  soiled.clear();
}

function clean(chunk) {
  for (const [name, range] of painted.get(chunk) ?? []) highlights.get(name).delete(range);
  painted.delete(chunk);
  if (pointed?.chunk === chunk) forget();
}

// A token of its own element has its look from the style sheet. Neighbours of one look are one range.
function paint(chunk) {
  const ranges = [];
  const own = ownIn(chunk);
  const places = placesOf(chunk);
  const cover = (name, start, end) => {
    const range = new StaticRange(boundary(places, start, end));
    highlights.get(name).add(range);
    ranges.push([name, range]);
  };
  const stretches = new Map();
  const extend = (name, { start, end }) => {
    const last = stretches.get(name);
    if (last?.end === start) last.end = end;
    else {
      if (last) cover(name, last.start, last.end);
      stretches.set(name, { start, end });
    }
  };
  for (const token of tokensOf(chunk)) {
    if (own.has(token.index) || token.start === token.end) continue;
    if (token.heat > 0) extend(HEATS[token.heat], token);
    if (token.mark) extend(token.mark, token);
    else if (token.heat >= UNDERLINED) extend('uncertain', token);
  }
  for (const [name, { start, end }] of stretches) cover(name, start, end);
  painted.set(chunk, ranges);
}

function placesOf(chunk) {
  const places = [];
  const walker = document.createTreeWalker(chunk, NodeFilter.SHOW_TEXT);
  for (let start = 0, node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.length > 0) places.push({ node, start, end: start += node.length });
  }
  return places;
}

function boundary(places, start, end) {
  const first = places.find(place => place.end > start);
  const last = places.findLast(place => place.start < end);
  return first && last && first.start <= last.start
    ? { startContainer: first.node, startOffset: start - first.start, endContainer: last.node, endOffset: Math.min(end - last.start, last.node.length) }
    : null;
}

function textOf(part, index) {
  for (const chunk of part.querySelectorAll('token-chunk')) {
    const token = tokensOf(chunk).find(token => token.index === index);
    if (token) return chunk.textContent.slice(token.start, token.end);
  }
  return part.querySelector(`[data-token="${index}"]`)?.textContent ?? '';
}

function rectsOf(places, token) {
  const place = boundary(places, token.start, token.end);
  if (!place) return [];
  const range = document.createRange();
  range.setStart(place.startContainer, place.startOffset);
  range.setEnd(place.endContainer, place.endOffset);
  return [...range.getClientRects()];
}

function boundsOf(chunk, token) {
  const rects = rectsOf(placesOf(chunk), token);
  const [left, top] = [Math.min(...rects.map(rect => rect.left)), Math.min(...rects.map(rect => rect.top))];
  return new DOMRect(left, top, Math.max(...rects.map(rect => rect.right)) - left, Math.max(...rects.map(rect => rect.bottom)) - top);
}

function find(chunk, x, y) {
  const places = placesOf(chunk);
  return tokensOf(chunk).find(token => rectsOf(places, token).some(rect => holds(rect, x, y)));
}

function holds({ left, right, top, bottom }, x, y) {
  return x >= left && x < right && y >= top && y <= bottom;
}

function barAt(bars, x) {
  const count = bars.dataset.bits.split(' ').length;
  const { left, width } = bars.getBoundingClientRect();
  return Math.min(Math.max(Math.floor((x - left) / width * count), 0), count - 1);
}

// What is under the pointer is underlined and says its number; a bar says its token too.
function point(event) {
  const bars = event?.target.closest?.('svg.surprisal');
  if (bars) {
    const place = barAt(bars, event.clientX);
    const text = textOf(bars.closest('section, article'), Number(bars.dataset.first) + place).replaceAll(' ', '·').replaceAll('\n', '↵').replaceAll('\t', '⇥');
    bars.parentElement.title = `${text} ${bars.dataset.bits.split(' ')[place]} bits`;
  }
  const chunk = event?.target.closest?.('token-chunk');
  if (chunk && pointed?.chunk === chunk && pointed.rects.some(rect => holds(rect, event.clientX, event.clientY))) return;
  forget();
  if (!chunk) return;
  const token = find(chunk, event.clientX, event.clientY);
  if (!token) return chunk.removeAttribute('title');
  const places = placesOf(chunk);
  chunk.title = `${token.share} %`;
  pointed = { chunk, rects: rectsOf(places, token), range: new StaticRange(boundary(places, token.start, token.end)) };
  highlights.get('pointed')?.add(pointed.range);
}

function forget() {
  if (pointed) highlights.get('pointed')?.delete(pointed.range);
  pointed = null;
}

function bring(rect, element) {
  let { left, top } = rect;
  for (let box = element.parentElement; box; box = box.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(box);
    const outer = box.getBoundingClientRect();
    const [x, y] = [box.scrollLeft, box.scrollTop];
    if (overflowY === 'auto' || overflowY === 'scroll') box.scrollTop += away(top, top + rect.height, outer.top, outer.top + box.clientHeight);
    if (overflowX === 'auto' || overflowX === 'scroll') box.scrollLeft += away(left, left + rect.width, outer.left, outer.left + box.clientWidth);
    left -= box.scrollLeft - x;
    top -= box.scrollTop - y;
  }
}

// How far a stretch is beyond the nearer end of what can be seen.
function away(start, end, from, to) {
  return start < from ? start - from : end > to ? Math.min(end - to, start - from) : 0;
}
