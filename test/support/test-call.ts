import type { Call, CallRequest } from "../../src/calls/call.js";
import { Clock } from "../../src/time/clock.js";
import { createTokenSource } from "../../src/tokens/token-source.js";
import type { Transport, TransportResult } from "../../src/transport/http-message.js";

/** The request of {@link createTestCall}. */
export const TEST_REQUEST: CallRequest = { method: "GET", origin: "https://wise.invalid", path: "/", route: "/" };

/** A call of `produceCard` with a transport of the test, two retries, and no reconcile window. */
export function createTestCall(transport: Transport, own: Partial<Call> = {}): Call {
  return {
    operation: "produceCard",
    tokens: createTokenSource("a-token-of-the-user", "123456", {}),
    transport,
    correlationId: "till-7",
    clock: new Clock(),
    timeoutMs: 10_000,
    deadline: undefined,
    maxRetries: 2,
    reconcile: { reconcileWindowMs: 0, resend: true },
    signal: undefined,
    onExchange: undefined,
    ...own,
  };
}

/** A complete response, as a transport returns it. */
export function respondedWith(status: number, headers: Record<string, string> = {}, body: unknown = {}) {
  return {
    kind: "responded",
    response: {
      status,
      headers: new Map(Object.entries(headers)),
      body: new TextEncoder().encode(JSON.stringify(body)),
      oversized: false,
    },
  } as const satisfies TransportResult;
}
