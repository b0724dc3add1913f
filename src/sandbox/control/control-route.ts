import type * as z from "zod";
import type { Sandbox } from "../state/sandbox.js";

/** What a request to the control API names and contains. */
export interface ControlRequest<Body, Query> {
  /** The percent-decoded parts of the path by name, such as `cardToken`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
}

/** An operation of the control API. */
export interface ControlRoute {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** The path after `/_sandbox`, such as `/cards/{cardToken}`. */
  readonly path: string;
  /** Identifies the operation in the OpenAPI document. */
  readonly id: string;
  readonly summary: string;
  /** The schema of the body; `undefined` if there is none. Without a body, it is `{}`. */
  readonly body: z.ZodObject | undefined;
  /** The schema of the query; `undefined` if there is none. */
  readonly query: z.ZodObject | undefined;
  /** The status of the response. */
  readonly status: 200 | 201;
  /** The schema of the response. */
  readonly response: z.ZodType;
  /** The statuses of problems that this operation can have besides those that all of them can have. */
  readonly problems: readonly number[];
  /** @returns the body of the response, as `response` says. */
  readonly handle: (sandbox: Sandbox, request: ControlRequest<unknown, unknown>) => unknown;
}

interface RouteDetails<Body extends z.ZodObject, Query extends z.ZodObject, Response extends z.ZodType> {
  readonly id: string;
  readonly summary: string;
  readonly body?: Body;
  readonly query?: Query;
  readonly status?: 201;
  readonly response: Response;
  readonly problems?: readonly number[];
  readonly handle: (sandbox: Sandbox, request: ControlRequest<z.output<Body>, z.output<Query>>) => z.input<Response>;
}

/** Creates a route whose handler has the types of its schemas. */
export function controlRoute<
  Response extends z.ZodType,
  Body extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
>(method: ControlRoute["method"], path: string, details: RouteDetails<Body, Query, Response>): ControlRoute {
  const { body, query, status = 200, problems = [], handle, ...rest } = details;
  // The request is parsed with the schemas of the route before it is handled.
  return { method, path, body, query, status, problems, handle: handle as ControlRoute["handle"], ...rest };
}
