import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it arrived, to its last byte. */
export interface ReceivedRequest {
  readonly method: string;
  /** The path as it was on the wire, with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers a request, or does not. */
export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

/** An HTTP server on loopback that keeps what it receives. */
export interface HttpServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
}

/** Starts a server that gives every request to `answer`. */
export async function startHttpServer(
  answer: Answer,
  create: (listener: RequestListener) => Server = createServer,
): Promise<HttpServer> {
  const requests: ReceivedRequest[] = [];
  const server = create(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    answer(response, request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `${"setSecureContext" in server ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** An answer with a body of JSON, or of text as it stands. */
export function reply(status: number, body: unknown = "", headers: Record<string, string> = {}): Answer {
  const text = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  return (response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(text);
  };
}

/** The answers one after another, the last of them again and again. */
export function inTurn(...answers: readonly Answer[]): Answer {
  let count = 0;
  return (response, request) => {
    const answer = answers[Math.min(count, answers.length - 1)];
    count += 1;
    answer?.(response, request);
  };
}
