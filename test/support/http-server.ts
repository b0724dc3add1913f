import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A complete request. */
export interface CompleteRequest {
  readonly method: string;
  /** The path with its query, as it was on the wire. */
  readonly path: string;
  /** The headers, with names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The body, decoded as UTF-8. */
  readonly body: string;
}

/** Responds to a request, or leaves it without a response. */
export type Responder = (response: ServerResponse, request: CompleteRequest) => void;

/** An HTTP server on loopback that records its requests. */
export interface HttpServer extends AsyncDisposable {
  /** The URL of the server, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** The complete requests so far. */
  readonly requests: readonly CompleteRequest[];
}

/** Starts a server that passes every request to `respond`. */
export async function startHttpServer(
  respond: Responder,
  create: (listener: RequestListener) => Server = createServer,
): Promise<HttpServer> {
  const requests: CompleteRequest[] = [];
  const server = create(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    respond(response, request);
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

/** Returns a {@link Responder} with this body: text and bytes are sent unchanged, other values as JSON. */
export function reply(status: number, body: unknown = "", headers: Record<string, string> = {}): Responder {
  const text = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  return (response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(text);
  };
}

/** Returns a {@link Responder} that uses these one after another and then repeats the last. */
export function replyInTurn(...responders: readonly Responder[]): Responder {
  let count = 0;
  return (response, request) => {
    const respond = responders[Math.min(count, responders.length - 1)];
    count += 1;
    respond?.(response, request);
  };
}
