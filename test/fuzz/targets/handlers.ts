import { Readable } from "node:stream";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { type LambdaHttpEvent, lambdaHandler, type NodeRequest, nodeListener } from "wise-card-kiosk/webhooks/node";
import type { Dice } from "../../support/dice.js";
import { EVENTS } from "../../support/lambda-events.js";
import { wise } from "../../support/signed-delivery.js";
import { checkError, mustHold, refuseSecrets } from "../check-outcome.js";
import type { FuzzTarget } from "../fuzz-target.js";
import type { RunSecrets } from "../run-secrets.js";
import { type GeneratedDelivery, generateDelivery, isReallySigned } from "./deliveries.js";

const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey] });

/** The statuses of the responses of a handler. */
const STATUSES = new Set([200, 405, 413, 500, 503]);

/** Returns a handler, and what it was called with. */
function watchedHandler() {
  const accepted: unknown[] = [];
  const errors: unknown[] = [];
  const accept = (event: unknown) => void accepted.push(event);
  const onError = (error: unknown) => void errors.push(error);
  return { accepted, errors, handler: webhooks.handler({ onProduction: accept, onOther: accept, onError }) };
}

type Watched = Pick<ReturnType<typeof watchedHandler>, "accepted" | "errors">;

/**
 * Checks a response, and what the callbacks of the handler got.
 *
 * @throws {BrokenProperty} if a promise is broken.
 */
export function checkHandled(
  { accepted, errors }: Watched,
  { status, body }: { readonly status: number; readonly body: string },
  delivery: GeneratedDelivery,
  secrets: RunSecrets,
): void {
  mustHold(STATUSES.has(status), `the status ${status}`);
  refuseSecrets(body, secrets);
  const { status: said } = JSON.parse(body) as { readonly status: string };
  mustHold(said === (status === 200 ? "ok" : "error"), "a response that contradicts its status");
  mustHold(accepted.length + errors.length === 1, `${accepted.length} events and ${errors.length} errors`);
  if (accepted.length > 0) mustHold(isReallySigned(delivery), "a delivery without a signature was accepted");
  for (const error of errors) {
    if (status !== 500 || !isOfRuntime(error)) checkError(error);
    // No error names the subscription or the client, which a mutation may have replaced: the receiver accepts all of them.
    refuseSecrets(error, secrets);
  }
  // A body that a server decoded as text is not always the same bytes.
  if (delivery.isSigned && delivery.body.toString("utf8").length === delivery.body.length) {
    mustHold(status !== 503, "a signed delivery was refused as unsigned");
  }
}

/** A body or request that cannot be read reaches `onError` as the runtime's own error. */
function isOfRuntime(error: unknown): boolean {
  return error instanceof Error && /connection was closed|cut off|stream/.test(error.message);
}

const OTHER_METHODS = ["GET", "PUT", "HEAD", "OPTIONS", "post", "\u0000"];
const URLS = ["/wise", "/", "//", "http://a:b@c/", "\\", "?%ff", "http://[::1", "*", "/\u{1f4b3}"];

function pickMethod(dice: Dice): string {
  return dice.chance(0.9) ? "POST" : dice.pick(OTHER_METHODS);
}

/** The handler from `Request` to `Response`. */
export const handlerTarget: FuzzTarget = {
  name: "handler",
  share: 70,
  run: async (dice, secrets) => {
    const delivery = generateDelivery(dice, secrets);
    const watched = watchedHandler();
    const headers = validHeaders(delivery);
    const isPost = dice.chance(0.9);
    const body = dice.chance(0.05)
      ? new ReadableStream({ pull: (controller) => controller.error(new Error("cut off")) })
      : new Uint8Array(delivery.body);
    const init: RequestInit = isPost ? { method: "POST", body, duplex: "half", headers } : { headers };
    const response = await watched.handler(new Request("https://bank.example/wise", init));
    checkHandled(watched, { status: response.status, body: await response.text() }, delivery, secrets);
  },
};

