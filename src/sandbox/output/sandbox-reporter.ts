import { toJsonLine } from "../../text/json-line.js";
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
export function textReporter(write: (text: string) => void): SandboxReporter {
  const writeLine = (line: string) => write(`${line}\n`);
  return {
    onStart: (report, details) => writeLine(formatStart(report, details)),
    onExchange: (exchange) => writeLine(formatExchange(exchange)),
    onDeliveryNews: (sent, attempt) => writeLine(formatDelivery(sent, attempt)),
  };
}

/** Returns a reporter that writes JSON lines. */
export function jsonReporter(write: (text: string) => void): SandboxReporter {
  const writeJson = (value: object) => write(toJsonLine(value));
  return {
    onStart: (report) => writeJson(report),
    onExchange: (exchange) => writeJson(toExchangeRecord(exchange)),
    onDeliveryNews: (sent, attempt) => writeJson(toDeliveryRecord(sent, attempt)),
  };
}
