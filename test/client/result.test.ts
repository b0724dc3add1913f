import { describe, expect, it } from "vitest";
import type { WiseKioskClient } from "../../src/index.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { CARD, clientOf, PRODUCE, rejectionOf, TRANSPORTS } from "../support/transports.js";
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

describe.each(TRANSPORTS)("an answer through %s", (_name, transport) => {
  describe.each(READS)("to %s", (_method, call) => {
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
    ])("with 200 and %s is the production", async (body, production) => {
      await using server = await startHttpServer(reply(200, body));
      expect(await call(clientOf(server, transport))).toEqual(production);
    });

    it.each([
      ["the example with a comma too many", WISE_EXAMPLES.requestErrorNotJson, "the body is not JSON", ""],
      ["nothing", "", "the body is empty", ""],
      ["a page", "<html>Welcome to the Wi-Fi</html>", "the body is not JSON", ""],
      ["half of it", WISE_EXAMPLES.inProgress.slice(0, 30), "the body is not JSON", ""],
      ["a list", "[]", undefined, ""],
      ["null", "null", undefined, ""],
      ["no status", '{"kioskId":"WIS00001"}', undefined, "status"],
      ["a status that is not text", '{"status":7}', undefined, "status"],
      ["a kiosk that is not text", '{"status":"IN_PROGRESS","kioskId":1}', undefined, "kioskId"],
    ])("with 200 and %s is a KioskDecodeError", async (_what, body, message, path) => {
      await using server = await startHttpServer(reply(200, body));
      const error = await rejectionOf(call(clientOf(server, transport)));
      expect(error).toMatchObject({ name: "KioskDecodeError", code: "ERR_DECODE", httpStatus: 200 });
      expect(error).toMatchObject({ issues: [{ path, message: message ?? expect.any(String) }] });
      expect(error).toMatchObject({ mayHaveTakenEffect: _method === "produceCard" });
    });
  });

  it("with 422 and REQUEST_ERROR is the production of a produceCard", async () => {
    await using server = await startHttpServer(reply(422, WISE_EXAMPLES.requestError));
    expect(await clientOf(server, transport).produceCard(PRODUCE)).toEqual(refused);
  });

  it.each([
    ["another status", { ...inProgress }],
    ["a status that is not known", { status: "CARD_TOO_OLD", errorCode: "CARD_TOO_OLD" }],
    ["a status in other letters", { ...refused, status: "request_error" }],
    ["an error of another shape", { errors: [{ code: "REQUEST_ERROR", message: "no" }] }],
    ["nothing", ""],
    ["the example with a comma too many", WISE_EXAMPLES.requestErrorNotJson],
    ["a page", "<html>REQUEST_ERROR</html>"],
  ])("with 422 and %s is an error of a produceCard", async (_what, body) => {
    await using server = await startHttpServer(reply(422, body));
    const error = await rejectionOf(clientOf(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskUnprocessableError", httpStatus: 422, mayHaveTakenEffect: false });
  });

  it("with 422 and REQUEST_ERROR is an error of the other methods", async () => {
    await using server = await startHttpServer(reply(422, WISE_EXAMPLES.requestError));
    const kiosk = clientOf(server, transport);
    for (const call of [
      kiosk.getProductionStatus(CARD),
      kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }),
    ]) {
      expect(await rejectionOf(call)).toMatchObject({
        name: "KioskUnprocessableError",
        errorCode: "PIN_VERIFICATION_FAILED",
        errorMessage: refused.description,
      });
    }
  });

  it.each([[""], ["{}"], ["done"]])("with 200 and '%s' is all that a simulateProductionStatus needs", async (body) => {
    await using server = await startHttpServer(reply(200, body));
    expect(await clientOf(server, transport).simulateProductionStatus({ ...CARD, status: "PRODUCED" })).toBeUndefined();
  });

  it("that comes after others of status 1xx is the answer", async () => {
    await using server = await startHttpServer((response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: "</style.css>; rel=preload", "x-trace-id": "not-this-one" });
      reply(404, "", { "x-trace-id": "this-one" })(response, undefined as never);
    });
    const error = await rejectionOf(clientOf(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskNotFoundError", httpStatus: 404, traceId: "this-one" });
  });
});
