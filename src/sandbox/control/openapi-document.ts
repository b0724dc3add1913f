import * as z from "zod";
import { NAMED_VIEWS, problemView } from "../view/view-schemas.js";
import { NAMED_BODIES } from "./control-bodies.js";
import type { ControlRoute } from "./control-route.js";
import { CONTROL_PREFIX, CONTROL_ROUTES, WITHOUT_TOKEN } from "./control-routes.js";

type Json = Record<string, unknown>;

const SCHEMAS_PATH = "#/components/schemas/";

/** When each status of a problem occurs. */
const PROBLEMS: Readonly<Record<number, string>> = {
  400: "A value is invalid. `argument` names it.",
  401: "The sandbox is open to the network, and the access token is missing or wrong.",
  403: "The request comes from another web page, or names another host.",
  404: "There is no such card, delivery or fault.",
  405: "The path does not allow the method. `Allow` lists those that it does.",
  409: "The state does not allow it.",
  413: "The body is too large.",
  500: "The sandbox has a defect.",
};

/** The statuses of problems that can occur in every operation, whatever it reads. A path that needs no token has no 401. */
const COMMON_PROBLEMS = [401, 403, 405];

/** The statuses of problems that can occur in every operation of the table of routes besides. */
const ROUTE_PROBLEMS = [400, 413, 500];

/** Operations that are not in the table of routes, because their responses are not JSON of a schema. */
const OTHER_PATHS: Readonly<Record<string, Json>> = {
  [`${CONTROL_PREFIX}/events`]: {
    operationId: "watchState",
    summary: "Sends the whole state now and after every change, as server-sent events of the type `state`.",
    responses: {
      200: {
        description: "A stream that does not end.",
        content: { "text/event-stream": { schema: { type: "string" } } },
      },
    },
  },
  [`${CONTROL_PREFIX}/openapi.json`]: {
    operationId: "getOpenApi",
    summary: "Returns this document. Needs no token.",
    responses: {
      200: { description: "This document.", content: { "application/json": { schema: { type: "object" } } } },
    },
  },
};

/** Returns the description of the control API, in OpenAPI 3.1. */
export function openApiDocument(): Json {
  const schemas: Json = {};
  const toSchema = schemaConverter(schemas);
  const problem = { "application/problem+json": { schema: toSchema(problemView) } };
  const paths: Record<string, Json> = {};
  for (const route of CONTROL_ROUTES) {
    const path = `${CONTROL_PREFIX}${route.path}`;
    const operation = withProblems(path, toOperation(route, toSchema), [...ROUTE_PROBLEMS, ...route.problems], problem);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation };
  }
  for (const [path, operation] of Object.entries(OTHER_PATHS)) {
    paths[path] = { get: withProblems(path, operation, [], problem) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Sandbox of wise-card-kiosk",
      version: "1",
      description: "Controls a simulator of the Wise card kiosk collection.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{}, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "Needed if the sandbox is open to the network." },
      },
      schemas,
    },
  };
}

/** Returns a function that converts a schema to JSON Schema, and adds the named schemas that it refers to. */
function schemaConverter(schemas: Json): (schema: z.ZodType) => Json {
  const metadata = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries({ ...NAMED_VIEWS, ...NAMED_BODIES })) metadata.add(schema, { id });
  return (schema) => {
    const text = JSON.stringify(z.toJSONSchema(schema, { metadata, io: "input", override: addDescription })).replaceAll(
      "#/$defs/",
      SCHEMAS_PATH,
    );
    const { $schema, $defs = {}, ...converted } = JSON.parse(text) as { $defs?: Json } & Json;
    for (const [name, { id, ...definition }] of Object.entries($defs as Record<string, Json>))
      schemas[name] = definition;
    return converted;
  };
}

/** Adds the description of a schema. It is in zod's own registry, and `metadata` replaces that. */
function addDescription({ zodSchema, jsonSchema }: { zodSchema: object; jsonSchema: { description?: string } }): void {
  const { description } = z.globalRegistry.get(zodSchema as z.ZodType) ?? {};
  if (description !== undefined) jsonSchema.description = description;
}

/** Adds the responses with problems to an operation. It inherits the security of the document unless it needs no token. */
function withProblems(
  path: string,
  { responses, ...operation }: Json,
  statuses: readonly number[],
  content: Json,
): Json {
  const isPublic = WITHOUT_TOKEN.has(path);
  const problems = [...COMMON_PROBLEMS, ...statuses]
    .filter((status) => status !== 401 || !isPublic)
    .map((status) => [status, { description: PROBLEMS[status], content }]);
  const all = { ...(responses as Json), ...Object.fromEntries(problems) };
  return { ...operation, ...(isPublic ? { security: [] } : {}), responses: all };
}

function toOperation(route: ControlRoute, toSchema: (schema: z.ZodType) => Json): Json {
  const content = (schema: z.ZodType) => ({ "application/json": { schema: toSchema(schema) } });
  return {
    operationId: route.id,
    summary: route.summary,
    parameters: [...pathParameters(route.path), ...queryParameters(route.query, toSchema)],
    ...(route.body === undefined ? {} : { requestBody: { content: content(route.body) } }),
    responses: { [route.status]: { description: "Done.", content: content(route.response) } },
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters(query: z.ZodObject | undefined, toSchema: (schema: z.ZodType) => Json): Json[] {
  return Object.entries(query?.shape ?? {}).map(([name, value]) => {
    const { description, ...schema } = toSchema(value as z.ZodType);
    return { name, in: "query", description, schema };
  });
}
