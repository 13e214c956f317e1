// A panel that is open on a narrow screen lies over the page: it is a dialog then. On a wide screen the same panel stands in the page and is
// a region of it; which of the two, only the browser knows.

const NARROW = matchMedia('(max-width: 759.98px)');

// What lies over a sheet too, or speaks of the whole page.
const OVER = '.mud-popover-provider, #mud-snackbar-container, .mud-dialog-container, [data-line]';

let sheet = null;
let opener = null;
let behind = [];

export function watchSheets() {
  new MutationObserver(check).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
  NARROW.addEventListener('change', check);
  // Before the page's own keys: this Escape ends no run.
  document.addEventListener('keydown', onKey, true);
  document.addEventListener('click', onClick);
}

function check() {
  const open = NARROW.matches ? [...document.querySelectorAll('[data-sheet].open')].at(-1) ?? null : null;
  if (open === sheet && (!sheet || sheet.isConnected)) return;
  if (sheet) putBack();
  sheet = open;
  if (sheet) layOver();
}

function layOver() {
  opener = document.activeElement;
  sheet.setAttribute('role', 'dialog');
  sheet.setAttribute('aria-modal', 'true');
  sheet.tabIndex = -1;
  for (let node = sheet; node !== document.body; node = node.parentElement) {
    for (const other of node.parentElement.children) {
      if (other === node || other.inert || other.matches(OVER) || other.querySelector(OVER)) continue;
      other.inert = true;
      behind.push(other);
    }
  }
  sheet.focus({ preventScroll: true });
}

function putBack() {
  for (const attribute of ['role', 'aria-modal', 'tabindex']) sheet.removeAttribute(attribute);
  for (const element of behind) element.inert = false;
  behind = [];
  const hadFocus = document.activeElement === document.body || sheet.contains(document.activeElement);
  if (hadFocus && opener?.isConnected) opener.focus({ preventScroll: true });
}

function close() {
  sheet.querySelector('[data-close-sheet]').click();
}

function onKey(event) {
  // A list that is open over the sheet closes first, and so does a dialog.
  if (event.key !== 'Escape' || !sheet || event.target.ariaExpanded === 'true') return;
  if (event.target !== document.body && !sheet.contains(event.target)) return;
  event.stopPropagation();
  close();
}

// What is behind cannot be hit: a press on it reaches only what it stands in.
function onClick(event) {
  if (sheet && event.target.isConnected && event.target.contains(sheet) && event.target !== sheet) close();
}
