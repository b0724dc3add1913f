import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { CONTROL_ROUTES } from "../../src/sandbox/control/control-routes.js";
import { openApiDocument } from "../../src/sandbox/control/openapi-document.js";
import { startSandbox } from "../support/running-sandbox.js";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
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
      expect.arrayContaining(["400", "401", "403", "405", "413", ...problems.map(String)]),
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
