// The section for a recording of one's own.
import { argumentsOf, call, describe, functions } from './engine.js';
import { element, outcomeElements } from './show.js';

const byId = (id) => document.getElementById(id);

const INPUTS = {
  'list-companies': {},
  'list-board-metadata': 'all',
  'get-ticket': { id: '1' },
  'find-tickets': { selection: { ids: ['1'] } },
  'list-contacts': { companyId: '1' },
  'list-assets': { companyId: '1' },
  'list-sites': { companyId: '1' },
  'check-ticket': { companyId: '1', summary: 'Text' },
  'create-ticket': { companyId: '1', summary: 'Text', reference: 'alert-1' },
  'add-note': { ticketId: '1', text: 'Text', audience: 'staff' },
  'set-status': { ticketId: '1', statusIds: ['1'] },
  'attach-asset': { ticketId: '1', assetId: '1' },
  verify: { needed: ['list-companies'] },
  origins: {},
};

export async function ownRecording(vendors) {
  let recording;
  const vendor = () => vendors.find((it) => it.name === byId('own-vendor').value);

  const settings = async () => {
    const { settings } = await describe(vendor());
    const fields = settings.map((it) => {
      const known = vendor().settings.find((own) => own.name === it.name)?.value ?? (it.isRequired ? (it.example ?? '') : '');
      return element('label', { title: it.help }, it.isRequired ? `${it.label} (required)` : it.label, element('input', { name: it.name, value: known, spellcheck: 'false', autocomplete: 'off' }));
    });
    byId('own-settings').replaceChildren(...fields);
  };
  const input = () => {
    byId('own-input').value = JSON.stringify(INPUTS[byId('own-function').value]);
  };
  const take = async (file) => {
    try {
      recording = JSON.parse((await file.text()).replace(/^\uFEFF/, ''));
      const count = recording.log?.entries?.length ?? recording.exchanges?.length;
      if (count === undefined) throw new Error('it is neither an HTTP archive nor a recording');
      byId('file-name').textContent = `${file.name}: ${count} exchanges`;
    } catch (error) {
      recording = undefined;
      byId('file-name').textContent = `${file.name} cannot be read: ${error.message}`;
    }
  };

  byId('own-vendor').append(...vendors.map((it) => element('option', { value: it.name }, it.title)));
  byId('own-function').append(...functions.map((it) => element('option', { value: it }, it)));
  byId('own-function').value = 'list-companies';
  byId('own-vendor').addEventListener('change', settings);
  byId('own-function').addEventListener('change', input);
  byId('file').addEventListener('change', () => byId('file').files[0] && take(byId('file').files[0]));
  for (const type of ['dragover', 'dragleave', 'drop']) {
    byId('drop').addEventListener(type, (event) => {
      event.preventDefault();
      byId('drop').classList.toggle('over', type === 'dragover');
      if (type === 'drop' && event.dataTransfer.files[0]) return take(event.dataTransfer.files[0]);
    });
  }
  byId('own-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const result = byId('own-result');
    if (!recording) return result.replaceChildren(element('p', { class: 'problem' }, 'Choose a file first.'));
    const values = [...byId('own-settings').querySelectorAll('input')].filter((it) => it.value !== '').map((it) => ({ name: it.name, value: it.value }));
    const name = byId('own-function').value;
    try {
      const outcome = await call(vendor(), name, argumentsOf(name, JSON.parse(byId('own-input').value)), values, recording);
      result.replaceChildren(...outcomeElements(name, outcome));
    } catch (error) {
      result.replaceChildren(element('p', { class: 'problem' }, error.message));
    }
  });
  await settings();
  input();
}
