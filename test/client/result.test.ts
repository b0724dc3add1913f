import { describe, expect, it } from "vitest";
import type { WiseKioskClient } from "../../src/index.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TRANSPORTS } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const READS = [
  ["produceCard", (kiosk: WiseKioskClient) => kiosk.produceCard(PRODUCE)],
  ["getProductionStatus", (kiosk: WiseKioskClient) => kiosk.getProductionStatus(CARD)],
] as const;

const inProgress = {
  status: "IN_PROGRESS",
  kioskId: "WIS00001",
  occurredAt: "2024-01-01T12:24:56.121Z",
  errorCode: null,
  description: null,
};

const refused = {
  status: "REQUEST_ERROR",
  kioskId: "WIS00001",
  occurredAt: "2024-01-01T12:24:56.121Z",
  errorCode: "PIN_VERIFICATION_FAILED",
  description: "The PIN cannot be verified because the server is unreachable",
};

describe.each(TRANSPORTS)("responses through %s", (_name, transport) => {
  describe.each(READS)("%s", (_method, call) => {
    it.each([
      [WISE_EXAMPLES.inProgress, inProgress],
      [
        WISE_EXAMPLES.ready,
        {
          status: "READY",
          kioskId: null,
          occurredAt: "2024-01-01T12:24:56.124Z",
          errorCode: null,
          description: "Card ready for production",
        },
      ],
      ['{"status":"IN_PROGRESS","kioskId":null}', { ...inProgress, kioskId: null, occurredAt: null }],
      [
        '{"status":"PRODUCTION_ERROR","errorCode":"PRD_NEW_KIND","occurredAt":"2024-01-01T12:24:560Z"}',
        {
          status: "PRODUCTION_ERROR",
          kioskId: null,
          occurredAt: "2024-01-01T12:24:560Z",
          errorCode: "PRD_NEW_KIND",
          description: null,
        },
      ],
      [
        '{"status":"COLLECTED","kioskId":"WIS00001","collectedBy":{"name":"x"}}',
        {
          status: "UNRECOGNIZED",
          rawStatus: "COLLECTED",
          kioskId: "WIS00001",
          occurredAt: null,
          errorCode: null,
          description: null,
        },
      ],
      [WISE_EXAMPLES.requestError, refused],
      [`\uFEFF${WISE_EXAMPLES.inProgress}\r\n`, inProgress],
    ])("resolves with the production for HTTP 200 and %j", async (body, production) => {
      await using server = await startHttpServer(reply(200, body));
      expect(await call(createClient(server, transport))).toEqual(production);
    });

    it.each([
      ["Wise's example with a trailing comma", WISE_EXAMPLES.requestErrorNotJson, "the body is not JSON", ""],
      ["an empty body", "", "the body is empty", ""],
      ["a blank body", " \n", "the body is empty", ""],
      ["an HTML page", "<html>Welcome to the Wi-Fi</html>", "the body is not JSON", ""],
      ["a truncated body", WISE_EXAMPLES.inProgress.slice(0, 30), "the body is not JSON", ""],
      ["an array", "[]", undefined, ""],
      ["null", "null", undefined, ""],
      ["no status", '{"kioskId":"WIS00001"}', undefined, "status"],
      ["a status that is not a string", '{"status":7}', undefined, "status"],
      ["a kiosk id that is not a string", '{"status":"IN_PROGRESS","kioskId":1}', undefined, "kioskId"],
    ])("rejects with a KioskDecodeError for HTTP 200 and %s", async (_what, body, message, path) => {
      await using server = await startHttpServer(reply(200, body));
      const error = await catchRejection(call(createClient(server, transport)));
      expect(error).toMatchObject({ name: "KioskDecodeError", code: "ERR_DECODE", httpStatus: 200 });
      expect(error).toMatchObject({ issues: [{ path, message: message ?? expect.any(String) }] });
      expect(error).toMatchObject({ mayHaveTakenEffect: _method === "produceCard" });
    });
  });

  it("resolves produceCard with the production for HTTP 422 and REQUEST_ERROR", async () => {
    await using server = await startHttpServer(reply(422, WISE_EXAMPLES.requestError));
    expect(await createClient(server, transport).produceCard(PRODUCE)).toEqual(refused);
  });

  it.each([
    ["another status", { ...inProgress }],
    ["an unknown status", { status: "CARD_TOO_OLD", errorCode: "CARD_TOO_OLD" }],
    ["a status in lower case", { ...refused, status: "request_error" }],
    ["an error of another shape", { errors: [{ code: "REQUEST_ERROR", message: "no" }] }],
    ["an empty body", ""],
    ["Wise's example with a trailing comma", WISE_EXAMPLES.requestErrorNotJson],
    ["an HTML page", "<html>REQUEST_ERROR</html>"],
  ])("rejects produceCard for HTTP 422 and %s", async (_what, body) => {
    await using server = await startHttpServer(reply(422, body));
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskUnprocessableError", httpStatus: 422, mayHaveTakenEffect: false });
  });

  describe.each(["REQUEST_ALREADY_EXISTS", "REQUEST_CREATED_BUT_NOT_STARTED"])(
    "an error with the code %s",
    (errorCode) => {
      const body = { status: "REQUEST_ERROR", errorCode };
      it.each<[number, string, string | object]>([
        [422, "a kioskId that is a number", { ...body, kioskId: 17 }],
        [422, "an occurredAt that is a number", { ...body, occurredAt: 1704112000121 }],
        [422, "another shape", { code: errorCode, message: "no" }],
        [422, "a trailing comma", `{"status":"REQUEST_ERROR","errorCode":"${errorCode}",}`],
        [422, "a missing end", `{"status":"REQUEST_ERROR","errorCode":"${errorCode}"`],
        [
          422,
          "more than 1 MiB before it",
          { padding: "x".repeat(2 ** 20 - 500), code: errorCode, more: "x".repeat(500) },
        ],
        [400, "the documented shape", body],
        [409, "the documented shape", body],
      ])("leaves a print of HTTP %d with %s in doubt", async (status, _what, content) => {
        await using server = await startHttpServer(reply(status, content));
        const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
        expect(error).toMatchObject({ httpStatus: status, mayHaveTakenEffect: true });
        expect(server.requests).toHaveLength(1);
      });
    },
  );

  it("rejects the other methods for HTTP 422 and REQUEST_ERROR", async () => {
    await using server = await startHttpServer(reply(422, WISE_EXAMPLES.requestError));
    const kiosk = createClient(server, transport);
    for (const call of [
      kiosk.getProductionStatus(CARD),
      kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }),
    ]) {
      expect(await catchRejection(call)).toMatchObject({
        name: "KioskUnprocessableError",
        errorCode: "PIN_VERIFICATION_FAILED",
        errorMessage: refused.description,
      });
    }
  });

  it.each([[""], ["{}"], ["done"]])(
    "resolves simulateProductionStatus for HTTP 200 and the body '%s'",
    async (body) => {
      await using server = await startHttpServer(reply(200, body));
      expect(
        await createClient(server, transport).simulateProductionStatus({ ...CARD, status: "PRODUCED" }),
      ).toBeUndefined();
    },
  );

  it("ignores 1xx responses before the final one", async () => {
    await using server = await startHttpServer((response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: "</style.css>; rel=preload", "x-trace-id": "not-this-one" });
      reply(404, "", { "x-trace-id": "this-one" })(response, undefined as never);
    });
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskNotFoundError", httpStatus: 404, traceId: "this-one" });
  });
});
