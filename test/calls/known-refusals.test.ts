import { expect, it } from "vitest";
import { type Exchange, WiseKioskClient } from "wise-card-kiosk";
import { memoryPrintJobStore, PrintJobs } from "wise-card-kiosk/print-jobs";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { CARD, PRODUCE } from "../support/transports.js";

/**
 * A Wise whose reads lag by 400 ms and show refusals. It refuses the first request for the card. Each request takes 60 ms, and a
 * read that reconciles a second, so that the first one still shows what was before the request.
 */
function startWise() {
  const simulator = createKioskSimulator({
    cards: [{ ...CARD, outcomes: [{ refuse: "UNABLE_TO_ACCEPT_REQUEST" }] }],
    assumptions: { refusalIsRead: true },
    readLagMs: 400,
    now: "2026-11-21T08:00:00.100Z",
  });
  const onExchange = ({ purpose }: Exchange) => simulator.advanceTime(purpose === "reconcile" ? 1000 : 60);
  const client = new WiseKioskClient({ ...simulator.clientOptions(), onExchange });
  const loseNextResponse = () => simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
  return { simulator, client, loseNextResponse };
}

it("does not resolve a call with the refusal that is passed as previous", async () => {
  const { simulator, client, loseNextResponse } = startWise();
  const previous = await client.produceCard(PRODUCE);
  expect(previous).toMatchObject({ status: "REQUEST_ERROR", errorCode: "UNABLE_TO_ACCEPT_REQUEST" });
  simulator.advanceTime(450);
  loseNextResponse();
  await expect(client.produceCard({ ...PRODUCE, previous })).resolves.toMatchObject({ status: "IN_PROGRESS" });
});

it.each([
  ["its first read shows", 450],
  ["its first read does not show yet", 300],
])("a job is not refused by the refusal of the job before it, which %s", async (_what, afterMs) => {
  const { simulator, client, loseNextResponse } = startWise();
  const jobs = new PrintJobs({ client, store: memoryPrintJobStore() });
  expect(await jobs.print(PRODUCE)).toMatchObject({ state: "refused" });
  simulator.advanceTime(afterMs);
  loseNextResponse();
  expect(await jobs.print(PRODUCE)).toMatchObject({ state: "accepted", production: { status: "IN_PROGRESS" } });
});
