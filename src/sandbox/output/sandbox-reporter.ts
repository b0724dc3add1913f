import { toJsonLine } from "../../text/json-line.js";
import type { Refusal } from "../http/refused-caller.js";
import type { WiseExchange } from "../http/wise-exchange.js";
import type { OnDeliveryNews } from "../state/delivery-log.js";
import { formatDelivery, toDeliveryRecord } from "./delivery-line.js";
import { formatExchange, toExchangeRecord } from "./exchange-line.js";
import { formatTimeOfDay } from "./line-parts.js";
import { LineWriter, type TextOutput } from "./line-writer.js";
import { formatStart, type StartDetails, type StartReport } from "./start-report.js";

/** Writes what happens in a sandbox, one line at a time. */
export interface SandboxReporter {
  readonly onStart: (report: StartReport, details: StartDetails) => void;
  readonly onExchange: (exchange: WiseExchange) => void;
  readonly onRefusal: (refusal: Refusal) => void;
  readonly onDeliveryNews: OnDeliveryNews;
  readonly onEnd: () => void;
}

/** Returns a reporter that writes lines for people. */
export function textReporter(output: TextOutput): SandboxReporter {
  const writer = new LineWriter(output, (dropped) => `No one read ${dropped} more lines, so they were dropped.\n`);
  const writeLine = (line: string) => writer.write(`${line}\n`);
  return {
    onStart: (report, details) => writeLine(formatStart(report, details)),
    onExchange: (exchange) => writeLine(formatExchange(exchange)),
    onRefusal: ({ at, httpStatus, detail }) => writeLine(`${formatTimeOfDay(at)} ${httpStatus} refused: ${detail}`),
    onDeliveryNews: (sent, attempt) => writeLine(formatDelivery(sent, attempt)),
    onEnd: () => writer.noteDropped(),
  };
}

/** Returns a reporter that writes JSON lines. */
export function jsonReporter(output: TextOutput): SandboxReporter {
  const writer = new LineWriter(output, (dropped) => toJsonLine({ type: "dropped", lines: dropped }));
  const writeJson = (value: object) => writer.write(toJsonLine(value));
  return {
    onStart: (report) => writeJson(report),
    onExchange: (exchange) => writeJson(toExchangeRecord(exchange)),
    onRefusal: (refusal) => writeJson({ type: "refused", ...refusal }),
    onDeliveryNews: (sent, attempt) => writeJson(toDeliveryRecord(sent, attempt)),
    onEnd: () => writer.noteDropped(),
  };
}
