import type { Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { AgentLike } from "./built-in-undici.js";
import { ClosedClientError } from "./closed-client-error.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import { loadUndici } from "./load-undici.js";
import { connectThrough, type HttpProxy } from "./proxy-tunnel.js";

/**
 * A client certificate for mutual TLS. `cert`, `key` and `ca` are PEM, as strings or bytes. Line breaks may also be escaped as
 * `\n`, as in environment variables.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security/mtls
 */
export interface ClientCertificate {
  /** Your certificate in PEM, as a string or bytes. Line breaks may be written as `\n`. Required. */
  readonly cert: string | Uint8Array;
  /** The private key of `cert` in PEM, as a string or bytes. Line breaks may be written as `\n`. Required. */
  readonly key: string | Uint8Array;
  /**
   * The only certificate authorities to trust, for Wise's server or your gateway, and for a `proxy` with `https:`: in PEM, as a
   * string or bytes. Default: those that Node.js trusts.
   */
  readonly ca?: string | Uint8Array | undefined;
  /** The passphrase of `key`. Default: none, `key` is not encrypted. */
  readonly passphrase?: string | undefined;
  /**
   * The URL of an HTTP proxy to tunnel through, such as `http://user:password@proxy.bank.example:3128`; `http:` or `https:`. The
   * proxy sees only the host and its own credentials.
   *
   * Default: none, the client connects directly. `mtls` ignores `HTTPS_PROXY`, `NO_PROXY` and undici's global dispatcher.
   */
  readonly proxy?: string | URL | undefined;
}

/** A validated client certificate. */
export interface ClientIdentity {
  /** The TLS options for the server. */
  readonly tls: Pick<ConnectionOptions, "cert" | "key" | "ca" | "passphrase">;
  /** The proxy to tunnel through; `undefined` to connect directly. */
  readonly proxy: HttpProxy | undefined;
}

/** Connections with a client certificate, created by the first request that needs them. */
export class MtlsPool {
  readonly #identity: ClientIdentity;
  /** The sockets to the proxy. The agent does not know those that are still connecting. */
  readonly #sockets = new Set<Socket>();
  readonly #requests = new Set<Promise<unknown>>();
  #agent: Promise<AgentLike> | undefined;
  #closing: Promise<void> | undefined;

  constructor(identity: ClientIdentity) {
    this.#identity = identity;
  }

  /**
   * Returns the dispatcher of these connections.
   *
   * @throws {KioskArgumentError} if undici cannot be loaded.
   * @throws {ClosedClientError} if the pool is closed.
   */
  async dispatcher(): Promise<DispatcherLike> {
    if (this.#closing !== undefined) throw new ClosedClientError();
    this.#agent ??= this.#createAgent().catch((error) => {
      this.#agent = undefined;
      throw error;
    });
    return this.#agent;
  }

  /** Makes `close` wait for a request. */
  track(request: Promise<unknown>): void {
    this.#requests.add(request);
    const forget = () => this.#requests.delete(request);
    request.then(forget, forget);
  }

  /** Refuses further requests, lets running ones finish, and closes the connections. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAgent();
    return this.#closing;
  }

  /** The agent's own `close` would also wait for a connection that no request needs any more. */
  async #closeAgent(): Promise<void> {
    await Promise.allSettled(this.#requests);
    // An agent that could not be created needs no closing.
    const agent = await this.#agent?.catch(() => undefined);
    await agent?.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #createAgent(): Promise<AgentLike> {
    const Agent = await loadUndici("Agent", { argument: "mtls", fault: "cannot be used" });
    const { tls, proxy } = this.#identity;
    const connect = proxy === undefined ? tls : connectThrough(proxy, tls, this.#sockets);
    return new Agent({ connect, allowH2: false });
  }
}
