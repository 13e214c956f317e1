// The line to the server. Blazor drops every event while it is cut: texts can be typed on and are sent when it is back, all other controls rest
// until then. What was sent shortly before the cut was noticed may never have arrived, and is sent again.

const NOTICED_WITHIN = 30_000;
const SECONDS_BETWEEN = [0, 1, 2, 3, 5, 5, 10];
const LEFT_ALONE = '.flow, [data-line], [data-theme-switch]';
const LOADED_ANEW = 'lm.anew';

let blazor;
let notice;
let isCut = false;
let rested = [];
let focused = null;
let edited = null;
let sent = new Map();

// Never gives up: a laptop that sleeps for an hour comes back too.
export const retries = {
  maxRetries: Infinity,
  retryIntervalMilliseconds: tried => 1000 * (SECONDS_BETWEEN[tried] ?? 15),
};

/** Whether what is done now would be lost. */
export function isLost() {
  return isCut;
}

export function watch(started) {
  blazor = started;
  notice = document.querySelector('[data-line]');
  notice.addEventListener('components-reconnect-state-changed', ({ detail }) => {
    if (detail.state === 'show') cut();
    else if (detail.state === 'hide') mend();
    else if (detail.state === 'rejected' || detail.state === 'resume-failed') loadAnew();
  });
  notice.querySelector('[data-try]').addEventListener('click', tryNow);
  notice.querySelector('[data-close]').addEventListener('click', () => say(''));
  addEventListener('online', tryNow);
  document.addEventListener('input', event => { edited = isText(event.target) ? null : event.target; }, true);
  document.addEventListener('change', event => commit(event.target), true);
  if (sessionStorage.getItem(LOADED_ANEW)) say('anew');
  sessionStorage.removeItem(LOADED_ANEW);
}

function say(state) {
  notice.dataset.line = state;
}

function cut() {
  isCut = true;
  say('cut');
  focused = document.activeElement;
  rest(document.body);
}

function mend() {
  isCut = false;
  say('');
  for (const element of rested) element.inert = false;
  rested = [];
  if (document.activeElement === document.body && focused?.isConnected) focused.focus();
  document.dispatchEvent(new CustomEvent('lm:back'));
  sendAgain();
}

function rest(element) {
  for (const child of element.children) {
    if (child.matches(LEFT_ALONE) || child.inert) continue;
    if (child.querySelector(LEFT_ALONE)) rest(child);
    else {
      child.inert = true;
      rested.push(child);
    }
  }
}

async function tryNow() {
  if (!isCut) return;
  try {
    if (!await blazor.reconnect()) loadAnew();
  } catch {
    // The server is not there yet: the next try is under way.
  }
}

// The server has been started anew, or has let the page go: the address has its settings, the tab keeps its texts.
function loadAnew() {
  if (notice.dataset.line === 'loading') return;
  say('loading');
  document.dispatchEvent(new CustomEvent('lm:leave'));
  sessionStorage.setItem(LOADED_ANEW, '1');
  location.reload();
}

function commit(element) {
  if (isText(element)) return;
  if (edited === element) edited = null;
  const now = performance.now();
  sent = new Map([...sent].filter(([, { at }]) => now - at < NOTICED_WITHIN));
  sent.set(element, { value: valueOf(element), at: now });
}

// A value that the server has answered with another one is not what was chosen any more.
function sendAgain() {
  const again = [...sent].filter(([element, { value }]) => valueOf(element) === value).map(([element]) => element);
  if (edited && !again.includes(edited)) again.push(edited);
  for (const element of again) {
    if (element.isConnected) element.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

function valueOf(element) {
  return element.type === 'checkbox' || element.type === 'radio' ? element.checked : element.value;
}

function isText(element) {
  return element.matches('.prompt');
}