/** The listener for `node:http`, with requests as Node.js and frameworks describe them. */
export const listenerTarget: FuzzTarget = {
  name: "listener",
  share: 70,
  run: async (dice, secrets) => {
    const delivery = generateDelivery(dice, secrets);
    const watched = watchedHandler();
    const sent: { status: number; body: string }[] = [];
    let status = 0;
    let destroyed = false;
    await nodeListener(watched.handler)(nodeRequest(delivery, dice), {
      headersSent: false,
      writeHead: (code) => {
        status = code;
      },
      end: (body) => sent.push({ status, body: Buffer.from(body).toString() }),
      destroy: () => {
        destroyed = true;
      },
    });
    mustHold(sent.length === 1 && !destroyed, "a request without a response");
    for (const response of sent) checkHandled(watched, response, delivery, secrets);
  },
};

function nodeRequest(delivery: GeneratedDelivery, dice: Dice): NodeRequest {
  const { body } = delivery;
  const at = dice.below(body.length + 1);
  const stream = Readable.from(dice.chance(0.5) ? [body] : [body.subarray(0, at), body.subarray(at)], {
    objectMode: false,
  });
  // As Node.js does it: the error of a request that no one listens to ends no process.
  stream.on("error", () => {});
  if (dice.chance(0.03)) stream.destroy(new Error("cut off"));
  const kept = dice.chance(0.2)
    ? dice.pick([{ rawBody: body }, { body }, { body: {} }, { rawBody: 5, body: null }])
    : {};
  return Object.assign(
    stream,
    { method: pickMethod(dice), url: dice.pick(URLS), headers: recordOf(delivery, dice) },
    kept,
  );
}

const ODD_EVENTS: readonly unknown[] = [
  undefined,
  null,
  5,
  "event",
  [],
  {},
  { httpMethod: 5 },
  { httpMethod: "POST", headers: 5, body: {} },
  { httpMethod: "POST", headers: { a: [[{}]] }, multiValueHeaders: { a: 5, b: [null] }, body: [] },
  { requestContext: { http: { method: "POST" } }, cookies: [{}, null, Object.create(null)], body: "{}" },
  { Records: [{ body: "{}" }] },
  new Proxy(
    {},
    {
      get() {
        throw new Error("cannot be read");
      },
    },
  ),
];

/** The handler for AWS Lambda, with the events of every gateway. */
export const lambdaTarget: FuzzTarget = {
  name: "lambda",
  share: 70,
  run: async (dice, secrets) => {
    const watched = watchedHandler();
    const handler = lambdaHandler(watched.handler);
    if (dice.chance(0.05)) {
      const { statusCode } = await handler(dice.pick(ODD_EVENTS) as LambdaHttpEvent);
      return mustHold(STATUSES.has(statusCode) && watched.accepted.length === 0, "an odd event was accepted");
    }
    const delivery = generateDelivery(dice, secrets);
    const makeEvent = dice.pick(Object.values(EVENTS));
    const isBase64 = dice.chance(0.5);
    const request = { method: pickMethod(dice), path: dice.pick(URLS), headers: delivery.headers, body: delivery.body };
    const { statusCode, body } = await handler(makeEvent(request, isBase64));
    const received = isBase64 ? delivery.body : Buffer.from(delivery.body.toString("utf8"));
    checkHandled(watched, { status: statusCode, body }, { ...delivery, body: received }, secrets);
  },
};

function validHeaders({ headers }: GeneratedDelivery): [string, string][] {
  return headers.filter(([, value]) => !/[^\t\x20-\xff]/.test(value)).map(([...field]) => field);
}

function recordOf({ headers }: GeneratedDelivery, dice: Dice): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {};
  for (const [name, value] of headers) record[name.toLowerCase()] = dice.chance(0.05) ? [value] : value;
  return dice.chance(0.03) ? { ...record, ":path": "/", "bad name": "x", __proto__: "x" as never } : record;
}
