// The contract as HTML: functions and types, each with its documentation.

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const prose = (docs) =>
  docs
    .split('\n\n')
    .map((paragraph) => `<p>${escaped(paragraph.replaceAll('\n', ' ')).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>`)
    .join('');

function typeText(type) {
  if (typeof type === 'string') return type;
  const [[name, inner]] = Object.entries(type);
  return `${name}<${inner.map(typeText).join(', ')}>`;
}

const members = (item) =>
  (item.fields ?? item.cases)
    .map((it) => `<dt><code>${escaped(it.name + (it.type ? `: ${typeText(it.type)}` : ''))}</code></dt><dd>${prose(it.docs)}</dd>`)
    .join('');

function entry(item) {
  if (item.kind !== 'function') {
    return `<details><summary><code>${item.kind} ${item.name}</code></summary>${prose(item.docs)}<dl>${members(item)}</dl></details>`;
  }
  const parameters = item.parameters.map((it) => `${it.name}: ${typeText(it.type)}`).join(', ');
  const signature = `${item.name}: func(${parameters}) -> ${typeText(item.result)}`;
  return `<details><summary><code>${item.name}</code></summary><p class="signature"><code>${escaped(signature)}</code></p>${prose(item.docs)}</details>`;
}

/** Both interfaces: functions first. */
export function contractHtml({ interfaces, version }) {
  const titles = { 'service-desk': 'What a connector does', http: 'What a host provides' };
  const parts = Object.entries(titles).map(([name, title]) => {
    const { docs, items } = interfaces[name];
    const functions = items.filter((it) => it.kind === 'function');
    const types = items.filter((it) => it.kind !== 'function');
    return `<h3>${title}: <code>${name}</code></h3>${prose(docs)}<h4>Functions</h4>${functions.map(entry).join('')}<h4>Types</h4>${types.map(entry).join('')}`;
  });
  return `<p>Version ${version}. All connectors have these functions and types.</p>${parts.join('')}`;
}
