// Bodies of requests and responses: `{ text }` if and only if the bytes are valid UTF-8. Works in a browser too.

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The body of these bytes. */
export function bodyOf(bytes) {
  try {
    return { text: strict.decode(bytes) };
  } catch {
    return { bytes };
  }
}

/** The bytes of a body, which may be absent. */
export const bytesOf = (body) => body?.bytes ?? encoder.encode(body?.text ?? '');
