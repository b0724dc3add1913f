import { describe, expect, it } from "vitest";
import { runForJson } from "../support/consumer.js";

/** Delivers to a receiver on this machine while MSW rejects requests without a handler. */
const PROGRAM = `
  const { once } = await import("node:events");
  const { createServer } = await import("node:http");
  const server = createServer((request, response) => request.resume().on("end", () => response.end()));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const msw = setupServer();
  msw.listen({ onUnhandledRequest: "error" });
  const simulator = createKioskSimulator({ cards: [{ profileId: 1, cardToken: "card" }] });
  const target = simulator.deliverTo("http://127.0.0.1:" + server.address().port, { maxAttempts: 1 });
  simulator.card("card").produce();
  await target.settled();
  msw.close();
  server.close();
  console.log(JSON.stringify(target.attempts.map(({ httpStatus }) => httpStatus)));
`;

const LOADED = {
  esm: `
    import { setupServer } from "msw/node";
    import { createKioskSimulator } from "wise-card-kiosk/testing";
    ${PROGRAM}
  `,
  cjs: `
    const { setupServer } = require("msw/node");
    const { createKioskSimulator } = require("wise-card-kiosk/testing");
    (async () => { ${PROGRAM} })();
  `,
} as const;

describe.each(["esm", "cjs"] as const)("the simulator beside MSW, as %s", (format) => {
  it("the simulator's webhooks bypass MSW", () => {
    expect(runForJson(format, LOADED[format])).toEqual([200]);
  });
});
