// The tasks with the npm package @apigrate/autotask-restapi, as its documents show them:
// autotask_restapi.js SITE TASK [ARGUMENT]. What SITE holds and what each task is stands in tasks.py. Prints how many records
// it has in hand at the end.

const dns = require('node:dns')
const { readFileSync } = require('node:fs')
const { AutotaskRestApi } = require('@apigrate/autotask-restapi')

const [siteFile, task, argument] = process.argv.slice(2)
const { settings, port, hosts, draft } = JSON.parse(readFileSync(siteFile, 'utf8'))

// The hosts of Autotask are found at the stand-in.
const { fetch: fetchAnywhere } = globalThis
globalThis.fetch = (url, ...rest) =>
  fetchAnywhere(hosts.reduce((to, host) => to.replace(`https://${host}/`, `https://${host}:${port}/`), url), ...rest)
dns.lookup = (host, options, callback) =>
  options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)

const api = new AutotaskRestApi(settings['user-name'], settings.secret, settings['integration-code'])
const page = 500

const tasks = { companies: listCompanies, verify: probes, boards, tickets: openTickets }

async function listCompanies() {
  const companies = []
  let found
  do {
    const last = companies.length > 0 ? companies.at(-1).id : -1
    const above = [{ op: 'gt', field: 'id', value: last }]
    found = (await api.Companies.query({ filter: above, MaxRecords: page })).items
    companies.push(...found)
  } while (found.length === page)
  return companies.length
}

// What the package has of the reads that `verify` needs: not the version of the server.
async function probes() {
  const rights = [await api.Tickets.info()]
  const entities = ['Companies', 'Contacts', 'CompanyLocations', 'ConfigurationItems', 'TicketNotes']
  const [fields, count, ...others] = await Promise.all([
    api.Tickets.fieldInfo(),
    api.Companies.count({ filter: [{ op: 'exist', field: 'id' }] }),
    ...entities.map((entity) => api[entity].info()),
  ])
  rights.push(...others)
  return fields.fields.length > 0 && count.queryCount > 0 && rights.every((it) => it.info.userAccessForQuery) ? 1 : 0
}

async function boards() {
  const { fields } = await api.Tickets.fieldInfo()
  const { picklistValues } = fields.find((field) => field.name === 'queueID')
  return picklistValues.filter((queue) => queue.isActive).length
}

// By hand what `create-ticket` does with a reference: is there one already? If not, open it, and read it for its number.
// ARGUMENT: their number.
async function openTickets() {
  let opened = 0
  for (let index = 0; index < Number(argument); index += 1) {
    const reference = `${draft.reference}-${process.pid}-${String(index).padStart(6, '0')}`
    const { items } = await api.Tickets.query({ filter: [{ op: 'eq', field: 'externalID', value: reference }] })
    if (items.length > 0) continue
    const { itemId } = await api.Tickets.create({
      title: `Blocked domain ${index}`,
      companyID: Number(draft.company),
      queueID: Number(draft.board),
      status: Number(draft.status),
      priority: Number(draft.priority),
      externalID: reference,
    })
    const { item } = await api.Tickets.get(itemId)
    opened += item.externalID === reference ? 1 : 0
  }
  return opened
}

tasks[task]().then((count) => console.log(count))
