import { createServer } from "node:https";
import { beforeAll, describe, expect, it } from "vitest";
import { makeAuthority } from "../support/certificates.js";
import { productionBody } from "../support/event-bodies.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { installNextApp, startNextApp } from "../support/next-app.js";
import { signedHeaders, wise } from "../support/signed-delivery.js";
import { deliver } from "../support/webhook-loopback.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

beforeAll(installNextApp, 180_000);

describe.each([
  ["by Turbopack", [], ""],
  ["by Turbopack with serverExternalPackages", [], "wise-card-kiosk"],
  ["by webpack", ["--webpack"], ""],
  ["by webpack with serverExternalPackages", ["--webpack"], "wise-card-kiosk"],
] as const)("a Next.js application built %s", (how, options, EXTERNAL_PACKAGES) => {
  it(`prints a card and receives a webhook in its route handlers: ${how}`, { timeout: 240_000 }, async () => {
    const authority = makeAuthority();
    const server = { ...authority.issue("localhost"), ca: authority.ca, requestCert: true, rejectUnauthorized: true };
    const respond = reply(200, WISE_EXAMPLES.inProgress);
    await using plain = await startHttpServer(respond);
    await using secure = await startHttpServer(respond, (listener) => createServer(server, listener));
    const env = { PUBLIC_KEY: wise.publicKey, EXTERNAL_PACKAGES };
    await using app = await startNextApp(options.length === 0 ? "turbopack" : "webpack", options, env);
    const print = async (connection: object) => {
      const response = await fetch(`${app.url}/print`, { method: "POST", body: JSON.stringify(connection) });
      return response.json();
    };
    const mtls = { ...authority.issue("your-bank"), ca: authority.ca };
    expect(await print({ baseUrl: plain.url })).toMatchObject({ status: "IN_PROGRESS", kioskId: "WIS00001" });
    expect(await print({ baseUrl: secure.url, mtls })).toMatchObject({ status: "IN_PROGRESS", kioskId: "WIS00001" });
    expect([plain.requests.length, secure.requests.length]).toEqual([1, 1]);
    const forged = productionBody({ data: { status: "READY" } });
    expect((await deliver(`${app.url}/wise`)).status).toBe(200);
    expect((await deliver(`${app.url}/wise`, forged, signedHeaders(productionBody()))).status).toBe(503);
  });
});
