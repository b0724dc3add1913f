import { KioskArgumentError } from "../errors/argument-error.js";
import { toBytes } from "../text/bytes.js";

/** The body of a delivery exactly as it came: bytes, or text that was decoded from UTF-8 without change. */
export type WebhookRawBody = string | Uint8Array | ArrayBuffer;

const ADVICE = `has to be the body exactly as it came (string, Uint8Array or ArrayBuffer): what was parsed can not be verified, \
because writing it again gives other bytes. How to keep the raw body:
- Express: express.raw({ type: "application/json" }) on this route and req.body; behind express.json(), its option \
verify: (req, _res, body) => { req.rawBody = body } and req.rawBody
- Fastify: addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body)) \
and request.body
- Hono: await c.req.arrayBuffer()
- Next.js: await request.arrayBuffer() in a route handler; in an API route, export const config = \
{ api: { bodyParser: false } } and read the stream
- AWS Lambda: event.body, and Buffer.from(event.body, "base64") where event.isBase64Encoded`;

/** The refusal of a body that is not raw, with how to keep it so. */
export function notRaw(): KioskArgumentError {
  return new KioskArgumentError("rawBody", ADVICE);
}

/**
 * The bytes of a raw body, copied, so that what is parsed later is what was verified.
 *
 * @throws {KioskArgumentError} where it is not a raw body.
 */
export function bytesOf(rawBody: unknown): Uint8Array<ArrayBuffer> {
  if (typeof rawBody === "string") return new TextEncoder().encode(rawBody);
  const bytes = toBytes(rawBody);
  if (bytes === undefined) throw notRaw();
  return new Uint8Array(bytes);
}
