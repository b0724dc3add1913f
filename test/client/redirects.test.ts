import { describe, expect, it } from "vitest";
import { reply, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TRANSPORTS } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

describe.each(TRANSPORTS)("redirects through %s", (_name, transport) => {
  it.each([300, 301, 302, 303, 304, 305, 307, 308])("does not follow HTTP %d", async (status) => {
    await using target = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
    await using server = await startHttpServer(reply(status, "", { Location: `${target.url}/elsewhere` }));
    const kiosk = createClient(server, transport);
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({
      name: "KioskApiError",
      httpStatus: status,
      mayHaveTakenEffect: true,
    });
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({
      httpStatus: status,
      mayHaveTakenEffect: false,
    });
    expect(await catchRejection(kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }))).toMatchObject({
      httpStatus: status,
    });
    expect(target.requests).toEqual([]);
    expect(server.requests).toHaveLength(3);
  });

  it("does not follow a redirect to the same server", async () => {
    await using server = await startHttpServer(reply(307, "", { Location: "/elsewhere" }));
    expect(await catchRejection(createClient(server, transport).produceCard(PRODUCE))).toMatchObject({
      httpStatus: 307,
    });
    expect(server.requests.map(({ path }) => path)).not.toContain("/elsewhere");
  });
});
