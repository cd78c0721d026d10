// The package's public functions.
export { connector, connectors } from './connector.js';
export { ConnectorError } from './error.js';
export { closeConnections } from './http/client.js';
export { Replay } from './replay/replay.js';
export { setMostWorkers } from './workers.js';
