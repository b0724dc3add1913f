import { describe, expect, it } from "vitest";
import { wasNeverSent } from "../../src/transport/never-sent.js";

const failure = (fields: object, cause?: unknown) => Object.assign(new Error("x", { cause }), fields);

describe("wasNeverSent", () => {
  it.each([
    ...["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED"],
    ...["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_CLOSED", "UND_ERR_INVALID_ARG", "UND_MOCK_ERR_MOCK_NOT_MATCHED"],
    ...["SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ...["CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID", "UND_ERR_PRX_CONN", "UND_ERR_PRX_TLS"],
  ])("classifies %s as never sent", (code) => {
    expect(wasNeverSent(failure({ code }))).toBe(true);
    expect(wasNeverSent({ code })).toBe(true);
  });

  it.each([
    ...["ECONNRESET", "EPIPE", "ECONNABORTED", "EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER"],
    ...["UND_ERR_SOCKET", "UND_ERR_ABORTED", "UND_ERR_DESTROYED", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"],
    ...["UND_ERR_INFO", "ABORT_ERR", "ERR_UNKNOWN", "toString", "constructor", "", undefined, 7, null],
  ])("does not classify the code %s as never sent", (code) => {
    expect(wasNeverSent(failure({ code }))).toBe(false);
  });

  it.each(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"])(
    "classifies %s as never sent only while connecting",
    (code) => {
      expect(wasNeverSent(failure({ code, syscall: "connect" }))).toBe(true);
      expect(wasNeverSent(failure({ code, syscall: "read" }))).toBe(false);
      expect(wasNeverSent(failure({ code }))).toBe(false);
    },
  );

  it.each([
    ["UND_ERR_ABORTED", "Proxy response (407) !== 200 when HTTP Tunneling"],
    ["UND_ERR_ABORTED", "Proxy response (502) !== 200 when HTTP Tunneling"],
    ["ECONNRESET", "Client network socket disconnected before secure TLS connection was established"],
  ])("classifies %s as never sent only with the message: %s", (code, message) => {
    expect(wasNeverSent({ code, message })).toBe(true);
    expect(wasNeverSent({ code: "ECONNABORTED", message })).toBe(false);
    for (const other of [`${message}.`, `${message}\n`, message.slice(1), { toString: () => message }, undefined])
      expect(wasNeverSent({ code, message: other })).toBe(false);
  });

  it("reads the cause of a DOMException without a code of its own, in which fetch wraps a refused tunnel", () => {
    const { name, message } = { name: "Error", message: "Request was cancelled." };
    const wrap = (cause: unknown) => new TypeError("fetch failed", { cause });
    const behind = (cause: unknown) => wrap(Object.assign(new DOMException(message, name), { cause }));
    expect(wasNeverSent(behind(failure({ code: "ECONNREFUSED" })))).toBe(true);
    expect(wasNeverSent(behind(failure({ code: "UND_ERR_ABORTED" })))).toBe(false);
    expect(
      wasNeverSent(wrap(Object.assign(new DOMException("", "AbortError"), { cause: { code: "ECONNREFUSED" } }))),
    ).toBe(false);
  });

  it("reads the cause of an error without a code", () => {
    const refused = failure({ code: "ECONNREFUSED" });
    expect(wasNeverSent(new TypeError("fetch failed", { cause: refused }))).toBe(true);
    expect(wasNeverSent(new TypeError("fetch failed", { cause: failure({ code: "ECONNRESET" }) }))).toBe(false);
  });

  it("prefers the wrapper's code over that of its cause", () => {
    expect(wasNeverSent(failure({ code: "ETIMEDOUT" }, failure({ code: "ECONNREFUSED" })))).toBe(false);
  });

  it("requires proof from every error of an AggregateError, as for several addresses", () => {
    const refused = failure({ code: "ECONNREFUSED" });
    const reset = failure({ code: "ECONNRESET" });
    expect(wasNeverSent(Object.assign(new AggregateError([refused, refused]), { code: "ECONNREFUSED" }))).toBe(true);
    expect(wasNeverSent(Object.assign(new AggregateError([refused, reset]), { code: "ECONNREFUSED" }))).toBe(false);
    expect(wasNeverSent(new AggregateError([]))).toBe(false);
  });

  it.each([undefined, null, "ECONNREFUSED", 7, () => {}])("does not classify the value %s as never sent", (value) => {
    expect(wasNeverSent(value)).toBe(false);
  });

  it("does not classify an error that cannot be read as never sent", () => {
    const unreadable = Object.defineProperty(new Error("x"), "code", {
      get() {
        throw new Error("This cannot be read");
      },
    });
    expect(wasNeverSent(unreadable)).toBe(false);
    expect(wasNeverSent(new AggregateError([failure({ code: "ECONNREFUSED" }), unreadable]))).toBe(false);
  });

  it.each<[string, (inner: unknown) => unknown]>([
    ["causes", (cause) => new Error("x", { cause })],
    ["errors of several addresses", (error) => new AggregateError([error])],
  ])("reads four levels of %s, and no more", (_what, wrap) => {
    const wrapTimes = (times: number): unknown =>
      times === 0 ? failure({ code: "ECONNREFUSED" }) : wrap(wrapTimes(times - 1));
    expect(wasNeverSent(wrapTimes(4))).toBe(true);
    expect(wasNeverSent(wrapTimes(5))).toBe(false);
  });

  it("terminates on circular causes", () => {
    const round: Error & { cause?: unknown } = new Error("x");
    round.cause = round;
    expect(wasNeverSent(round)).toBe(false);
  });
});
