// 1,000 tickets are opened in a ConnectWise that cuts connections at every point: none is lost, none is doubled.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { canSuspend } from '../src/abi/instance.js';
import { closeConnections, connector, ConnectorError } from '../src/index.js';
import { json, serve } from './support/server.js';

const TICKETS = Number(process.env.PSA_TICKETS ?? 1_000);
after(closeConnections);

/** What befalls the next request: a number that is the same in each run. */
function fates() {
  let state = 20_261_127;
  return (count) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * count);
  };
}

/** The server's tickets by reference, and what was done to connections. */
function ticketSystem() {
  const tickets = [];
  const cuts = { 'before a write': 0, 'after a write': 0, 'within an answer': 0, 'before a look-up': 0, 'a 503': 0 };
  const fate = fates();
  const shown = ({ id, summary, externalXRef }) => ({ id, summary, externalXRef, company: { id: 250 }, board: { id: 5, name: 'Alerts' }, status: { id: 51, name: 'New' }, closedFlag: false });
  const cut = (what, request) => {
    cuts[what] += 1;
    request.socket.destroy();
  };
  const answer = (request, response, body) => {
    const url = new URL(request.url, 'https://psa.example');
    if (request.method === 'GET' && url.pathname.endsWith('/service/tickets')) {
      if (fate(8) === 0) return cut('before a look-up', request);
      const reference = /externalXRef\s*=\s*["']([^"']+)["']/.exec(url.searchParams.get('conditions'))?.[1];
      return json(response, 200, tickets.filter((it) => it.externalXRef === reference).map(shown));
    }
    if (request.method !== 'POST' || !url.pathname.endsWith('/service/tickets')) return json(response, 404, {});
    const chosen = fate(8);
    if (chosen === 0) return cut('before a write', request);
    if (chosen === 1) {
      cuts['a 503'] += 1;
      return json(response, 503, { message: 'busy' });
    }
    const ticket = { ...JSON.parse(body), id: 7_000 + tickets.length };
    tickets.push(ticket);
    if (chosen === 2) return cut('after a write', request);
    if (chosen === 3) {
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': 5_000 });
      response.write('{"id":');
      return setTimeout(() => cut('within an answer', request), 1);
    }
    return json(response, 201, shown(ticket));
  };
  return { tickets, cuts, answer };
}

for (const isolation of canSuspend ? ['worker', 'none'] : ['worker']) {
  test(`${TICKETS} tickets, isolation ${isolation}`, async (t) => {
    const { tickets, cuts, answer } = ticketSystem();
    const { site, options } = await serve(t, answer);
    const settings = { site, 'company-id': 'examplemsp', 'public-key': 'ExamplePublicKey', 'private-key': 'ExamplePrivateKey', 'client-id': '3e1c5a70-94d2-4b86-a0f7-5d6c2b8e9a41' };
    const tenant = await connector('connectwise').tenant(settings, { ...options, isolation, retries: { firstPauseMs: 1, longestPauseMs: 5 } });
    const told = { created: 0, found: 0, 'outcome-unknown': 0, unavailable: 0 };
    const open = async (reference) => {
      for (;;) {
        try {
          const { ticket, creation } = await tenant.createTicket({ companyId: '250', summary: `Alert ${reference}`, reference });
          told[creation] += 1;
          return [reference, ticket.id];
        } catch (error) {
          if (!(error instanceof ConnectorError) || !['outcome-unknown', 'unavailable'].includes(error.code)) throw error;
          told[error.code] += 1;
        }
      }
    };
    const references = Array.from({ length: TICKETS }, (_, index) => `alert-${index}`);
    const opened = [];
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (let reference = references.pop(); reference !== undefined; reference = references.pop()) opened.push(await open(reference));
    }));
    t.diagnostic(JSON.stringify({ told, cuts, tickets: tickets.length }));
    for (const count of Object.values(cuts)) assert.ok(count > TICKETS / 50, JSON.stringify(cuts));
    const kept = tickets.map((it) => [it.externalXRef, String(it.id)]).sort();
    assert.equal(kept.length, TICKETS);
    assert.deepEqual(opened.sort(), kept);
  });
}
