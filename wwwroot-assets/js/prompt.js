// The prompt box: the browser owns its text. Short texts go to the server as they are; long ones, and texts with lone surrogates,
// which JSON cannot carry, as a stream of UTF-16.

import { follow } from './follow.js';
import { isLost } from './line.js';

const TYPING_RESTS = 300;
const LONGEST_MESSAGE = 8000;
const KEPT_PROMPTS = 'lm.prompts';
const MOST_KEPT = 8;
const UNSENT = 'lm.unsent';

// A key in a text costs its layout, and the copy under the box lays the text out once more: a longer text than this stands in its box alone.
const LONGEST_FLOWING = 20_000;

// Browsers lay a megabyte out in half a second, but in four where each paragraph finds its own direction: a long text has that of its beginning.
const LONGEST_MIXED = 50_000;
const RIGHT_TO_LEFT = /^[\p{Script=Adlm}\p{Script=Arab}\p{Script=Hebr}\p{Script=Mand}\p{Script=Nkoo}\p{Script=Rohg}\p{Script=Samr}\p{Script=Syrc}\p{Script=Thaa}]/u;

const boxes = new Map();

export function attach(box, mirror, isMain) {
  const state = { mirror, sent: box.value, timer: 0, isComposing: false };
  boxes.set(box, state);
  show(box, state);
  const panel = isMain ? box.closest('[data-follow]') : null;
  if (panel) follow(panel, panel.querySelector('.text-scroll'), panel.querySelector('.bars'), box.closest('.flow'));
  // The browser lays a pasted text out before it says that there is one.
  box.addEventListener('beforeinput', ({ data }) => {
    if (data) fit(box, box.selectionStart > 0 ? box.value : data, box.textLength + data.length);
  });
  box.addEventListener('input', () => {
    show(box, state);
    sendSoon(box, state);
  });
  box.addEventListener('compositionstart', () => { state.isComposing = true; });
  box.addEventListener('compositionend', () => {
    state.isComposing = false;
    sendSoon(box, state);
  });
  box.addEventListener('blur', () => send(box, state));
  document.addEventListener('lm:flush', () => send(box, state));
  document.addEventListener('lm:back', () => send(box, state, true));
  document.addEventListener('lm:leave', () => keepUnsent(box));
  bringUnsent(box, state);
}

export function write(box, bytes) {
  const state = boxes.get(box);
  box.value = decode(bytes);
  state.sent = box.value;
  show(box, state);
}

export function insert(box, text) {
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  box.focus();
  show(box, boxes.get(box));
  send(box, boxes.get(box));
}

export function read(box) {
  return units(box.value);
}

export function keep(box, reference) {
  const names = JSON.parse(sessionStorage.getItem(KEPT_PROMPTS) ?? '[]').filter(name => name !== reference);
  names.push(reference);
  while (names.length > MOST_KEPT) forget(names);
  while (names.length > 0) {
    try {
      sessionStorage.setItem(`lm.prompt.${reference}`, box.value);
      sessionStorage.setItem(KEPT_PROMPTS, JSON.stringify(names));
      return;
    } catch {
      // The tab's storage is full: older prompts give way.
      forget(names);
    }
  }
}

export function recall(reference) {
  const text = sessionStorage.getItem(`lm.prompt.${reference}`);
  return units(text ?? '');
}

function forget(names) {
  sessionStorage.removeItem(`lm.prompt.${names.shift()}`);
}

// A page that has to be loaded anew finds its texts again, sent or not.
function keepUnsent(box) {
  if (!box.isConnected) return;
  try {
    sessionStorage.setItem(nameOfUnsent(box), box.value);
  } catch {
    // The tab's storage is full: the address has what was sent.
  }
}

// A box that can be typed in is connected to a page that listens.
function bringUnsent(box, state) {
  const text = sessionStorage.getItem(nameOfUnsent(box));
  sessionStorage.removeItem(nameOfUnsent(box));
  if (text === null || text === box.value) return;
  const bring = () => {
    if (box.readOnly) return;
    observer.disconnect();
    box.value = text;
    show(box, state);
    send(box, state);
  };
  const observer = new MutationObserver(bring);
  observer.observe(box, { attributeFilter: ['readonly'] });
  bring();
}

function nameOfUnsent(box) {
  return `${UNSENT}.${location.pathname}.${box.dataset.testid}`;
}

function show(box, state) {
  const text = box.value;
  fit(box, text, text.length);
  if (text.length > LONGEST_FLOWING) return state.mirror.replaceChildren();
  const copy = state.mirror.firstChild;
  if (copy?.nodeType === Node.TEXT_NODE && state.mirror.childNodes.length === 1) replace(copy, text);
  else state.mirror.textContent = text;
}

// Only what differs is changed: a browser lays out a key in a long text from there on, and not the whole text anew.
function replace(copy, text) {
  const old = copy.data;
  const least = Math.min(old.length, text.length);
  let start = 0;
  while (start < least && old.charCodeAt(start) === text.charCodeAt(start)) start++;
  let same = 0;
  while (same < least - start && old.charCodeAt(old.length - 1 - same) === text.charCodeAt(text.length - 1 - same)) same++;
  if (start < old.length || start < text.length) copy.replaceData(start, old.length - start - same, text.slice(start, text.length - same));
}

// Whether the tokens flow on after the text or stand below it, and which way it runs.
function fit(box, beginning, length) {
  const { dataset } = box.closest('.flow');
  if (length > LONGEST_FLOWING) dataset.long = '';
  else delete dataset.long;
  if (length <= LONGEST_MIXED) delete dataset.direction;
  else dataset.direction = RIGHT_TO_LEFT.test(beginning.match(/\p{L}/u)?.[0] ?? '') ? 'rtl' : 'ltr';
}

function sendSoon(box, state) {
  clearTimeout(state.timer);
  state.timer = setTimeout(() => send(box, state), TYPING_RESTS);
}

// After a cut the text is sent whatever was sent before: it may be lost.
function send(box, state, anyway = false) {
  clearTimeout(state.timer);
  if (state.isComposing || isLost() || !box.isConnected) return;
  const text = box.value;
  if (text === state.sent && !anyway) return;
  state.sent = text;
  const short = text.length <= LONGEST_MESSAGE && text.isWellFormed();
  state.mirror.dispatchEvent(new CustomEvent('promptedit', { bubbles: true, detail: { text: short ? text : null } }));
}

// Blazor makes a stream of a typed array where .NET asks for one. It knows no stream of nothing: a byte order mark stands before every text.
function units(text) {
  const codes = new Uint16Array(text.length + 1);
  codes[0] = 0xfeff;
  for (let i = 0; i < text.length; i++) codes[i + 1] = text.charCodeAt(i);
  return new Uint8Array(codes.buffer);
}

function decode(bytes) {
  const codes = new Uint16Array(bytes.slice().buffer);
  const parts = [];
  for (let i = 0; i < codes.length; i += 8192) parts.push(String.fromCharCode(...codes.subarray(i, i + 8192)));
  return parts.join('');
}
