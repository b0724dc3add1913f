import { describe, expect, it } from "vitest";
import { createRefreshingToken, KioskArgumentError, type RefreshingTokenOptions } from "wise-card-kiosk";
import { optionsFor } from "../support/oauth-server.js";

describe("createRefreshingToken", () => {
  it.each<[string, Record<string, unknown>]>([
    ["environment", { baseUrl: undefined }],
    ["environment", { environment: "prod" }],
    ["baseUrl", { baseUrl: "http://token.example" }],
    ["clientId", { clientId: undefined }],
    ["clientId", { clientId: "" }],
    ["clientId", { clientId: "your:bank" }],
    ["clientSecret", { clientSecret: "" }],
    ["clientSecret", { clientSecret: 42 }],
    ["refreshToken", { refreshToken: undefined }],
    ["refreshToken", { refreshToken: "" }],
    ["accessToken", { accessToken: "two words" }],
    ["accessToken", { accessToken: "" }],
    ["expiresAt", { expiresAt: "soon" }],
    ["expiresAt", { expiresAt: new Date("soon") }],
    ["expiresAt", { expiresAt: 43199 }],
    ["onRefresh", { onRefresh: undefined }],
    ["onRefresh", { onRefresh: "store" }],
    ["timeoutMs", { timeoutMs: 0 }],
    ["timeoutMs", { timeoutMs: Number.POSITIVE_INFINITY }],
    ["onExchange", { onExchange: {} }],
    ["fetch", { fetch: "fetch" }],
    ["dispatcher", { dispatcher: {} }],
  ])("refuses the option %s in %o without showing its value", (argument, wrong) => {
    const options = { ...optionsFor({ url: "http://127.0.0.1:1" }), ...wrong } as RefreshingTokenOptions;
    const create = () => createRefreshingToken(options);
    expect(create).toThrow(expect.objectContaining({ code: "ERR_ARGUMENT", argument }));
    expect(create).not.toThrow(/two words|your:bank/);
  });

  it.each([
    ["soon", "another string"],
    ["1", "another string"],
    ["5, 7", "another string"],
    ["2026-11-26T12:00:00", "another string"],
    ["2026-11-26T12:00Z", "another string"],
    ["2026-02-30T00:00:00Z", "another string"],
    [new Date("soon"), "a Date"],
    [43199, "43199"],
  ])("says what the option expiresAt is instead of a time: %o", (expiresAt, found) => {
    const options = { ...optionsFor({ url: "http://127.0.0.1:1" }), expiresAt } as RefreshingTokenOptions;
    const message = `expiresAt must be a time in ISO 8601 with seconds and a time zone, or a valid Date, not ${found}`;
    expect(() => createRefreshingToken(options)).toThrow(message);
  });

  it.each([undefined, null, "options"])("refuses %s as options", (options) => {
    expect(() => createRefreshingToken(options as unknown as RefreshingTokenOptions)).toThrow(KioskArgumentError);
  });
});
