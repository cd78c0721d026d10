// The responses of one tenant that its connector asks the host to reuse, and who of several that ask the same thing sends it.
// Nothing is sent here. What is kept may be a credential: it is in memory only and never shown.
import { createHash } from 'node:crypto';

/** Of one tenant. A connector needs one or two: an access token, the server that serves the tenant. */
const MOST_RESPONSES = 8;
const MOST_BYTES = 32 << 10;

/** Kept responses of one tenant, and its requests under way whose responses may be kept. */
export class KeptResponses {
  /** In the order of use, the oldest first. */
  #kept = new Map();
  #underWay = new Map();

  /**
   * A kept response that is at most so many seconds old, or what `send` brings. Waits once for the same request under way: after
   * one that failed, all that waited are sent. 0 seconds never wait, and what is kept goes at once, since the caller was refused
   * with it. `wait` gives up at the deadline, and `tooLate` is the answer then.
   */
  async answer(request, reuseSeconds, { send, wait, tooLate }) {
    const key = keyOf(request);
    if (reuseSeconds === 0) this.#kept.delete(key);
    const found = () => (reuseSeconds > 0 ? this.#find(key, reuseSeconds) : undefined);
    let kept = found();
    if (kept === undefined && reuseSeconds > 0 && this.#underWay.has(key)) {
      if (!(await wait(this.#underWay.get(key)))) return tooLate();
      kept = found();
    }
    return kept ? { ok: kept } : this.#send(key, reuseSeconds, send);
  }

  async #send(key, reuseSeconds, send) {
    const asked = performance.now();
    const sending = send();
    if (!this.#underWay.has(key)) {
      const end = sending.then(() => this.#underWay.delete(key));
      this.#underWay.set(key, end);
    }
    const answer = await sending;
    if (answer.ok && answer.ok.status <= 299) this.#keep(key, answer.ok, asked);
    else if (reuseSeconds === 0) this.#kept.delete(key);
    return answer;
  }

  #find(key, reuseSeconds) {
    const kept = this.#kept.get(key);
    const age = kept && (performance.now() - kept.asked) / 1_000;
    if (!kept || age > reuseSeconds) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return { ...kept.response, ageSeconds: Math.floor(age) };
  }

  #keep(key, response, asked) {
    this.#kept.delete(key);
    const bytes = response.headers.reduce((sum, it) => sum + it[0].length + it[1].length, response.body.text?.length ?? response.body.bytes.length);
    if (bytes > MOST_BYTES) return;
    const total = () => [...this.#kept.values()].reduce((sum, it) => sum + it.bytes, 0);
    while (this.#kept.size >= MOST_RESPONSES || total() + bytes > MOST_BYTES) this.#kept.delete(this.#kept.keys().next().value);
    this.#kept.set(key, { response, bytes, asked });
  }
}

/** A digest, so that no credential of the request is kept. */
function keyOf({ method, url, headers, body }) {
  const parts = [method, url, headers, body?.bytes ? [...body.bytes] : body?.text];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
