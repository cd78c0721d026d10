// Reads a WIT text of the kind that `wit/connector.wit` is: interfaces with records, enums, variants and functions. What
// else WIT knows is refused, so that nothing is left out unnoticed.

/** The interfaces of the text by name, each with its types and functions and their documentation. */
export function parseWit(text) {
  const tokens = tokensOf(text);
  let at = 0;
  let docs = [];

  const peek = () => {
    while (tokens[at]?.startsWith('///')) docs.push(tokens[at++].slice(3).replace(/^ /, ''));
    return tokens[at];
  };
  const next = (expected) => {
    const token = peek();
    if (expected !== undefined && token !== expected) throw new Error(`connector.wit: expected \`${expected}\`, found \`${token}\``);
    at += 1;
    return token;
  };
  const takeDocs = () => docs.splice(0).join('\n');
  const accept = (token) => peek() === token && (at += 1) > 0;

  /** What stands between braces or brackets, separated by commas. */
  const list = (open, close, item) => {
    const items = [];
    next(open);
    while (!accept(close)) {
      peek();
      items.push(item());
      if (!accept(',')) {
        next(close);
        break;
      }
    }
    return items;
  };
  const type = () => {
    const name = next();
    return peek() === '<' ? { [name]: list('<', '>', type) } : name;
  };
  const field = () => {
    const docs = takeDocs();
    const name = next();
    next(':');
    return { name, docs, type: type() };
  };
  const enumCase = () => ({ docs: takeDocs(), name: next() });
  const variantCase = () => {
    const found = enumCase();
    return peek() === '(' ? { ...found, type: list('(', ')', type)[0] } : found;
  };

  const kinds = {
    record: (name) => ({ name, kind: 'record', fields: list('{', '}', field) }),
    enum: (name) => ({ name, kind: 'enum', cases: list('{', '}', enumCase) }),
    variant: (name) => ({ name, kind: 'variant', cases: list('{', '}', variantCase) }),
  };
  const item = () => {
    const docs = takeDocs();
    const word = next();
    if (kinds[word]) return { docs, ...kinds[word](next()) };
    next(':');
    next('func');
    const parameters = list('(', ')', field);
    const result = accept('->') ? type() : undefined;
    next(';');
    return { docs, kind: 'function', name: word, parameters, result };
  };

  next('package');
  const [name, version] = [next(), next()];
  takeDocs();
  const interfaces = {};
  next(';');
  while (peek() !== undefined) {
    const about = takeDocs();
    const word = next();
    const title = next();
    next('{');
    if (word === 'world') {
      while (next() !== '}');
      takeDocs();
      continue;
    }
    if (word !== 'interface') throw new Error(`connector.wit: \`${word}\` is not read here`);
    const items = [];
    while (peek() !== '}') items.push(item());
    next('}');
    interfaces[title] = { docs: about, items };
  }
  return { package: name, version: version.slice(1), interfaces };
}

/** Names, signs and lines of documentation. */
function tokensOf(text) {
  const pattern = /\/\/\/[^\n]*|\/\/[^\n]*|->|@[0-9.]+|[a-z%][a-z0-9:-]*[a-z0-9]|[a-z]|[{}()<>:;,]|\S/g;
  return [...text.matchAll(pattern)].map(([token]) => token).filter((token) => !/^\/\/(?!\/)/.test(token));
}
