// Boxes of text that stand for a number or a short text: arrow keys step a number, and what was typed can be sent before the box is left.

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const STEPS = { ArrowUp: 1, ArrowDown: -1 };

export function step(event) {
  const box = event.target;
  const way = STEPS[event.key];
  if (!way || !box.dataset?.step || box.disabled || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const text = box.value.trim().replace(',', '.');
  if (!NUMBER.test(text)) return;
  event.preventDefault();
  const by = Number(box.dataset.step);
  const decimals = Math.max(decimalsOf(box.dataset.step), decimalsOf(text));
  const least = box.dataset.min === undefined ? -Infinity : Number(box.dataset.min);
  const most = box.dataset.max === undefined ? Infinity : Number(box.dataset.max);
  box.value = Math.min(Math.max(Number(text) + way * by, least), most).toFixed(decimals);
  commit(box);
}

// As if the box had been left.
export function commit(box) {
  if (box?.matches?.('input:not([type=range]):not([type=checkbox])')) box.dispatchEvent(new Event('change', { bubbles: true }));
}

function decimalsOf(text) {
  return text.split('.')[1]?.length ?? 0;
}
