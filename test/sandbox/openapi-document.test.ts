import { once } from "node:events";
import { request } from "node:http";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { CONTROL_ROUTES } from "../../src/sandbox/control/control-routes.js";
import { openApiDocument } from "../../src/sandbox/control/openapi-document.js";
import { startSandbox } from "../support/running-sandbox.js";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly content: object }>>;
}

const text = JSON.stringify(openApiDocument());
const document: {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
} = JSON.parse(text);
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

it("the sandbox serves its OpenAPI document", async () => {
  await using sandbox = await startSandbox();
  expect((await sandbox.control("GET", "/openapi.json")).body).toEqual(document);
});

it("the OpenAPI document is valid", async () => {
  expect(await new Validator().validate(JSON.parse(text))).toEqual({ valid: true });
});

it("the OpenAPI document describes every operation once, in a sentence, with its problems", () => {
  expect(operations).toHaveLength(CONTROL_ROUTES.length + 2);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { summary } of operations) expect(summary).toMatch(/^[A-Z].*\.$/);
  for (const { id, method, path, problems } of CONTROL_ROUTES) {
    const responses = Object.keys(document.paths[`/_sandbox${path}`]?.[method.toLowerCase()]?.responses ?? {});
    expect([id, responses], id).toEqual([
      id,
      expect.arrayContaining(["400", "403", "405", "413", "500", ...problems.map(String)]),
    ]);
  }
});

it("every reference in the OpenAPI document leads to a schema, and every schema is used", () => {
  const referred = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  expect([...new Set(referred)].sort()).toEqual(Object.keys(document.components.schemas).sort());
  expect([...text.matchAll(/"\$ref":/g)]).toHaveLength(referred.length);
  expect(text).not.toMatch(/\$defs|"\$id"|"\$schema"/);
});

it("the OpenAPI document says what bodies contain, with ranges and defaults", () => {
  expect(document.components.schemas).toMatchObject({
    SettingsChange: { properties: { readLagMs: { type: "number", minimum: 0, maximum: 2_147_483_647 } } },
    NewFault: { required: ["fault"] },
    NewCard: { properties: { cardToken: { description: "Default: a random UUID." } } },
    Card: { properties: { production: {}, expired: { description: expect.stringContaining("60 days") } } },
  });
});

it.each([
  [400, "a name in the query that it does not know", { query: "?unknown=1" }],
  [401, "no token", { authorization: {} }],
  [403, "the Origin of another page", { headers: { origin: "http://evil.example" } }],
  [405, "another method", { otherMethod: "PUT" }],
  [413, "a body of more than a megabyte", { headers: { "content-length": "1000001" }, body: " ".repeat(1_000_001) }],
])(
  "the OpenAPI document names the status %i of exactly the operations that respond to %s with it",
  async (...given) => {
    const [status, , { query = "", authorization, headers, otherMethod, body }] = given as [number, string, Sent];
    await using local = await startSandbox();
    await using open = await startSandbox({ host: "0.0.0.0", token: crypto.randomUUID() });
    for (const { url, token } of status === 401 ? [open] : [local, open]) {
      for (const [template, methods] of Object.entries(document.paths)) {
        const path = `${url}${template.replace(/\{\w+\}/g, "1")}${query}`;
        for (const [method, { responses, security }] of Object.entries(methods)) {
          const sent = { ...(authorization ?? { authorization: `Bearer ${token}` }), ...headers };
          const outgoing = request(path, { method: otherMethod ?? method.toUpperCase(), headers: sent }).end(body);
          const [incoming] = await once(outgoing, "response");
          incoming.on("error", () => {}).destroy();
          const isNamed = status in responses;
          expect([method, template, incoming.statusCode === status]).toEqual([method, template, isNamed]);
          if (isNamed)
            expect(Object.keys(responses[status]?.content ?? {})).toEqual([incoming.headers["content-type"]]);
          if (status === 401) expect(security === undefined).toBe(isNamed);
        }
      }
    }
  },
);

/** What a request to each operation contains. */
interface Sent {
  readonly query?: string;
  readonly authorization?: object;
  readonly headers?: object;
  readonly otherMethod?: string;
  readonly body?: string;
}
