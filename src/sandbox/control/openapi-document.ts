import * as z from "zod";
import { NAMED_VIEWS, problemView } from "../view/view-schemas.js";
import { NAMED_BODIES } from "./control-bodies.js";
import type { ControlRoute } from "./control-route.js";
import { CONTROL_PREFIX, CONTROL_ROUTES } from "./control-routes.js";

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
};

/** The statuses of problems that can occur in every operation. */
const COMMON_PROBLEMS = [400, 401, 403, 405, 413];

/** Operations that are not in the table of routes, because their responses are not JSON of a schema. */
const OTHER_PATHS: Readonly<Record<string, Json>> = {
  [`${CONTROL_PREFIX}/events`]: {
    get: {
      operationId: "watchState",
      summary: "Sends the whole state now and after every change, as server-sent events of the type `state`.",
      responses: {
        200: {
          description: "A stream that does not end.",
          content: { "text/event-stream": { schema: { type: "string" } } },
        },
      },
    },
  },
  [`${CONTROL_PREFIX}/openapi.json`]: {
    get: {
      operationId: "getOpenApi",
      summary: "Returns this document. Needs no token.",
      responses: {
        200: { description: "This document.", content: { "application/json": { schema: { type: "object" } } } },
      },
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
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: toOperation(route, problem, toSchema) };
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
    paths: { ...paths, ...OTHER_PATHS },
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

function toOperation(route: ControlRoute, problem: Json, toSchema: (schema: z.ZodType) => Json): Json {
  const content = (schema: z.ZodType) => ({ "application/json": { schema: toSchema(schema) } });
  const problems = [...COMMON_PROBLEMS, ...route.problems].map((status) => [
    status,
    { description: PROBLEMS[status], content: problem },
  ]);
  return {
    operationId: route.id,
    summary: route.summary,
    parameters: [...pathParameters(route.path), ...queryParameters(route.query, toSchema)],
    ...(route.body === undefined ? {} : { requestBody: { content: content(route.body) } }),
    responses: {
      [route.status]: { description: "Done.", content: content(route.response) },
      ...Object.fromEntries(problems),
    },
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
