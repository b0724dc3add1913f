import { describe, expect, it } from "vitest";
import {
  createRefreshingToken,
  KioskArgumentError,
  KioskTokenError,
  type RefreshingTokenOptions,
  WiseKioskClient,
} from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";

const SECRET = "s3cr3t-0123456789";
const NUMBER = 123456789;
const SHOWN = new RegExp(`${SECRET}|${NUMBER}`);

/** Unusable tokens, and what the message must say about each. */
const FAULTS: readonly (readonly [unknown, RegExp])[] = [
  ["", /not an empty string/],
  ["   ", /not a blank string/],
  ["\n", /not a blank string/],
  [`Bearer ${SECRET}`, /not a string that begins with "Bearer": pass the token alone; the client adds "Bearer"/],
  [`bearer\t${SECRET}`, /begins with "Bearer"/],
  [` BEARER ${SECRET}\n`, /begins with "Bearer"/],
  ["Bearer", /begins with "Bearer"/],
  [`${SECRET}\n`, /not a string with a line break/],
  [`${SECRET}\r\nX-Evil: 1`, /not a string with a line break/],
  [` ${SECRET}`, /not a string with whitespace/],
  [`${SECRET} bearer`, /not a string with whitespace/],
  [`${SECRET}\u00a0`, /not a string with whitespace/],
  [`${SECRET}é`, /not a string with characters that are not visible ASCII/],
  [`${SECRET}\u0000`, /not a string with characters that are not visible ASCII/],
  [`\u200b${SECRET}`, /not a string with characters that are not visible ASCII/],
  [undefined, /not undefined/],
  [null, /not null/],
  [NUMBER, /not a number$/],
  [{ token: SECRET }, /not an object/],
  [[SECRET], /not an array/],
  [Promise.resolve(SECRET), /not a Promise/],
];

const titled = FAULTS.map(([value, message]) => [JSON.stringify(value) ?? String(value), value, message] as const);

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Expected an exception.");
}

const clientWith = (token: unknown): WiseKioskClient => {
  const { baseUrl, fetch } = createKioskSimulator().clientOptions();
  return new WiseKioskClient({ baseUrl, fetch, token: token as string });
};

describe("the token of a client", () => {
  it.each(titled)("a client rejects the token %s without showing it", (_title, token, message) => {
    const error = thrownBy(() => clientWith(token));
    expect(error).toBeInstanceOf(KioskArgumentError);
    expect(error).toMatchObject({
      argument: "token",
      message: expect.stringMatching(/^token must be an access token/),
    });
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(SHOWN);
  });
});

describe("the token of one call", () => {
  it.each(titled.filter(([, token]) => token !== undefined))(
    "a call rejects the token %s",
    async (_title, token, message) => {
      const call = clientWith("good").getProductionStatus({ profileId: 1, cardToken: "x" }, { token: token as string });
      await expect(call).rejects.toThrow(message);
      await expect(call).rejects.toMatchObject({ code: "ERR_ARGUMENT", argument: "token" });
    },
  );
});

describe("a token from a provider", () => {
  it.each(titled.filter(([, token]) => !(token instanceof Promise)))(
    "a call rejects the token %s from a provider without showing it",
    async (_title, token, message) => {
      const call = clientWith(() => token).getProductionStatus({ profileId: 1, cardToken: "x" });
      const error = await call.catch((rejection: unknown) => rejection);
      expect(error).toBeInstanceOf(KioskTokenError);
      expect((error as Error).message).toMatch(/^The token provider must return an access token, not /);
      expect((error as Error).message).toMatch(message);
      expect((error as Error).message).not.toMatch(SHOWN);
    },
  );
});

describe.each(["clientId", "clientSecret", "refreshToken", "accessToken"])("%s of createRefreshingToken", (name) => {
  const wrong = titled.filter(([, value]) => !(name === "accessToken" && value === undefined));

  it.each(wrong)("createRefreshingToken rejects %s without showing it", (_title, value, message) => {
    const options = {
      environment: "sandbox",
      clientId: "your-bank",
      clientSecret: "secret",
      refreshToken: "refresh",
      onRefresh: () => {},
      [name]: value,
    } as RefreshingTokenOptions;
    const error = thrownBy(() => createRefreshingToken(options));
    expect(error).toMatchObject({ code: "ERR_ARGUMENT", argument: name });
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(SHOWN);
  });
});

describe("the token of a simulator", () => {
  it.each(titled.filter(([, token]) => token !== undefined))(
    "a simulator rejects the token %s without showing it",
    (_title, token, message) => {
      const error = thrownBy(() => createKioskSimulator({ token: token as string }));
      expect(error).toMatchObject({ code: "ERR_ARGUMENT", argument: "token" });
      expect(error.message).toMatch(message);
      expect(error.message).not.toMatch(SHOWN);
    },
  );
});
