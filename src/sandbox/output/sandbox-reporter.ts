import type { WiseExchange } from "../http/wise-exchange.js";
import type { OnDeliveryNews } from "../state/delivery-log.js";
import { formatDelivery, toDeliveryRecord } from "./delivery-line.js";
import { formatExchange, toExchangeRecord } from "./exchange-line.js";
import { formatStart, type StartDetails, type StartReport } from "./start-report.js";

/** Writes what happens in a sandbox, one line at a time. */
export interface SandboxReporter {
  readonly onStart: (report: StartReport, details: StartDetails) => void;
  readonly onExchange: (exchange: WiseExchange) => void;
  readonly onDeliveryNews: OnDeliveryNews;
}

/** Returns a reporter that writes lines for people. */
export function textReporter(write: (line: string) => void): SandboxReporter {
  return {
    onStart: (report, details) => write(formatStart(report, details)),
    onExchange: (exchange) => write(formatExchange(exchange)),
    onDeliveryNews: (sent, attempt) => write(formatDelivery(sent, attempt)),
  };
}

/** Returns a reporter that writes JSON lines. */
export function jsonReporter(write: (line: string) => void): SandboxReporter {
  const writeJson = (value: object) => write(JSON.stringify(value));
  return {
    onStart: (report) => writeJson(report),
    onExchange: (exchange) => writeJson(toExchangeRecord(exchange)),
    onDeliveryNews: (sent, attempt) => writeJson(toDeliveryRecord(sent, attempt)),
  };
}
