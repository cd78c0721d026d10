// The page in a real browser, opened as a file: what it shows is what the package returns, nothing leaves it, and it fits.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { connector } from '../../node/src/index.js';
import { browserProgram, open } from './support/browser.js';

const MOST_BYTES = 900_000;
const repository = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const file = repository('target/dist/psa-connectors.html');
const html = readFileSync(file, 'utf8');
const shots = repository('target/page');
const isMissing = browserProgram() === undefined;
if (isMissing && process.env.PSA_REQUIRE_TOOLS) throw new Error('no browser: install chromium');
const needsBrowser = { skip: isMissing && 'left out: no chromium' };

let page;
before(async () => {
  if (isMissing) return;
  page = await open(pathToFileURL(file).href);
  await page.until(`document.documentElement.dataset.ready === 'yes'`);
});
after(() => page?.close());

const FIRST_SIX = ['verify', 'list-companies', 'list-board-metadata', 'check-ticket', 'create-ticket', 'get-ticket'];
const TENANTS = {
  connectwise: { ticket: '5120', draft: { companyId: '250', boardId: '5', typeId: '61', priorityId: '6', severity: 'high' } },
  halopsa: { ticket: '9499', draft: { companyId: '12', boardId: '27', typeId: '36', priorityId: '4' } },
  autotask: { ticket: '7001', draft: { companyId: '250', boardId: '8', typeId: '10', priorityId: '1' } },
};

test('the page keeps its size and its policy', () => {
  const size = gzipSync(readFileSync(file), { level: 9 }).length;
  assert.ok(size <= MOST_BYTES, `${size} bytes with gzip`);
  assert.ok(statSync(file).size < 2_000_000);
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html);
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval'; style-src 'sha256-[^']+'; form-action 'none'; base-uri 'none'$/);
  assert.doesNotMatch(html, /<(link|img|iframe|object|embed)\b|\ssrc=|\son[a-z]+="/);
});

