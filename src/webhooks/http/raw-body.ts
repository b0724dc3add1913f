import { KioskArgumentError } from "../../errors/argument-error.js";
import { toBytes } from "../../text/bytes.js";

/** The body of a delivery exactly as received: bytes, or text that was decoded from UTF-8 and not changed. */
export type WebhookRawBody = string | Uint8Array | ArrayBuffer;

const RAW_BODY_ADVICE = `must be the body exactly as received, not parsed (string, Uint8Array or ArrayBuffer):
- Express: express.raw({ type: "application/json" }) on this route and req.body; behind express.json(), its option \
verify: (req, _res, body) => { req.rawBody = body } and req.rawBody
- Fastify: in a scope, scope.removeAllContentTypeParsers(); scope.addContentTypeParser("*", { parseAs: "buffer" }, \
(_request, body, done) => done(null, body)) and request.body; for nodeListener, without { parseAs: "buffer" }
- NestJS: NestFactory.create(AppModule, { rawBody: true }) and req.rawBody
- Hono: await c.req.arrayBuffer()
- Next.js: await request.arrayBuffer() in a route handler; in an API route, nodeListener and \
export const config = { api: { bodyParser: false } }
- AWS Lambda: without a body parser, lambdaHandler of wise-card-kiosk/webhooks/node, or event.body, \
from Base64 if isBase64Encoded`;

/** Returns the error for a body that is not raw, with advice on how to keep it raw. */
export function rawBodyError(): KioskArgumentError {
  return new KioskArgumentError("rawBody", RAW_BODY_ADVICE);
}

/**
 * Returns a copy of the bytes of a raw body, so that the bytes that are parsed are the bytes that were verified.
 *
 * @throws {KioskArgumentError} if it is not a raw body.
 */
export function toBodyBytes(rawBody: unknown): Uint8Array<ArrayBuffer> {
  if (typeof rawBody === "string") return new TextEncoder().encode(rawBody);
  const bytes = toBytes(rawBody);
  if (bytes === undefined) throw rawBodyError();
  return new Uint8Array(bytes);
}
