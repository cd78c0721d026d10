// What runs on a thread of its own: calls of connectors, one after another, each in a fresh instance. Whoever started it ends
// the thread if a call passes its limits. While a call waits for HTTP, the thread sleeps.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { run } from './abi/instance.js';

const { answers, flag } = workerData;
const modules = new Map();

function send(requests) {
  Atomics.store(flag, 0, 0);
  parentPort.postMessage({ requests });
  Atomics.wait(flag, 0, 0);
  return receiveMessageOnPort(answers).message;
}

parentPort.on('message', ({ id, module, name, values }) => {
  if (module) modules.set(id, module);
  try {
    parentPort.postMessage({ result: run(modules.get(id), name, values, send, false) });
  } catch (error) {
    parentPort.postMessage({ failure: { kind: error instanceof TypeError ? 'type' : 'trap', message: error.message, memoryBytes: error.memoryBytes } });
  }
});
