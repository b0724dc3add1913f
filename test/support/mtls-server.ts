import { createServer } from "node:https";
import type { TLSSocket } from "node:tls";
import type { Authority } from "./certificates.js";
import { type HttpServer, startHttpServer } from "./http-server.js";

/** Starts a server that accepts only client certificates of this authority, and describes the card by their common name. */
export function startMtlsServer({ ca, issue }: Authority): Promise<HttpServer> {
  const options = { ...issue("localhost"), ca, requestCert: true, rejectUnauthorized: true };
  return startHttpServer(
    (response) => {
      const { subject } = (response.socket as TLSSocket).getPeerCertificate();
      response.end(JSON.stringify({ status: "READY", description: subject.CN }));
    },
    (listener) => createServer(options, listener),
  );
}
