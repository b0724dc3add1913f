import type { Agent } from "undici";
import type { DispatcherLike } from "./dispatcher-like.js";

/**
 * A client certificate, in PEM.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security/mtls
 */
export interface ClientCertificate {
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
  /** The authorities that the server's certificate is checked against, instead of those that Node.js trusts. */
  readonly ca?: string | Uint8Array | undefined;
  /** For a `key` that is encrypted. */
  readonly passphrase?: string | undefined;
}

/** Connections with a client certificate, made when the first request needs them. */
export class MtlsPool {
  readonly #identity: ClientCertificate;
  #agent: Promise<Agent> | undefined;
  #closing: Promise<void> | undefined;

  constructor(identity: ClientCertificate) {
    this.#identity = identity;
  }

  async dispatcher(): Promise<DispatcherLike> {
    if (this.#closing !== undefined) throw new Error("The client is closed");
    this.#agent ??= this.#make();
    return (await this.#agent) as DispatcherLike;
  }

  /** Lets the requests under way end, closes the connections, and refuses further requests. */
  close(): Promise<void> {
    this.#closing ??= this.#agent?.then((agent) => agent.close()) ?? Promise.resolve();
    return this.#closing;
  }

  async #make(): Promise<Agent> {
    const { Agent } = await import("undici");
    const { cert, key, ca, passphrase } = this.#identity;
    const bytes = (pem: string | Uint8Array) => (typeof pem === "string" ? pem : Buffer.from(pem));
    return new Agent({
      connect: {
        cert: bytes(cert),
        key: bytes(key),
        ...(ca === undefined ? {} : { ca: bytes(ca) }),
        ...(passphrase === undefined ? {} : { passphrase }),
      },
    });
  }
}
