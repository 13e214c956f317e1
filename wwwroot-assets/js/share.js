// The browser's own secret, which makes it the owner of its links, what it encrypts, and what is copied.

import { canSeal, seal } from './open/seal.js';

const KEY = 'lm.owner';

// Made when a link is first made: who only reads has none.
export function owner(makes) {
  const kept = localStorage.getItem(KEY);
  if (kept || !makes) return kept;
  const fresh = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  localStorage.setItem(KEY, fresh);
  return fresh;
}

// Takes the secret of another browser from the address, which shows it no longer.
export function takeOver() {
  const [, secret] = location.hash.match(/^#owner=([\w-]{43})$/) ?? [];
  if (!secret) return false;
  localStorage.setItem(KEY, secret);
  history.replaceState(history.state, '', location.pathname + location.search);
  return true;
}

// The key of what was encrypted last: the server never hears of it.
let key = '';

export { canSeal };

export async function encrypt(source) {
  const made = await seal(await source.arrayBuffer());
  ({ key } = made);
  return made.sealed;
}

// A link becomes the one that opens: its key stands after "#".
export function addKey(element) {
  if (element instanceof HTMLAnchorElement) element.hash = key;
  else element.value += `#${key}`;
}

// Without the clipboard (plain HTTP on another machine) the text is marked, to be copied by hand.
export async function copy(box) {
  box.focus();
  box.select();
  try {
    await navigator.clipboard.writeText(box.value);
    return true;
  } catch {
    return false;
  }
}
