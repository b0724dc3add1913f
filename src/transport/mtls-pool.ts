import type { ConnectionOptions } from "node:tls";
import type { AgentLike } from "./built-in-undici.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import { loadUndici } from "./load-undici.js";
import { connectThrough, type HttpProxy } from "./proxy-tunnel.js";

/**
 * A client certificate for mutual TLS. `cert`, `key` and `ca` are PEM, as text or as bytes; line breaks may also be written as `\n`,
 * as in environment variables.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security/mtls
 */
export interface ClientCertificate {
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
  /**
   * The authorities to trust instead of those that Node.js trusts, for Wise's server or your gateway, and for a `proxy` with
   * `https:`.
   */
  readonly ca?: string | Uint8Array | undefined;
  /** The passphrase of an encrypted `key`. */
  readonly passphrase?: string | undefined;
  /**
   * The URL of an HTTP proxy to tunnel through, such as `http://user:password@proxy.bank.example:3128`; `http:` or `https:`. The
   * proxy gets to know the host and its own credentials, nothing else.
   *
   * Without it the client connects directly: with `mtls`, neither `HTTPS_PROXY` and `NO_PROXY` nor undici's global dispatcher are
   * used.
   */
  readonly proxy?: string | URL | undefined;
}

/** A client certificate that was validated. */
export interface ClientIdentity {
  readonly tls: Pick<ConnectionOptions, "cert" | "key" | "ca" | "passphrase">;
  readonly proxy: HttpProxy | undefined;
}

/** Connections with a client certificate. The first request that needs them creates them. */
export class MtlsPool {
  readonly #identity: ClientIdentity;
  #agent: Promise<AgentLike> | undefined;
  #closing: Promise<void> | undefined;

  constructor(identity: ClientIdentity) {
    this.#identity = identity;
  }

  async dispatcher(): Promise<DispatcherLike> {
    if (this.#closing !== undefined) throw new Error("The client is closed");
    this.#agent ??= this.#createAgent().catch((error) => {
      this.#agent = undefined;
      throw error;
    });
    return this.#agent;
  }

  /** Lets the requests under way end, closes the connections, and refuses further requests. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAgent();
    return this.#closing;
  }

  /** An agent that could not be created needs no closing. */
  async #closeAgent(): Promise<void> {
    const agent = await this.#agent?.catch(() => undefined);
    await agent?.close();
  }

  async #createAgent(): Promise<AgentLike> {
    const Agent = await loadUndici("Agent", { argument: "mtls", fault: "cannot be used" });
    const { tls, proxy } = this.#identity;
    return new Agent({ connect: proxy === undefined ? tls : connectThrough(proxy, tls), allowH2: false });
  }
}
