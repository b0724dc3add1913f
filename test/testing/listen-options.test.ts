import { expect, it } from "vitest";
import { KioskArgumentError } from "../../src/index.js";
import { listenFailure, parseListenOptions } from "../../src/testing/adapters/listen-options.js";

it.each([0, 1, 65_535])("listens on the port %i", (port) => {
  expect(parseListenOptions({ port })).toEqual({ port, host: "127.0.0.1" });
});

it.each(["localhost", "my-host", "kiosk.test", "a.bc.d-e.example", "127.0.0.2", "::1"])(
  "listens on the address or host name %s",
  (host) => {
    expect(parseListenOptions({ host })).toEqual({ port: 0, host });
  },
);

it.each(["http://kiosk.test", "kiosk.test/path", "kiosk.test:80", "kiosk..test", ".test", "test.", "kiosk.a b"])(
  "does not listen on %s, which is neither an address nor a host name",
  (host) => {
    expect(() => parseListenOptions({ host })).toThrow(expect.objectContaining({ argument: "host" }));
  },
);

it.each([
  ["EADDRINUSE", "port"],
  ["EACCES", "port"],
  ["EADDRNOTAVAIL", "host"],
  ["EAFNOSUPPORT", "host"],
  ["EINVAL", "host"],
  ["ENOTFOUND", "host"],
  ["EAI_AGAIN", "host"],
])("an error %s is reported as one of the option %s, with its cause", (code, argument) => {
  const cause = Object.assign(new Error("listen failed"), { code });
  const failure = listenFailure(cause, { host: "192.0.2.1", port: 80 });
  expect(failure).toBeInstanceOf(KioskArgumentError);
  expect(failure).toMatchObject({ argument, cause, message: expect.stringContaining(`(${code})`) });
});

it("an error that no option causes is reported as it is", () => {
  const error = Object.assign(new Error("too many open files"), { code: "EMFILE" });
  expect(listenFailure(error, { host: "127.0.0.1", port: 80 })).toBe(error);
});
