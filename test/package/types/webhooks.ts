import { createServer, type RequestListener } from "node:http";
import { KioskError, type Production } from "wise-card-kiosk";
import {
  applyProductionEvent,
  eventKey,
  isKioskError,
  type KioskWebhookEvent,
  KioskWebhookSignatureError,
  KioskWebhooks,
  type ProductionState,
} from "wise-card-kiosk/webhooks";
import { nodeListener } from "wise-card-kiosk/webhooks/node";

const webhooks = new KioskWebhooks({
  environment: "sandbox",
  subscriptionIds: ["72195556-e5cb-495e-a010-b37a4f2a3043"],
});

export const refused = [
  // @ts-expect-error There is no such environment.
  new KioskWebhooks({ environment: "staging" }),
  // @ts-expect-error Several keys may be believed, so they are a list.
  new KioskWebhooks({ publicKeys: "-----BEGIN PUBLIC KEY-----" }),
  // @ts-expect-error There is no option that turns verification off.
  new KioskWebhooks({ environment: "sandbox", verify: false }),
];

export function narrows(event: KioskWebhookEvent): Production | string {
  switch (event.type) {
    case "cards#card-production-status-change":
      return event.production;
    case "other":
      return event.eventType;
    default:
      return event satisfies never;
  }
}

export async function receives(request: Request): Promise<ProductionState | undefined> {
  const event = await webhooks.unwrap(await request.text(), request.headers);
  // @ts-expect-error Another event has no production.
  event.production satisfies Production;
  if (event.type === "other") return undefined;
  eventKey(event) satisfies string;
  const { state, outcome } = applyProductionEvent(undefined, event);
  outcome satisfies "applied" | "stale" | "duplicate" | "unordered";
  return state;
}

const handler = webhooks.handler({ onProduction: async ({ production }) => void production.status });

// It fits where runtimes want a function from Request to Response, and where Node.js wants a listener.
export const fetchHandler: (request: Request) => Promise<{ status: number }> = handler;
export const listener: RequestListener = nodeListener(handler);
export const server = createServer(nodeListener(handler));

export function errors(caught: unknown): string | undefined {
  if (caught instanceof KioskWebhookSignatureError) return caught.reason satisfies "missing" | "malformed" | "mismatch";
  if (caught instanceof KioskError) return caught.code;
  return isKioskError(caught) ? caught.code : undefined;
}
