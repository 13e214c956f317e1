// The page of a demo that the server has not read: what stands after "#" is unpacked, checked and shown here, and is sent nowhere.

import { open } from '../demo.js';
import { dataOf } from './data.js';
import { Fault } from './fault.js';
import { fill } from './fill.js';
import { read } from './read.js';
import { unseal } from './seal.js';
import { unpackLink } from './unpack.js';
import { viewOf } from './view.js';

const rules = JSON.parse(document.getElementById('demo-rules').textContent);

function say(name, ...values) {
  const words = rules.words[name];
  return values.length ? words.replace(/\{(\d)\}/g, (_, place) => typeof values[place] === 'number' ? values[place].toLocaleString('en') : values[place]) : words;
}

async function show() {
  const notice = document.querySelector('[data-testid=demo-notice]');
  try {
    const fragment = location.hash.slice(1);
    const { source } = notice.dataset;
    const bytes = source ? await unseal(() => fetched(source), fragment, rules.limits.bytes) : await unpackLink(fragment, rules.link);
    const demo = read(bytes, rules);
    const view = viewOf(demo, rules);
    const main = fill(view, rules, say);
    const data = dataOf(view, rules, say);
    if (view.title) document.title = view.title;
    notice.replaceWith(main);
    open(data);
  } catch (error) {
    if (!(error instanceof Fault)) console.error(error);
    const isKnown = error instanceof Fault;
    notice.querySelector('[data-notice]').textContent = say('demo.Broken', isKnown ? say(`open.${error.message}`, ...error.values) : say('open.NoDemo'));
    notice.dataset.fault = isKnown ? error.message : 'NoDemo';
  }
}

async function fetched(source) {
  try {
    const answer = await fetch(source);
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  } catch { /* Said below. */ }
  throw new Fault('Gone');
}

// Another link in the same tab is another demo; the browser itself loads nothing for it.
addEventListener('hashchange', () => location.reload());

// The link past the header would write its own name into the address, where the demo is.
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  const main = document.getElementById('main');
  main.tabIndex = -1;
  main.focus();
});

await show();
