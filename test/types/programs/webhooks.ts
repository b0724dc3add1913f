import type { webcrypto } from "node:crypto";
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import {
  type AppliedProductionEvent,
  applyProductionEvent,
  applyProductionRead,
  type eventKey,
  type KioskOtherEvent,
  type KioskProductionEvent,
  type KioskWebhookEvent,
  KioskWebhookForeignError,
  KioskWebhooks,
  type Production,
  type ProductionState,
  type WebhookHeaders,
} from "wise-card-kiosk/webhooks";
import {
  type LambdaHttpEvent,
  type LambdaHttpResult,
  lambdaHandler,
  nodeListener,
} from "wise-card-kiosk/webhooks/node";
import type { Equal, Expect } from "./equal.js";

declare const cryptoKey: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
declare const jwk: webcrypto.JsonWebKey;
declare const incoming: { headers: NodeJS.Dict<string | string[]>; rawBody: Buffer };
declare const stored: ProductionState | null;

export const webhooks = new KioskWebhooks({ environment: "production", subscriptionIds: ["72195556"] });

export const taken = [
  new KioskWebhooks({ publicKeys: ["-----BEGIN PUBLIC KEY-----", cryptoKey, jwk, { kty: "RSA", n: "", e: "AQAB" }] }),
  new KioskWebhooks({ environment: "sandbox", clientIds: ["your-bank"] }),
  new KioskWebhooks({ environment: "sandbox", publicKeys: [cryptoKey], subscriptionIds: ["72195556"] as const }),
  new KioskWebhooks({ environment: "sandbox", onError: (error, context) => [error, context?.headers.get("x")] }),
  new KioskWebhooks({ environment: "sandbox", onError: console.error }),
  new KioskWebhooks({
    environment: "sandbox",
    publicKeys: undefined,
    subscriptionIds: undefined,
    clientIds: undefined,
    onError: undefined,
  }),
  new KioskWebhooks({ environment: undefined, publicKeys: [cryptoKey] }),
  webhooks.handler({
    onProduction: () => {},
    onOther: undefined,
    onError: undefined,
    invalidSignatureStatus: undefined,
  }),
];

export const refused = [
  // @ts-expect-error An environment or public keys are needed.
  new KioskWebhooks(),
  // @ts-expect-error An environment or public keys are needed.
  new KioskWebhooks({ subscriptionIds: ["72195556"] }),
  // @ts-expect-error There is no such environment.
  new KioskWebhooks({ environment: "staging" }),
  // @ts-expect-error Keys come in a list.
  new KioskWebhooks({ publicKeys: "-----BEGIN PUBLIC KEY-----" }),
  // @ts-expect-error Signatures are always verified.
  new KioskWebhooks({ environment: "sandbox", skipVerification: true }),
  // @ts-expect-error A callback for events is needed.
  webhooks.handler({}),
  // @ts-expect-error Statuses are numbers.
  webhooks.handler({ onProduction: () => {}, invalidSignatureStatus: "400" }),
];

export async function unwrapping(headers: Headers): Promise<string> {
  await webhooks.verify(new Uint8Array(), { "x-signature-sha256": ["a"] });
  await webhooks.unwrap(incoming.rawBody, incoming.headers);
  // @ts-expect-error A parsed body cannot be verified.
  await webhooks.unwrap({ event_type: "x" }, headers);
  // @ts-expect-error Without headers there is no signature.
  await webhooks.unwrap("body");
  const event = await webhooks.unwrap("body", headers);
  switch (event.type) {
    case "cards#card-production-status-change":
      return `${event.profileId + 1} ${event.cardToken ?? ""} ${event.production.status}`;
    case "other":
      return event.eventType;
  }
}

export function ordering(event: KioskProductionEvent): ProductionState | undefined {
  const { state, outcome } = applyProductionEvent(stored, event);
  if (outcome === "applied") return { ...state, cardToken: state.cardToken.trim() };
  // @ts-expect-error An event that cannot be ordered may leave no state.
  return outcome === "unordered" ? (state satisfies ProductionState) : undefined;
}

/** A read always leaves a state. */
export function reading(card: { profileId: string; cardToken: string }, read: Production): ProductionState {
  // @ts-expect-error The card is needed.
  applyProductionRead(stored, read);
  return applyProductionRead(stored, card, read).state;
}

const handler = webhooks.handler({
  onProduction: async (event, { headers }) => [event.profileId, headers.get("x")],
  onOther: ({ data }) => void data,
  onError: (error) => error instanceof KioskWebhookForeignError && error.subscriptionId,
});

const listener = nodeListener(handler);
createServer(listener);
createHttp2Server(listener);
createServer((request, response) => void listener(Object.assign(request, { rawBody: Buffer.of() }), response));

/** The relevant parts of the types of AWS. */
interface GatewayEvent {
  httpMethod: string;
  path: string;
  headers: { [name: string]: string | undefined };
  multiValueHeaders: { [name: string]: string[] | undefined };
  body: string | null;
  isBase64Encoded: boolean;
  requestContext: GatewayContext;
}
interface GatewayContext {
  accountId: string;
}
interface GatewayResult {
  statusCode: number;
  headers?: { [name: string]: boolean | number | string } | undefined;
  multiValueHeaders?: { [name: string]: (boolean | number | string)[] } | undefined;
  body: string;
  isBase64Encoded?: boolean | undefined;
}
export const lambda: (event: GatewayEvent, context: object) => Promise<GatewayResult> = lambdaHandler(handler);

export const worker: { fetch(request: Request, env: object): Promise<Response> } = { fetch: handler };

export type Results = [
  Expect<Equal<Awaited<ReturnType<KioskWebhooks["unwrap"]>>, KioskWebhookEvent>>,
  Expect<Equal<ReturnType<KioskWebhooks["parseUnverified"]>, KioskProductionEvent | KioskOtherEvent>>,
  Expect<Equal<Awaited<ReturnType<KioskWebhooks["verify"]>>, void>>,
  Expect<Equal<KioskProductionEvent["production"], Production>>,
  Expect<Equal<ReturnType<typeof eventKey>, string>>,
  Expect<Equal<AppliedProductionEvent["outcome"], "applied" | "stale" | "duplicate" | "unordered">>,
  Expect<Headers extends WebhookHeaders ? true : false>,
  Expect<Equal<Parameters<ReturnType<typeof lambdaHandler>>, [event: LambdaHttpEvent]>>,
  Expect<Equal<Awaited<ReturnType<ReturnType<typeof lambdaHandler>>>, LambdaHttpResult>>,
  Expect<Equal<Parameters<typeof handler>, [request: Request]>>,
  Expect<Equal<ReturnType<typeof handler>, Promise<Response>>>,
];
