import { type ServerResponse, STATUS_CODES } from "node:http";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { ControlProblem } from "../control/control-problem.js";
import type { ProblemView } from "../view/view-schemas.js";

/**
 * Header fields of every response of the control API and the page. Every response closes its connection: if a connection that was
 * used before breaks, browsers send the request again, and so would turn a lost response into a second print.
 */
export const COMMON_HEADERS = {
  connection: "close",
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
} as const;

/** Sends a JSON response. */
export function sendJson(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { ...COMMON_HEADERS, "content-type": "application/json" });
  outgoing.end(`${JSON.stringify(body)}\n`);
}

/** Sends an error as problem JSON (RFC 9457). */
export function sendProblem(outgoing: ServerResponse, error: unknown): void {
  const { problem, headers } = toProblem(error);
  outgoing.writeHead(problem.status, { ...COMMON_HEADERS, ...headers, "content-type": "application/problem+json" });
  outgoing.end(`${JSON.stringify(problem)}\n`);
}

function toProblem(error: unknown): { problem: ProblemView; headers: Readonly<Record<string, string>> } {
  if (error instanceof ControlProblem) {
    return { problem: createProblem(error.status, error.message), headers: error.headers };
  }
  if (error instanceof KioskArgumentError) {
    return { problem: { ...createProblem(400, `${error.message}.`), argument: error.argument }, headers: {} };
  }
  return { problem: createProblem(500, `The sandbox failed: ${error}`), headers: {} };
}

function createProblem(status: number, detail: string): ProblemView {
  return { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail };
}
