// Chromium, driven through a pipe in the DevTools protocol: no package is needed for it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The browser's program, or undefined if there is none. */
export const browserProgram = () => [process.env.PSA_BROWSER, 'chromium', 'chromium-browser', 'google-chrome'].filter(Boolean).find((it) => spawnSync(it, ['--version']).status === 0);

/** Opens a page: `{ evaluate, send, problems, requests, close }`. */
export async function open(url) {
  const profile = mkdtempSync(join(tmpdir(), 'psa-browser-'));
  // Root may run it only without its own sandbox; what it opens is this repository's page.
  const options = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', `--user-data-dir=${profile}`, '--remote-debugging-pipe', 'about:blank'];
  const browser = spawn(browserProgram(), options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , , to, from] = browser.stdio;
  const waiting = new Map();
  const problems = [];
  const requests = [];
  let count = 0;
  let rest = '';
  let session;

  const receive = ({ id, result, error, method, params }) => {
    if (id !== undefined) {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      return error ? reject(new Error(error.message)) : resolve(result);
    }
    if (method === 'Network.requestWillBeSent') requests.push(params.request.url);
    if (method === 'Runtime.exceptionThrown') problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === 'Log.entryAdded' && params.entry.level === 'error') problems.push(params.entry.text);
    if (method === 'Runtime.consoleAPICalled' && params.type === 'error') problems.push(JSON.stringify(params.args));
    return undefined;
  };
  from.on('data', (chunk) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop();
    parts.forEach((it) => receive(JSON.parse(it)));
  });
  const send = (method, params = {}) =>
    new Promise((resolve, reject) => {
      count += 1;
      waiting.set(count, { resolve, reject });
      to.write(`${JSON.stringify({ id: count, method, params, sessionId: session })}\0`);
    });
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };

  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  ({ sessionId: session } = await send('Target.attachToTarget', { targetId, flatten: true }));
  for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await send(`${domain}.enable`);
  await send('Page.navigate', { url });
  const until = async (condition) => {
    for (let turn = 0; turn < 600; turn += 1) {
      if (await evaluate(condition).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`it did not come to pass: ${condition}; ${problems.join('; ')}`);
  };
  const close = () =>
    new Promise((resolve) => {
      browser.once('exit', () => {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
        resolve();
      });
      browser.kill();
    });
  return { evaluate, send, until, problems, requests, close };
}
