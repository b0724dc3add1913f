import type { IncomingMessage, ServerResponse } from "node:http";
import { sendOutcome, toSimulatedRequest } from "../../testing/adapters/node-exchange.js";
import { type ConnectionOutcome, sentResponse } from "../../testing/api/connection-outcome.js";
import { findRoute } from "../../testing/api/find-route.js";
import { findOperation, toShownPath } from "../../testing/api/received-request.js";
import type { SimulatedResponse } from "../../testing/api/simulated-http.js";
import type { Fault } from "../../testing/faults/fault.js";
import { pause } from "../../time/wait.js";
import type { Sandbox } from "../state/sandbox.js";

/** A request to Wise's API, and its response. */
export interface WiseExchange {
  /** When the request arrived, by the simulator's clock, in ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** Without credentials. */
  readonly path: string;
  readonly operation: string | undefined;
  readonly profileId: string | undefined;
  readonly cardToken: string | undefined;
  /** What was sent, even if it was cut off; `undefined` if nothing was. */
  readonly response: SimulatedResponse | undefined;
  readonly outcome: ConnectionOutcome["kind"];
  readonly fault: Fault | undefined;
  readonly durationMs: number;
}

/** Responds to a request as Wise would, and returns what happened. */
export async function respondAsWise(
  sandbox: Sandbox,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: string,
  closing: AbortSignal,
): Promise<WiseExchange> {
  const { core } = sandbox;
  const startedAt = performance.now();
  const at = core.now.toISOString();
  const request = toSimulatedRequest(incoming, body);
  const operation = findOperation(request);
  const matched = core.faults.take(operation);
  const outcome = core.receive(request, matched);
  if (core.latencyMs > 0) await pause(core.latencyMs, closing);
  sendOutcome(outcome, outgoing);
  const path = toShownPath(sandbox.credentials.hideToken(request.path));
  const route = findRoute(path);
  const { profileId, cardToken } = route?.kind === "card" ? route : {};
  return {
    at,
    method: request.method,
    path,
    operation,
    profileId,
    cardToken,
    response: sentResponse(outcome),
    outcome: outcome.kind,
    fault: matched?.fault,
    durationMs: Math.round(performance.now() - startedAt),
  };
}
