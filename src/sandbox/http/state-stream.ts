import type { ServerResponse } from "node:http";
import { toJsonLine } from "../../text/json-line.js";
import { onAbort } from "../../time/on-abort.js";
import type { Sandbox } from "../state/sandbox.js";
import { toStateView } from "../view/to-state-view.js";
import { COMMON_HEADERS } from "./json-responses.js";

/** Changes within this time are sent together. */
const TOGETHER_MS = 30;

/** Proxies close a connection that is silent for long. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Sends the whole state now and after every change, as server-sent events, until the client leaves or `closing` aborts. A client
 * that reads slowly gets the newest state only. If the state cannot be sent, the stream ends.
 */
export function streamState(sandbox: Sandbox, outgoing: ServerResponse, closing: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = () => {
    timer = undefined;
    if (outgoing.writableNeedDrain) outgoing.off("drain", sendSoon).once("drain", sendSoon);
    else outgoing.write(`event: state\ndata: ${toJsonLine(toStateView(sandbox))}\n`);
  };
  // An error in a timer would end the process.
  const sendOrLeave = () => {
    try {
      send();
    } catch {
      outgoing.destroy();
    }
  };
  const sendSoon = () => {
    timer ??= setTimeout(sendOrLeave, TOGETHER_MS);
  };
  outgoing.writeHead(200, { ...COMMON_HEADERS, "content-type": "text/event-stream" });
  const stopListening = sandbox.onChange(sendSoon);
  const keepAlive = setInterval(() => {
    if (!outgoing.writableNeedDrain) outgoing.write(":\n\n");
  }, KEEP_ALIVE_MS);
  const stopSending = () => {
    stopListening();
    clearTimeout(timer);
    clearInterval(keepAlive);
    outgoing.off("drain", sendSoon);
  };
  outgoing.on("close", stopSending);
  send();
  const stopWaiting = onAbort(closing, () => {
    stopSending();
    outgoing.end();
  });
  outgoing.on("close", stopWaiting);
}
