// The tab's own unguessable name: its runs are found again by it after a reload.

const KEY = 'lm.tab';

let own = null;

// The pages of one tab share the name: the lock is asked for once.
export function id() {
  return own ??= find();
}

async function find() {
  const kept = sessionStorage.getItem(KEY);
  if (kept && await isFree(kept)) return kept;
  const fresh = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
  sessionStorage.setItem(KEY, fresh);
  await isFree(fresh);
  return fresh;
}

// A duplicated tab inherits the storage of the first one. The name belongs to the tab that holds the lock; a page that is being
// reloaded gives it up within a moment. Without locks (plain HTTP on another machine) a duplicate shares the name.
async function isFree(name) {
  if (!navigator.locks) return true;
  return new Promise(resolve => {
    const patience = AbortSignal.timeout(500);
    navigator.locks.request(`lm.tab.${name}`, { signal: patience }, () => {
      resolve(true);
      return new Promise(() => { });
    }).catch(() => resolve(false));
  });
}
