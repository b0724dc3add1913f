import { Agent, interceptors } from "undici";
import { describe, expect, it } from "vitest";
import { reply, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const options = { dispatcher: new Agent().compose(interceptors.responseError()) };

describe("undici's responseError interceptor", () => {
  it("returns a response that the interceptor turned into an error", async () => {
    await using server = await startHttpServer(reply(422, WISE_EXAMPLES.requestError));
    expect(await createClient(server, options).produceCard(PRODUCE)).toMatchObject({
      status: "REQUEST_ERROR",
      errorCode: "PIN_VERIFICATION_FAILED",
    });
  });

  it.each([
    ["JSON", { message: "No." }, "application/json", { message: "No." }, "No."],
    ["text", "No.", "text/plain", "No.", "No."],
    ["an HTML page, which it drops", "<p>No.</p>", "text/html", "", null],
    ["no bytes", "", "application/json", "", null],
  ])(
    "preserves the headers, and the body as the interceptor leaves it: %s",
    async (_what, sent, type, body, errorMessage) => {
      const headers = { "Content-Type": type, "x-trace-id": "trace", "Retry-After": "5" };
      await using server = await startHttpServer(reply(429, sent, headers));
      expect(await catchRejection(createClient(server, options).getProductionStatus(CARD))).toMatchObject({
        name: "KioskRateLimitError",
        traceId: "trace",
        retryAfterMs: 5000,
        body,
        errorMessage,
      });
    },
  );

  it("treats an error that only has the interceptor's code as a connection error", async () => {
    const error = Object.assign(new Error("no"), { code: "UND_ERR_RESPONSE" });
    const dispatcher = {
      dispatch(): boolean {
        throw error;
      },
    };
    expect(
      await catchRejection(createClient({ url: "https://localhost" }, { dispatcher }).produceCard(PRODUCE)),
    ).toMatchObject({
      name: "KioskConnectionError",
      requestSent: false,
    });
  });
});
