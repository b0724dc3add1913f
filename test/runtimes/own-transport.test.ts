import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLOSED_URL } from "../support/closed-ports.js";
import { type HttpServer, reply, startHttpServer } from "../support/http-server.js";
import { runProgram } from "../support/run-runtime-program.js";
import { RUNTIMES } from "../support/runtimes.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

/** The response of the server for each kiosk. */
const RESPONSES = {
  WIS00001: reply(200, WISE_EXAMPLES.inProgress),
  UNKNOWN: reply(422, WISE_EXAMPLES.requestError),
  UNAVAILABLE: reply(503),
  REDIRECTED: reply(307, "", { Location: "/elsewhere" }),
  MISDIRECTED: reply(421),
  RESET: (response) => response.socket?.resetAndDestroy(),
  SILENT: () => {},
} satisfies Record<string, Parameters<typeof startHttpServer>[0]>;

interface Results {
  readonly default: Readonly<Record<string, unknown>>;
  readonly fetch: Readonly<Record<string, unknown>>;
  readonly dispatcherOption: unknown;
  readonly mtlsOption: unknown;
}

const inDoubt = { name: "KioskConnectionError", code: "ERR_CONNECTION", requestSent: true, mayHaveTakenEffect: true };

const EXPECTED: Readonly<Record<string, unknown>> = {
  produced: expect.objectContaining({ status: "IN_PROGRESS", kioskId: "WIS00001" }),
  refused: expect.objectContaining({ status: "REQUEST_ERROR", errorCode: "PIN_VERIFICATION_FAILED" }),
  unavailable: expect.objectContaining({ name: "KioskServerError", httpStatus: 503, mayHaveTakenEffect: true }),
  redirected: expect.objectContaining({ name: "KioskApiError", httpStatus: 307, mayHaveTakenEffect: true }),
  misdirected: expect.objectContaining({ name: "KioskApiError", httpStatus: 421 }),
  reset: expect.objectContaining(inDoubt),
  tooLate: expect.objectContaining({ ...inDoubt, name: "KioskTimeoutError", code: "ERR_TIMEOUT" }),
  aborted: expect.stringContaining("TimeoutError"),
  read: expect.objectContaining({ status: "READY", kioskId: null }),
  simulated: null,
  notConnected: expect.objectContaining({
    name: "KioskConnectionError",
    mayHaveTakenEffect: false,
    requestSent: false,
  }),
};

describe.each(RUNTIMES)("under %s", (runtime, command) => {
  describe.each(["fetch-first", "package-first"])("%s", (order) => {
    let server: HttpServer;
    let results: Results;

    beforeAll(async () => {
      server = await startHttpServer((response, request) => {
        const { kioskId } = request.method === "PUT" ? JSON.parse(request.body) : { kioskId: undefined };
        const respond = RESPONSES[kioskId as keyof typeof RESPONSES] ?? reply(200, WISE_EXAMPLES.ready);
        respond(response, request);
      });
      results = (await runProgram("calls.mjs", command, server.url, CLOSED_URL, order)) as Results;
    });

    afterAll(() => server[Symbol.asyncDispose]());

    it.each(Object.entries(EXPECTED))("makes calls with the expected outcome: %s", (name, outcome) => {
      expect(results.default[name]).toEqual(outcome);
      // Deno's fetch does not distinguish a refused connection from a broken one.
      const known = runtime === "Deno" && name === "notConnected" ? expect.objectContaining(inDoubt) : outcome;
      expect(results.fetch[name]).toEqual(known);
    });

    it("sends one request per call", () => {
      const puts = Object.keys(RESPONSES).map((kioskId) => `PUT ${kioskId}`);
      const sent = [...puts, "PUT SILENT", "GET", "POST"];
      const received = server.requests
        .slice(order === "fetch-first" ? 1 : 0)
        .map(({ method, body }) => (method === "PUT" ? `PUT ${JSON.parse(body).kioskId}` : method));
      expect(received).toEqual([...sent, ...sent]);
    });

    it("rejects options that need undici if the runtime has none", () => {
      if (runtime === "Bun") {
        expect(results.dispatcherOption).toMatchObject({
          argument: "dispatcher",
          message: expect.stringContaining("Bun"),
        });
        expect(results.mtlsOption).toMatchObject({ argument: "mtls", message: expect.stringContaining("Bun") });
      } else {
        expect(results.dispatcherOption).toBe("object");
        expect(results.mtlsOption).toMatchObject({ argument: "mtls", message: expect.stringContaining("PEM") });
      }
    });
  });
});
