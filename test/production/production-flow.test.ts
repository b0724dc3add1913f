import { describe, expect, it } from "vitest";
import type { Production } from "../../src/production/production.js";
import { canProduce, isFinal } from "../../src/production/production-flow.js";
import { PRODUCTION_STATUSES } from "../../src/production/production-status.js";

const details = { kioskId: null, occurredAt: null, description: null, errorCode: null };
const productions: Production[] = [
  ...PRODUCTION_STATUSES.map((status) => ({ status, ...details })),
  { status: "UNRECOGNIZED", rawStatus: "READY_SOON", ...details },
];

const statusesFor = (holds: (production: Production) => boolean): string[] =>
  productions.filter(holds).map(({ status }) => status);

describe("the flow of a production", () => {
  it("lists Wise's five statuses", () => {
    expect(PRODUCTION_STATUSES).toEqual(["READY", "IN_PROGRESS", "PRODUCED", "PRODUCTION_ERROR", "REQUEST_ERROR"]);
  });

  it("canProduce accepts only READY and PRODUCTION_ERROR", () => {
    expect(statusesFor(canProduce)).toEqual(["READY", "PRODUCTION_ERROR"]);
  });

  it("isFinal accepts only PRODUCED", () => {
    expect(statusesFor(isFinal)).toEqual(["PRODUCED"]);
  });
});