for (const vendor of Object.keys(TENANTS)) {
  test(`${vendor}: every button shows what the package returns`, needsBrowser, async () => {
    const { draft, ticket } = TENANTS[vendor];
    const toml = readFileSync(repository(`tests/recordings/${vendor}/settings.toml`), 'utf8');
    const settings = Object.fromEntries([...toml.matchAll(/^([a-z-]+) = "([^"]*)"/gm)].map((it) => it.slice(1)));
    const tenant = await connector(vendor).tenant(settings, { recording: repository(`tests/recordings/${vendor}/tenant.json`), isolation: 'none' });
    const whole = { ...draft, summary: 'Blocked domain', details: [{ label: 'Domain', value: 'example.com' }], reference: 'alert-4711' };
    const expected = {
      Verify: await tenant.verify(FIRST_SIX),
      Companies: await tenant.listCompanies(),
      Boards: await tenant.listBoardMetadata('all'),
      'Check a ticket': await tenant.checkTicket(whole),
      'Open a ticket': await tenant.createTicket(whole),
      'Read the ticket': await tenant.getTicket(ticket),
    };
    await page.evaluate(`document.querySelector('input[value=${vendor}]').click()`);
    for (const [label, value] of Object.entries(expected)) {
      await page.evaluate(`[...document.querySelectorAll('#functions button')].find((it) => it.textContent === ${JSON.stringify(label)}).click()`);
      await page.until(`document.querySelector('#result h3')?.textContent.startsWith(${JSON.stringify(label)})`);
      const shown = await page.evaluate(`document.querySelector('#result .json').textContent`);
      // Members that are undefined are not in JSON.
      assert.deepEqual(JSON.parse(shown), JSON.parse(JSON.stringify(value)), label);
      assert.ok(await page.evaluate(`document.querySelectorAll('#result table td').length > 0 || document.querySelector('#result').textContent.includes('Nothing to report')`), label);
    }
  });
}

/** An archive as a browser writes it, of the requests for companies in the recording. */
function archive() {
  const recording = JSON.parse(readFileSync(repository('tests/recordings/connectwise/tenant.json'), 'utf8'));
  const entries = recording.exchanges
    .filter((it) => it.request.path === '/company/companies')
    .map(({ request, response }) => ({
      request: { method: 'GET', url: `https://api-na.myconnectwise.net/v4_6_release/apis/3.0${request.path}?${new URLSearchParams(request.query)}`, headers: [] },
      response: { status: response.status, headers: Object.entries(response.headers).map(([name, value]) => ({ name, value })), content: { text: JSON.stringify(response.json) } },
    }));
  return JSON.stringify({ log: { version: '1.2', creator: { name: 'test', version: '1' }, entries } });
}

test('an archive that is dropped is read, and what it lacks is named', needsBrowser, async () => {
  const drop = (text) => `(() => {
    const data = new DataTransfer();
    data.items.add(new File([${JSON.stringify(text)}], 'mine.har'));
    document.getElementById('drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  })()`;
  const runIt = `document.querySelector('#own-form button').click()`;
  await page.evaluate(drop('rubbish'));
  await page.until(`document.getElementById('file-name').textContent.includes('cannot be read')`);
  await page.evaluate(runIt);
  await page.until(`document.getElementById('own-result').textContent === 'Choose a file first.'`);
  await page.evaluate(drop(archive()));
  await page.until(`/mine.har: \\d+ exchanges/.test(document.getElementById('file-name').textContent)`);
  await page.evaluate(runIt);
  await page.until(`document.querySelector('#own-result .json')`);
  assert.equal(JSON.parse(await page.evaluate(`document.querySelector('#own-result .json').textContent`)).companies.length, 8);
  await page.evaluate(`(() => { const it = document.getElementById('own-function'); it.value = 'get-ticket'; it.dispatchEvent(new Event('change')); })()`);
  await page.evaluate(runIt);
  await page.until(`document.getElementById('own-result').textContent.includes('no exchange is recorded for GET')`);
});

test('the contract can be read', needsBrowser, async () => {
  const text = await page.evaluate(`document.getElementById('contract').textContent`);
  for (const part of ['create-ticket: func(settings: list<setting>, draft: ticket-draft)', 'Opens one ticket.', 'record ticket-draft', 'may-have-acted: bool']) assert.ok(text.includes(part), part);
  assert.equal(await page.evaluate(`document.querySelectorAll('#contract details').length > 60`), true);
});

test('it fits at 320 and 1280 pixels, in light and dark, with contrast', needsBrowser, async () => {
  mkdirSync(shots, { recursive: true });
  for (const scheme of ['light', 'dark']) {
    await page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
    for (const width of [320, 1_280]) {
      await page.send('Emulation.setDeviceMetricsOverride', { width, height: 1_600, deviceScaleFactor: 1, mobile: width < 500 });
      await page.evaluate(`document.querySelectorAll('details').forEach((it) => { it.open = ${width === 320}; })`);
      const widest = await page.evaluate(`document.documentElement.scrollWidth`);
      assert.ok(widest <= width, `${widest} pixels at ${width}`);
      await page.evaluate(`document.querySelectorAll('details').forEach((it) => { it.open = false; })`);
      await page.evaluate(`window.scrollTo(0, 0)`);
      const { data } = await page.send('Page.captureScreenshot', { format: 'png' });
      writeFileSync(`${shots}/${scheme}-${width}.png`, Buffer.from(data, 'base64'));
    }
    const colors = await page.evaluate(`(() => {
      const of = (selector) => { const it = getComputedStyle(document.querySelector(selector)); return [it.color, it.backgroundColor]; };
      const ground = getComputedStyle(document.body).backgroundColor;
      return [[getComputedStyle(document.body).color, ground], [of('.hint')[0], ground], [of('nav a')[0], ground], of('#functions button[aria-pressed=true]'), of('#functions button[aria-pressed=false]'), [of('.result th')[0], of('.result')[1]]];
    })()`);
    for (const [text, ground] of colors) assert.ok(contrast(text, ground) >= 4.5, `${scheme}: ${text} on ${ground}`);
  }
});

/** As WCAG 2 defines it, of two colors in the form `rgb(r, g, b)`. */
function contrast(one, other) {
  const brightness = (color) => {
    const [r, g, b] = color.match(/\d+(\.\d+)?/g).slice(0, 3).map((it) => it / 255).map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const [dark, light] = [brightness(one), brightness(other)].sort((a, b) => a - b);
  return light / dark;
}

test('everything can be reached and pressed with the keyboard', needsBrowser, async () => {
  await page.evaluate(`document.activeElement.blur()`);
  const press = async (key, code, text) => {
    await page.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code: key, windowsVirtualKeyCode: code, text });
    await page.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode: code });
  };
  await page.evaluate(`window.scrollTo(0, 0); document.querySelector('.skip').focus()`);
  const reached = new Set();
  let isPressed = false;
  for (let turn = 0; turn < 60; turn += 1) {
    await press('Tab', 9);
    const [tag, text, isVisible] = await page.evaluate(`(() => { const it = document.activeElement; return [it.tagName + (it.type ? ':' + it.type : ''), it.textContent.trim(), getComputedStyle(it).outlineStyle !== 'none']; })()`);
    reached.add(tag);
    if (tag === 'BUTTON:button') assert.ok(isVisible, `no outline on ${text}`);
    if (text === 'Companies' && !isPressed) {
      isPressed = true;
      await press('Enter', 13, '\r');
      await page.until(`document.querySelector('#result h3')?.textContent.startsWith('Companies')`);
    }
  }
  assert.ok(isPressed);
  for (const tag of ['A', 'INPUT:radio', 'BUTTON:button', 'INPUT:text', 'INPUT:file', 'SELECT:select-one', 'TEXTAREA:textarea', 'BUTTON:submit', 'SUMMARY']) assert.ok(reached.has(tag), `${tag} of ${[...reached]}`);
  assert.equal(await page.evaluate(`[...document.querySelectorAll('input, select, textarea')].filter((it) => it.labels.length === 0 && !it.ariaLabel).length`), 0, 'each field has a label');
});

test('nothing is loaded and nothing can be sent', needsBrowser, async () => {
  assert.deepEqual(page.requests.filter((it) => !it.startsWith('file:') && !it.startsWith('about:')), []);
  assert.deepEqual(page.problems, []);
  for (const attempt of [`fetch('https://psa.example/')`, `new Promise((_, no) => { const it = new Image(); it.onerror = () => no(new Error('refused')); it.src = 'https://psa.example/x.png'; document.body.append(it); })`]) {
    await assert.rejects(page.evaluate(attempt));
  }
  assert.ok(page.problems.every((it) => it.includes('Content Security Policy')), page.problems.join('; '));
  assert.ok(page.problems.length >= 2, page.problems.join('; '));
});
