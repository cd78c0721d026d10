// Opens a ticket against the recorded answers of an invented ConnectWise tenant. Nothing is sent.
import { readFile } from 'node:fs/promises';
import { connector, ConnectorError } from 'psa-connector';

const here = (name) => new URL(name, import.meta.url);
const settings = JSON.parse(await readFile(here('settings.json'), 'utf8'));
const recording = JSON.parse(await readFile(here('recording.json'), 'utf8'));

const tenant = await connector('connectwise').tenant(settings, { recording });
try {
  const { ticket, creation } = await tenant.createTicket({
    companyId: '250',
    boardId: '5',
    typeId: '61',
    priorityId: '6',
    severity: 'high',
    summary: 'Blocked domain',
    details: [{ label: 'Domain', value: 'example.com' }],
    reference: 'alert-4711',
  });
  console.log(`Ticket ${ticket.number} (${creation}): ${ticket.summary}`);
} catch (error) {
  if (!(error instanceof ConnectorError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
