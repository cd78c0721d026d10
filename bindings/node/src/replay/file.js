// Reads recordings from files.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Replay } from './replay.js';

/** A replay of a file: a recording, a case or an HTTP archive. */
export function replayOfFile(path, settings) {
  try {
    return new Replay(read(path), settings, (name) => shared(name, resolve(path)));
  } catch (error) {
    throw new Error(`${path}: ${error.message}`, { cause: error });
  }
}

const read = (path) => JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));

/** The exchange with this name in the nearest folder `_shared`, seen from the file. */
function shared(name, file) {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) throw new Error(`\`${name}\` is not a name of letters, digits, \`-\` and \`_\``);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      return read(join(folder, '_shared', `${name}.json`));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      if (folder === dirname(folder)) throw new Error(`neither the file's folder nor one above it has \`_shared/${name}.json\``, { cause: error });
    }
  }
}
