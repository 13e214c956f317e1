// While a run goes on its newest token stays in view, in the text and in the strip, unless the reader has scrolled back.

const NEAR = 48;
const LAST_TOKENS = 1000;

export function follow(panel, text, bars, flow) {
  let busyAt = -Infinity;
  const isRunning = () => {
    if (panel.querySelector('[aria-busy="true"]')) busyAt = performance.now();
    return performance.now() - busyAt < LAST_TOKENS;
  };
  // What stands below the flow, as the sequences of a search do, is not its end.
  const textEnd = () => flow.offsetTop - text.offsetTop + flow.offsetHeight + NEAR / 2 - text.clientHeight;
  stick(text, 'scrollTop', textEnd, isRunning, act => new ResizeObserver(act).observe(flow));
  stick(bars, 'scrollLeft', () => bars.scrollWidth - bars.clientWidth, isRunning, act => new MutationObserver(act).observe(bars, { attributeFilter: ['style'] }));
}

function stick(scroller, position, end, isRunning, onGrowth) {
  let isAtEnd = true;
  scroller.addEventListener('scroll', () => {
    isAtEnd = Math.abs(Math.max(0, end()) - scroller[position]) < NEAR;
  }, { passive: true });
  onGrowth(() => {
    if (isRunning() && isAtEnd) scroller[position] = Math.max(0, end());
  });
}
