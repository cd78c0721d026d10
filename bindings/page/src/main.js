// The page: chooses connectors and functions, and shows what comes of them.
import { call, describe } from './engine.js';
import { ownRecording } from './own.js';
import { element, outcomeElements, words } from './show.js';

const { vendors } = JSON.parse(document.getElementById('data').textContent);
const byId = (id) => document.getElementById(id);

/** What the recorded tenants answer. */
const TENANTS = {
  connectwise: { ticket: '5120', draft: { companyId: '250', boardId: '5', typeId: '61', priorityId: '6', severity: 'high' } },
  halopsa: { ticket: '9499', draft: { companyId: '12', boardId: '27', typeId: '36', priorityId: '4' } },
  autotask: { ticket: '7001', draft: { companyId: '250', boardId: '8', typeId: '10', priorityId: '1' } },
};
const FIRST_SIX = ['verify', 'list-companies', 'list-board-metadata', 'check-ticket', 'create-ticket', 'get-ticket'];
const FUNCTIONS = [
  ['Verify', 'verify', () => [FIRST_SIX]],
  ['Companies', 'list-companies', () => [{}]],
  ['Boards', 'list-board-metadata', () => ['all']],
  ['Check a ticket', 'check-ticket', draft],
  ['Open a ticket', 'create-ticket', draft],
  ['Read the ticket', 'get-ticket', (vendor) => [TENANTS[vendor.name].ticket]],
];

let vendor = vendors[0];
let chosen;

/** The ticket of the form. */
function draft() {
  const values = Object.fromEntries([...new FormData(byId('draft'))].filter((it) => it[1] !== ''));
  return [{ ...values, details: [{ label: 'Domain', value: 'example.com' }] }];
}

function showDraft() {
  const fields = { ...TENANTS[vendor.name].draft, summary: 'Blocked domain', reference: 'alert-4711' };
  const labels = Object.entries(fields).map(([name, value]) => element('label', {}, words(name), element('input', { name, value, spellcheck: 'false', autocomplete: 'off' })));
  byId('draft').replaceChildren(element('p', { class: 'dim' }, 'The ticket to check and to open. The recording knows this one; with other values, it says what differs.'), ...labels);
}

async function show() {
  const [label, name, values] = FUNCTIONS[chosen];
  try {
    const outcome = await call(vendor, name, values(vendor), vendor.settings, vendor.recording);
    byId('result').replaceChildren(...outcomeElements(label, outcome));
  } catch (error) {
    byId('result').replaceChildren(element('p', { class: 'problem' }, error.message));
  }
}

function press(index) {
  chosen = index;
  [...byId('functions').children].forEach((it, at) => it.setAttribute('aria-pressed', String(at === index)));
  return show();
}

async function start() {
  for (const one of vendors) {
    const { vendor: title } = await describe(one);
    one.title = title;
    const radio = element('input', { type: 'radio', name: 'vendor', value: one.name });
    radio.checked = one === vendor;
    radio.addEventListener('change', () => {
      vendor = one;
      showDraft();
      return chosen === undefined ? undefined : show();
    });
    byId('vendors').append(element('label', {}, radio, title));
  }
  FUNCTIONS.forEach(([label], index) => {
    const button = element('button', { type: 'button', 'aria-pressed': 'false' }, label);
    button.addEventListener('click', () => press(index));
    byId('functions').append(button);
  });
  byId('draft').addEventListener('submit', (event) => event.preventDefault());
  showDraft();
  await ownRecording(vendors);
  document.documentElement.dataset.ready = 'yes';
}

start().catch((error) => byId('result').replaceChildren(element('p', { class: 'problem' }, `The page cannot run here: ${error.message}`)));
