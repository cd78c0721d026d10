// What a user of TypeScript writes. It is checked by the compiler and not run.
import { connector, ConnectorError, type BoardSelection, type CreatedTicket, type TicketDraft, type TicketSelection } from '../src/index.js';

export async function open(draft: TicketDraft, signal: AbortSignal): Promise<CreatedTicket | undefined> {
  const tenant = await connector('connectwise').tenant({ site: 'na.myconnectwise.net' }, { limits: { wallClockMs: 30_000 } });
  try {
    return await tenant.createTicket(draft, { signal });
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'outcome-unknown') {
      const seconds: number | undefined = error.retryAfterSeconds;
      console.log(seconds);
      return undefined;
    }
    throw error;
  }
}

export async function read(): Promise<string[]> {
  const tenant = await connector('halopsa').tenant([{ name: 'client-id', value: 'x' }]);
  const selections: BoardSelection[] = ['all', 'boards-only', { only: ['1'] }];
  const tickets: TicketSelection = { openOfCompany: '250' };
  const page = await tenant.findTickets({ selection: tickets, limit: 10 });
  const { companies } = await tenant.listCompanies({ search: 'river' });
  await tenant.listCompanies();
  await tenant.listBoardMetadata(selections[0]!);
  const isClosed: boolean | undefined = page.tickets[0]?.isClosed;
  return [String(isClosed), ...companies.map((it) => it.identifier ?? it.name)];
}

export async function mistakes(): Promise<void> {
  const tenant = await connector('autotask').tenant({});
  // @ts-expect-error There is no such setting of a draft.
  await tenant.createTicket({ companyId: '1', summary: 'x', priorty: '1' });
  // @ts-expect-error A company is needed.
  await tenant.createTicket({ summary: 'x' });
  // @ts-expect-error There is no such audience.
  await tenant.addNote({ ticketId: '1', text: 'x', audience: 'everybody' });
  // @ts-expect-error There is no such error code.
  if (new ConnectorError().code === 'unknown') return;
}
