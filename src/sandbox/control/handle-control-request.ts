import type * as z from "zod";
import { describeValue, mustBe } from "../../arguments/found-value.js";
import { parseOptions } from "../../arguments/parse-options.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { parseWithSchema } from "../../testing/api/option-schema.js";
import { parseJson } from "../../text/parse-json.js";
import type { Sandbox } from "../state/sandbox.js";
import { findControlRoute } from "./find-control-route.js";

/** A request to the control API. */
export interface ReceivedControlRequest {
  readonly method: string;
  /** The path after `/_sandbox`, percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The text of the body; empty if there is none. */
  readonly body: string;
}

/** The response to a request that succeeded. */
export interface ControlResponse {
  readonly status: number;
  /** A JSON-safe value. */
  readonly body: unknown;
}

/**
 * Applies a request to the sandbox and returns the response.
 *
 * @throws {ControlProblem} if there is no such path, card, delivery or fault, or the state does not allow the request.
 * @throws {KioskArgumentError} if the query or the body is invalid.
 */
export function handleControlRequest(sandbox: Sandbox, request: ReceivedControlRequest): ControlResponse {
  const { route, params } = findControlRoute(request.method, request.path);
  const query = parseKnown("query", route.query, Object.fromEntries(request.query));
  const body = parseKnown("body", route.body, parseBody(request.body));
  return { status: route.status, body: route.handle(sandbox, { params, query, body }) };
}

/** Parses an object, and refuses names that are not in the schema. Without a schema, it refuses every name. */
function parseKnown(argument: string, schema: z.ZodObject | undefined, value: object): unknown {
  if (schema !== undefined) return parseWithSchema(schema, parseOptions(argument, value, schema.shape), argument);
  if (Object.keys(value).length > 0) throw new KioskArgumentError(argument, "must be empty: this operation needs none");
  return {};
}

function parseBody(text: string): object {
  if (text.trim() === "") return {};
  const body = parseJson(text);
  if (body === undefined) throw new KioskArgumentError("body", "must be JSON");
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw mustBe("body", "a JSON object", describeValue(body));
  }
  return body;
}
