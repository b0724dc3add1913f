import * as z from "zod";
import { describeValue, mustBe } from "../../arguments/found-value.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { describeErrorCode } from "../../production/error-code-catalogue.js";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../../production/error-codes.js";
import type { FaultInjection } from "../../testing/faults/fault.js";
import { parseNow } from "../../testing/simulator/to-time.js";
import { LATEST_TIME_MS } from "../../time/nearest-date.js";
import { toClockView, toFaultView, toRequestView, toSettingsView, toStateView } from "../view/to-state-view.js";
import {
  clockView,
  errorCodeView,
  faultView,
  healthView,
  requestView,
  settingsView,
  stateView,
} from "../view/view-schemas.js";
import { clockBody, faultBody, requestsQuery, settingsBody } from "./control-bodies.js";
import { ControlProblem } from "./control-problem.js";
import { type ControlRoute, controlRoute } from "./control-route.js";

/** The routes about everything but cards and webhooks. */
export const SIMULATOR_ROUTES: readonly ControlRoute[] = [
  controlRoute("GET", "/health", {
    id: "getHealth",
    summary: "Responds as soon as the sandbox is ready. Needs no token.",
    response: healthView,
    handle: () => ({ status: "ok" as const }),
  }),
  controlRoute("GET", "/state", {
    id: "getState",
    summary: "Returns the whole state, with the newest 50 requests and deliveries.",
    response: stateView,
    handle: toStateView,
  }),
  controlRoute("GET", "/settings", {
    id: "getSettings",
    summary: "Returns the settings.",
    response: settingsView,
    handle: toSettingsView,
  }),
  controlRoute("PATCH", "/settings", {
    id: "changeSettings",
    summary: "Changes the settings that the body contains.",
    body: settingsBody,
    response: settingsView,
    handle: (sandbox, { body: { readLagMs, latencyMs, auto, webhookUrl } }) => {
      // First the URL, because it may be invalid: then nothing changes.
      if (webhookUrl !== undefined) sandbox.deliveries.deliverTo(webhookUrl);
      if (readLagMs !== undefined) sandbox.core.readLagMs = readLagMs;
      if (latencyMs !== undefined) sandbox.core.latencyMs = latencyMs;
      if (auto !== undefined) sandbox.auto = auto;
      sandbox.changed();
      return toSettingsView(sandbox);
    },
  }),
  controlRoute("POST", "/clock", {
    id: "moveClock",
    summary: "Advances the clock, or stops it at a time. Whatever becomes due happens.",
    body: clockBody,
    response: clockView,
    handle: (sandbox, { body: { advanceMs, now } }) => {
      const { clock } = sandbox.core;
      if (now !== undefined && advanceMs === undefined) clock.set(parseNow(now));
      else if (advanceMs !== undefined && now === undefined) clock.advance(parseAdvance(advanceMs, clock.now));
      else throw new KioskArgumentError("body", "must contain either advanceMs or now");
      sandbox.changed();
      return toClockView(sandbox);
    },
  }),
  controlRoute("GET", "/faults", {
    id: "listFaults",
    summary: "Lists the faults that requests have not used up.",
    response: z.array(faultView),
    handle: ({ faults }) => faults.list().map(toFaultView),
  }),
  controlRoute("POST", "/faults", {
    id: "injectFault",
    summary: "Injects a fault into the next matching requests.",
    body: faultBody,
    status: 201,
    response: faultView,
    handle: ({ faults }, { body }) => toFaultView(faults.inject(toInjection(body))),
  }),
  controlRoute("DELETE", "/faults", {
    id: "removeFaults",
    summary: "Removes all faults.",
    response: z.array(faultView),
    handle: ({ faults }) => {
      faults.clear();
      return [];
    },
  }),
  controlRoute("DELETE", "/faults/{id}", {
    id: "removeFault",
    summary: "Removes a fault.",
    response: z.array(faultView),
    problems: [404],
    handle: ({ faults }, { params: { id = "" } }) => {
      if (!faults.remove(id))
        throw new ControlProblem(404, `There is no fault ${id}: it is used up, or never existed.`);
      return faults.list().map(toFaultView);
    },
  }),
  controlRoute("GET", "/requests", {
    id: "listRequests",
    summary: "Lists the requests to Wise's API, oldest first, with their responses and without credentials.",
    query: requestsQuery,
    response: z.array(requestView),
    handle: ({ core, requests }, { query: { cardToken, operation, limit } }) => {
      core.clock.catchUp();
      return requests
        .map(toRequestView)
        .filter((request) => cardToken === undefined || request.cardToken === cardToken)
        .filter((request) => operation === undefined || request.operation === operation)
        .slice(-(limit ?? requests.length));
    },
  }),
  controlRoute("GET", "/error-codes", {
    id: "listErrorCodes",
    summary: "Lists Wise's error codes with their meaning and what to do next.",
    response: z.array(errorCodeView),
    handle: () => [
      ...PRODUCTION_ERROR_CODES.flatMap((code) => describeErrorCode("production", code) ?? []),
      ...REQUEST_ERROR_CODES.flatMap((code) => describeErrorCode("request", code) ?? []),
    ],
  }),
  controlRoute("POST", "/reset", {
    id: "reset",
    summary: "Restores the initial state of everything, and forgets requests and deliveries.",
    response: healthView,
    handle: (sandbox) => {
      sandbox.reset();
      return { status: "ok" as const };
    },
  }),
];

function toInjection({ times, ...body }: z.output<typeof faultBody>): FaultInjection {
  return { ...body, times: times === "always" ? Number.POSITIVE_INFINITY : times };
}

function parseAdvance(advanceMs: number, now: Date): number {
  const most = LATEST_TIME_MS - now.getTime();
  if (advanceMs <= most) return advanceMs;
  throw mustBe("advanceMs", `a number of milliseconds from 0 to ${most}`, describeValue(advanceMs));
}
