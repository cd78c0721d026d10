// A server over TLS on this machine, and the options with which a tenant reaches it.
import { createServer } from 'node:https';
import { certificate } from './certificate.js';

/** Starts one: `answer(request, response, body)` answers. It is closed when the test ends. */
export async function serve(test, answer) {
  const { key, cert } = certificate('psa.example', '127.0.0.1');
  const server = createServer({ key, cert, keepAliveTimeout: 60_000 }, async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    answer(request, response, Buffer.concat(chunks).toString());
  });
  // Connections that a test cuts are no errors.
  server.on('clientError', () => {});
  server.on('tlsClientError', () => {});
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address();
  return {
    server,
    port,
    site: `psa.example:${port}`,
    options: { certificateAuthorities: [cert], allowPrivateNetworks: true, resolve: { 'psa.example': ['127.0.0.1'] }, pacing: {} },
  };
}

/** A JSON answer. */
export function json(response, status, value, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}
