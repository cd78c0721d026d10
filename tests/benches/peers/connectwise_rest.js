// The tasks with the npm package connectwise-rest, as its documents show them: connectwise_rest.js SITE TASK [ARGUMENT].
// What SITE holds and what each task is stands in tasks.py. Prints how many records it has in hand at the end.

const { readFileSync } = require('node:fs')
const { ManageAPI } = require('connectwise-rest')

const [siteFile, task, argument] = process.argv.slice(2)
const { settings } = JSON.parse(readFileSync(siteFile, 'utf8'))
const api = new ManageAPI({
  companyUrl: settings.site,
  companyId: settings['company-id'],
  publicKey: settings['public-key'],
  privateKey: settings['private-key'],
  clientId: settings['client-id'],
})

const tasks = {
  companies: () => listCompanies({}),
  'companies-fields': () => listCompanies({ fields: argument }),
  'first-company': firstCompany,
  probes,
  boards,
  tickets: openTickets,
}

async function listCompanies(parameters) {
  const companies = await api.paginate(api.CompanyAPI.getCompanyCompanies, { pageSize: 1000 }, parameters)
  return companies.length
}

async function firstCompany() {
  const companies = await api.CompanyAPI.getCompanyCompanies({ pageSize: 1 })
  return companies.length
}

// All that do not need each other at once.
async function probes() {
  const [, , boards] = await Promise.all([
    api.SystemAPI.getSystemMySecurity({ pageSize: 1000 }),
    api.CompanyAPI.getCompanyCompanies({ fields: 'id', pageSize: 1 }),
    api.ServiceAPI.getServiceInfoBoards({ pageSize: 1000 }),
    api.ServiceAPI.getServicePriorities({ fields: 'id', pageSize: 1 }),
    api.ServiceAPI.getServiceTickets({ fields: 'id', pageSize: 1 }),
    api.CompanyAPI.getCompanyCompaniesCount({}),
    api.SystemAPI.getSystemInfo(),
  ])
  await Promise.all([
    api.ServiceAPI.getServiceBoardsByParentIdStatuses(boards[0].id, { fields: 'id', pageSize: 1 }),
    api.ServiceAPI.getServiceBoardsByParentIdTypes(boards[0].id, { fields: 'id', pageSize: 1 }),
  ])
  return boards.length > 0 ? 1 : 0
}

// The lists of one board at once, the boards in turn.
async function boards() {
  const whole = { pageSize: 1000 }
  await api.ServiceAPI.getServicePriorities(whole)
  const boards = await api.ServiceAPI.getServiceInfoBoards(whole)
  const lists = []
  for (const { id } of boards) {
    lists.push(
      await Promise.all([
        api.ServiceAPI.getServiceBoardsByParentIdStatuses(id, whole),
        api.ServiceAPI.getServiceBoardsByParentIdTypes(id, whole),
        api.ServiceAPI.getServiceBoardsByParentIdSubtypes(id, whole),
        api.ServiceAPI.getServiceBoardsByParentIdItems(id, whole),
        api.ServiceAPI.getServiceBoardsByParentIdTypeSubTypeItemAssociations(id, whole),
      ]),
    )
  }
  return lists.length
}

// ARGUMENT: their number.
async function openTickets() {
  let opened = 0
  for (let index = 0; index < Number(argument); index += 1) {
    const ticket = { summary: `Blocked domain ${index}`, company: { id: 3 }, board: { id: 1 } }
    const created = await api.ServiceAPI.postServiceTickets(ticket)
    opened += created.id > 0 ? 1 : 0
  }
  return opened
}

tasks[task]().then((count) => console.log(count))
