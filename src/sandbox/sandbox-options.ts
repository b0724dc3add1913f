import type { TextOutput } from "./output/line-writer.js";

/** Options for `runSandbox`, as the command line passes them. */
export interface SandboxOptions {
  /** The port: 0 to 65535. 0 means any free port. Default: 4010. */
  readonly port?: number | undefined;
  /**
   * The address to listen on: an IP address or a host name of this machine. An address outside the loopback interface requires a
   * `token`. Default: `127.0.0.1`.
   */
  readonly host?: string | undefined;
  /** The cards, in addition to those of `seed`. Default: those of `seed`, or else three cards. */
  readonly cards?: readonly SandboxCard[] | undefined;
  /** The ids of the kiosks, in addition to those of `seed`. Default: those of `seed`, or else two kiosks. */
  readonly kiosks?: readonly string[] | undefined;
  /** The access token that the sandbox accepts: visible ASCII characters. Default: a random one. */
  readonly token?: string | undefined;
  /** The URL to which every webhook is posted. Default: that of `seed`, or else none. */
  readonly webhookUrl?: string | undefined;
  /** The initial state: the text of a seed file, in JSON. Default: none. */
  readonly seed?: string | undefined;
  /** How long a kiosk takes for a card, in milliseconds: 0 to 2147483647. Default: that of `seed`, or else 2000. */
  readonly productionDelayMs?: number | undefined;
  /** How far reads lag behind, in milliseconds: 0 to 2147483647. Default: that of `seed`, or else 0. */
  readonly readLagMs?: number | undefined;
  /**
   * Whether each card that a kiosk starts to print becomes `PRODUCED` without further action. Default: that of `seed`, or
   * else `false`.
   */
  readonly auto?: boolean | undefined;
  /** Whether to write JSON lines instead of readable ones. Default: `false`. */
  readonly json?: boolean | undefined;
}

/** A card, as `PROFILE:TOKEN` on the command line names it. */
interface SandboxCard {
  /** The profile that the card belongs to, in decimal digits. */
  readonly profileId: string;
  /** The token of the card. */
  readonly cardToken: string;
}

/** What a sandbox needs of its process. */
export interface SandboxIo {
  /** Receives the line at the start, and one for each request and each attempt of a delivery. */
  readonly stdout: TextOutput;
  /** Receives warnings. */
  readonly stderr: TextOutput;
  /** Stops the sandbox. */
  readonly signal: AbortSignal;
}
