import type { ServerResponse } from "node:http";
import type { Sandbox } from "../state/sandbox.js";
import { toStateView } from "../view/to-state-view.js";
import { COMMON_HEADERS } from "./json-responses.js";

/** Changes within this time are sent together. */
const TOGETHER_MS = 30;

/** Proxies close a connection that is silent for long. */
const KEEP_ALIVE_MS = 15_000;

/** Sends the whole state now and after every change, as server-sent events, until the client leaves. */
export function streamState(sandbox: Sandbox, outgoing: ServerResponse): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = () => {
    timer = undefined;
    outgoing.write(`event: state\ndata: ${JSON.stringify(toStateView(sandbox))}\n\n`);
  };
  const sendSoon = () => {
    timer ??= setTimeout(send, TOGETHER_MS);
  };
  outgoing.writeHead(200, { ...COMMON_HEADERS, "content-type": "text/event-stream" });
  const stopListening = sandbox.onChange(sendSoon);
  const keepAlive = setInterval(() => outgoing.write(":\n\n"), KEEP_ALIVE_MS);
  outgoing.on("close", () => {
    stopListening();
    clearTimeout(timer);
    clearInterval(keepAlive);
  });
  send();
}
