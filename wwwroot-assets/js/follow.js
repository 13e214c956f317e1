// While a run goes on its newest token stays in view, in the text and in the strip, unless the reader has scrolled back.

const NEAR = 48;
const LAST_TOKENS = 1000;

export function follow(panel, text, bars) {
  let busyAt = -Infinity;
  const isRunning = () => {
    if (panel.querySelector('[aria-busy="true"]')) busyAt = performance.now();
    return performance.now() - busyAt < LAST_TOKENS;
  };
  stick(text, 'scrollTop', 'scrollHeight', 'clientHeight', isRunning, act => new ResizeObserver(act).observe(text.firstElementChild));
  stick(bars, 'scrollLeft', 'scrollWidth', 'clientWidth', isRunning, act => new MutationObserver(act).observe(bars, { childList: true }));
}

function stick(scroller, position, whole, visible, isRunning, onGrowth) {
  let isAtEnd = true;
  scroller.addEventListener('scroll', () => {
    isAtEnd = scroller[whole] - scroller[position] - scroller[visible] < NEAR;
  }, { passive: true });
  onGrowth(() => {
    if (isRunning() && isAtEnd) scroller[position] = scroller[whole];
  });
}
