import { parseJson } from "../../text/parse-json.js";
import { printable } from "../../text/printable.js";
import type { WiseExchange } from "../http/wise-exchange.js";
import { formatCard, formatTimeOfDay } from "./line-parts.js";

/** Returns a request and its response as one line for people. */
export function formatExchange(exchange: WiseExchange): string {
  const { at, method, path, operation, durationMs } = exchange;
  const what =
    operation === undefined ? printable(path) : `${operation} ${formatCard(exchange.profileId, exchange.cardToken)}`;
  return `${formatTimeOfDay(at)} ${printable(method).padEnd(4)} ${what} → ${formatResponse(exchange)}, ${durationMs} ms`;
}

/** Returns a request and its response as data for a JSON line. */
export function toExchangeRecord(exchange: WiseExchange) {
  const { at, method, path, operation = null, profileId = null, cardToken = null } = exchange;
  const { response, outcome, fault = null, durationMs } = exchange;
  const { status = null, errorCode = null } = response === undefined ? {} : productionIn(response.body);
  return {
    type: "request",
    at,
    method,
    path,
    operation,
    profileId,
    cardToken,
    httpStatus: response?.status ?? null,
    status,
    errorCode,
    outcome,
    fault,
    durationMs,
  };
}

function formatResponse({ response, outcome, fault }: WiseExchange): string {
  const reason = fault === undefined ? "" : ` (${typeof fault === "string" ? fault : formatFault(fault)})`;
  if (response === undefined) return `no response${reason}`;
  const { status, errorCode } = productionIn(response.body);
  const words = [response.status, status, errorCode, outcome === "truncated" ? "cut off" : undefined];
  return `${words.filter((word) => word !== undefined).join(" ")}${reason}`;
}

function formatFault(fault: object): string {
  return "arrivesAfterMs" in fault ? `arrives after ${fault.arrivesAfterMs} ms` : "injected";
}

/** Returns the status and the code that a body contains, if it is a production. */
function productionIn(body: string): { readonly status?: string; readonly errorCode?: string } {
  const { status, errorCode } = Object(parseJson(body)) as { status?: unknown; errorCode?: unknown };
  return {
    ...(typeof status === "string" ? { status: printable(status, 60) } : {}),
    ...(typeof errorCode === "string" ? { errorCode: printable(errorCode, 60) } : {}),
  };
}
