// What MudBlazor's menus lack: one that was opened by a pointer leaves the focus on its button, where Escape does nothing.

const OPENER = '.mud-menu-activator[aria-expanded="true"]';

export function watchMenus() {
  document.addEventListener('keydown', event => {
    const opener = event.key === 'Escape' ? document.querySelector(OPENER) : null;
    if (!opener || event.target.closest?.('.mud-popover')) return;
    event.stopImmediatePropagation();
    opener.firstElementChild.click();
    opener.focus();
  }, true);
}

/** Whether something lies over the page there, whose Escape is its own. */
export function isOver(element) {
  return element.closest?.('.mud-popover, .mud-dialog-container') != null;
}
