// What a term means, shown while the pointer or the focus is on it, and by a tap: one tip for all terms. It goes with Escape, and stays while
// the pointer is over it, so that it can be read enlarged.

const TERM = '.term[aria-description]';
const GAP = 6;

let tip = null;
let shown = null;
let tapped = null;

export function explainTerms() {
  document.addEventListener('pointerover', event => { if (event.pointerType === 'mouse') over(event.target); });
  document.addEventListener('focusin', event => show(event.target.closest?.(TERM)));
  document.addEventListener('pointerdown', event => {
    tapped = event.pointerType !== 'mouse' && event.target.closest?.(TERM) === shown ? shown : null;
  });
  document.addEventListener('click', event => {
    const term = event.target.closest?.(TERM);
    // A second tap closes what the first one opened.
    show(term && term === tapped ? null : term);
  });
  document.addEventListener('keydown', event => { if (event.key === 'Escape') show(null); });
  // A term that Tab comes to is scrolled into view after it has the focus.
  document.addEventListener('scroll', () => { if (shown) place(); }, { capture: true, passive: true });
  new MutationObserver(() => { if (shown && !shown.isConnected) show(null); }).observe(document.body, { subtree: true, childList: true });
}

function over(target) {
  if (target.closest?.('.term-tip')) return;
  const term = target.closest?.(TERM);
  if (term) return show(term);
  if (shown && document.activeElement !== shown) show(null);
}

function show(term) {
  shown = term ?? null;
  if (!shown) return tip?.hidePopover();
  if (!tip?.isConnected) {
    tip = document.createElement('div');
    tip.className = 'term-tip';
    // Screen readers have the words already, as the term's description.
    tip.ariaHidden = 'true';
    tip.popover = 'manual';
    document.body.append(tip);
  }

  tip.textContent = shown.getAttribute('aria-description');
  tip.showPopover();
  place();
}

function place() {
  const [at, size] = [shown.getBoundingClientRect(), tip.getBoundingClientRect()];
  const left = Math.min(Math.max(at.left + at.width / 2 - size.width / 2, GAP), innerWidth - size.width - GAP);
  const below = at.bottom + GAP;
  tip.style.left = `${Math.max(left, GAP)}px`;
  tip.style.top = `${below + size.height <= innerHeight ? below : Math.max(at.top - GAP - size.height, GAP)}px`;
}
