// Loaded by Blazor before it starts: the page's own events, each raised by one listener on the document.

import { keepFocus } from './focus.js';
import { isOver, watchMenus } from './menus.js';
import { commit, step } from './numbers.js';
import { isLost, retries, watch } from './line.js';
import { watchSheets } from './sheet.js';
import { explainTerms } from './tips.js';
import { defineTokens, reveal, tokenAt } from './tokens.js';

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
  // Before any control takes it for its own Enter.
  document.addEventListener('keydown', onRunKey, true);
  document.addEventListener('keydown', onKey);
  document.addEventListener('keydown', step);
  keepFocus();
  defineTokens();
  watchMenus();
  watchSheets();
  explainTerms();
  watch(blazor);
}

function raise(target, name, detail) {
  if (isLost()) return;
  target.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

function onClick(event) {
  // Text that is being marked for copying is no click on a token.
  const index = getSelection().isCollapsed ? tokenAt(event) : null;
  if (index === null) return;
  place.at = -Infinity;
  raise(event.target, 'tokenselect', { index, open: true });
}

function onRunKey(event) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.stopPropagation();
  run(event, 'generate');
}

function onKey(event) {
  if (event.key === 'Escape' && !isOver(event.target)) return run(event, 'stop');
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
  reveal(index);
  raise(strip, 'tokenselect', { index, open: event.key === 'Enter' || event.key === ' ' });
}
