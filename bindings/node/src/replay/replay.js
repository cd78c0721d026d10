// Answers from a recording: each exchange once, whatever the order, and nothing else. Works in a browser too.
import { denied, refusal } from '../http/refusal.js';
import { archivedExchanges } from './har.js';
import { differences, isRecorded, splitUrl } from './matching.js';
import { Placeholders } from './placeholder.js';
import { recordedExchanges } from './recording.js';

/** A replay of a document that was parsed: a recording, a case or an HTTP archive. */
export class Replay {
  /** The requests of each round, as they came. */
  rounds = [];

  #exchanges;
  #complaints = [];
  #masks;

  constructor(document, settings, shared) {
    const found = document.log ? archivedExchanges(document, settings) : recordedExchanges(document, settings, shared);
    this.#exchanges = found.map((exchange) => ({ ...exchange, isUsed: false }));
    this.#masks = new Placeholders(settings);
  }

  /** The answers to one round, at once. A request that is not recorded is `denied`, with the nearest one and what differs. */
  send = (requests) => {
    this.rounds.push(requests);
    return requests.map((request, index) => this.#answer(`round ${this.rounds.length}, request ${index + 1}`, request));
  };

  /** The requests that had no exchange. */
  unmatched() {
    return [...this.#complaints];
  }

  /** The exchanges that nothing asked for. */
  leftOver() {
    const lines = this.#exchanges.map((it, index) => (it.isUsed ? undefined : `nothing asked for ${nameOf(index, it)}`));
    return lines.filter(Boolean).map((it) => this.#masks.mask(it));
  }

  #answer(which, request) {
    const refused = refusal(request);
    if (refused) {
      this.#complaints.push(`${which}: ${refused.err.message}`);
      return refused;
    }
    const found = this.#exchanges.find((it) => !it.isUsed && isRecorded(it.request, request));
    if (found) {
      found.isUsed = true;
      return found.answer;
    }
    const [url] = splitUrl(request.url);
    const complaint = this.#masks.mask(`${which}: no exchange is recorded for ${request.method} ${url}: ${this.#nearest(request)}`);
    this.#complaints.push(complaint);
    return denied(complaint);
  }

  #nearest(request) {
    if (this.#exchanges.length === 0) return 'the recording is empty';
    const compared = this.#exchanges.map((exchange, index) => {
      const found = differences(exchange.request, request);
      const weight = found.reduce((sum, it) => sum + it.weight, 0);
      // A used exchange explains a request only if it is the same one again.
      return { exchange, index, found, weight: exchange.isUsed && weight > 0 ? Infinity : weight };
    });
    const { exchange, index, found } = compared.reduce((one, other) => (other.weight < one.weight ? other : one));
    const name = nameOf(index, exchange);
    return exchange.isUsed ? `${name} was used already` : `the nearest is ${name}: ${found.map((it) => it.text).join('; ')}`;
  }
}

function nameOf(index, { role, request }) {
  return `exchanges[${index}]${role ? ` (${role})` : ''}, ${request.method} ${request.url}`;
}
