// The focus is never lost: where the element that has it goes, is hidden or is disabled, its neighbour gets it.

const REACHABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';

// What opens over the page: whoever leaves it comes back to where it was opened from.
const OVER = '.mud-popover, [role="dialog"], .token-panel, .sampler-panel';

let last = null;

export function keepFocus() {
  document.addEventListener('focusin', event => remember(event.target));
  // A press beside all controls takes the focus away on purpose.
  document.addEventListener('pointerdown', event => { if (!event.target.closest?.(REACHABLE)) last = null; });
  document.addEventListener('click', lead);
  new MutationObserver(check).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled', 'class', 'hidden', 'open', 'tabindex'] });
}

// A control that leads to another place of its panel: the focus goes to the first box there.
function lead(event) {
  const place = event.target.closest?.('[data-goto]');
  const target = place?.closest('.sampler-panel')?.querySelector(place.dataset.goto);
  target?.scrollIntoView({ block: 'nearest' });
  target?.querySelector('input, select, [role=combobox]')?.focus();
}

function remember(element) {
  const all = [...document.querySelectorAll(REACHABLE)];
  const over = element.closest(OVER);
  const isSheet = over && getComputedStyle(over).position === 'fixed';
  const opener = !over ? null : last?.over === over ? last.opener : last;
  const path = [];
  for (let node = element; node.parentElement; node = node.parentElement) path.push({ parent: node.parentElement, at: [...node.parentElement.children].indexOf(node) });
  last = {
    element, over, opener: isSheet || over?.matches('.mud-popover, [role="dialog"]') ? opener : null, all, at: all.indexOf(element), path,
  };
}

let isChecking = false;

function check() {
  if (isChecking || !last || (document.activeElement !== document.body && document.activeElement !== last.element)) return;
  isChecking = true;
  // After the next layout: the browser itself lets go of what has become invisible only then.
  requestAnimationFrame(() => setTimeout(() => {
    isChecking = false;
    if (!last || isThere(last.element)) return;
    if (document.activeElement && document.activeElement !== document.body && document.activeElement !== last.element) return;
    successor(last)?.focus({ preventScroll: false });
  }));
}

function isThere(element) {
  return element.isConnected && !element.disabled && element.checkVisibility({ visibilityProperty: true });
}

function isReachable(element) {
  return element.tabIndex >= 0 && isThere(element);
}

function successor({ opener, all, at, path }) {
  // A menu's button may be another element by now, in the same place.
  if (opener) return isReachable(opener.element) ? opener.element : successor(opener);
  // What stands where it stood: Stop in place of Generate.
  const place = path.find(({ parent }) => parent.isConnected);
  const instead = place?.parent.children[place.at];
  const inside = instead && [instead, ...instead.querySelectorAll(REACHABLE)].find(element => element.matches(REACHABLE) && isReachable(element));
  if (inside) return inside;
  // The nearest one within the smallest part of the page that has any.
  for (const { parent } of path.filter(({ parent }) => parent.isConnected)) {
    for (let away = 1; away < all.length; away++) {
      for (const neighbour of [all[at + away], all[at - away]]) {
        if (neighbour && parent.contains(neighbour) && isReachable(neighbour)) return neighbour;
      }
    }
  }
  return document.getElementById('main');
}
