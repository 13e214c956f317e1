// Loaded by Blazor before it starts: the page's own events, each raised by one listener on the document.

import { keepFocus } from './focus.js';
import { commit, step } from './numbers.js';
import { isLost, retries, watch } from './line.js';
import { explainTerms } from './tips.js';

const ARROWS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

// Keys outrun the server's answers: for as long as one may be under way, the next key goes on from here.
const ANSWERED = 600;
let place = { index: 0, at: -Infinity };

export function beforeWebStart(options) {
  options.circuit = { ...options.circuit, reconnectionOptions: retries };
  // The keys of an input method are its own: Enter chooses a word and confirms nothing.
  addEventListener('keydown', event => { if (event.isComposing) event.stopImmediatePropagation(); }, true);
}

export function afterWebStarted(blazor) {
  const register = (name, args) => blazor.registerCustomEventType(name, { createEventArgs: args });
  register('tokenselect', event => ({ index: event.detail.index, open: event.detail.open }));
  register('promptedit', event => ({ text: event.detail.text }));
  register('runkey', event => ({ action: event.detail.action }));

  document.addEventListener('click', onClick);
  document.addEventListener('keydown', onKey);
  document.addEventListener('keydown', step);
  keepFocus();
  explainTerms();
  watch(blazor);
}

function raise(target, name, detail) {
  if (isLost()) return;
  target.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

function onClick(event) {
  const token = event.target.closest?.('[data-token]');
  // Text that is being marked for copying is no click on a token.
  if (!token || !getSelection().isCollapsed) return;
  place.at = -Infinity;
  raise(token, 'tokenselect', { index: Number(token.dataset.token), open: true });
}

function onKey(event) {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return run(event, 'generate');
  if (event.key === 'Escape') return run(event, 'stop');
  const strip = event.target.closest?.('[data-tokens]');
  if (strip && !event.ctrlKey && !event.metaKey && !event.altKey) move(event, strip);
}

function run(event, action) {
  const page = document.querySelector('[data-run-keys]');
  if (!page) return;
  if (action === 'generate') {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent('lm:flush'));
    commit(document.activeElement);
  }
  raise(page, 'runkey', { action });
}

function move(event, strip) {
  const last = Number(strip.dataset.tokens) - 1;
  const from = performance.now() - place.at < ANSWERED ? place.index : Number(strip.dataset.selected);
  const to = event.key in ARROWS ? from + ARROWS[event.key]
    : event.key === 'Home' ? 0
    : event.key === 'End' ? last
    : event.key === 'Enter' || event.key === ' ' ? from
    : null;
  if (to === null) return;
  event.preventDefault();
  const index = Math.min(Math.max(to, 0), last);
  place = { index, at: performance.now() };
  for (const shown of document.querySelectorAll(`[data-token="${index}"]`)) shown.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  raise(strip, 'tokenselect', { index, open: event.key === 'Enter' || event.key === ' ' });
}
