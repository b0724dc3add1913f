import { parseListenOptions } from "../testing/adapters/listen-options.js";
import { keyPair } from "../testing/webhooks/key-pair.js";
import { untilAborted } from "../time/wait.js";
import { openSandboxServer } from "./http/sandbox-server.js";
import { jsonReporter, textReporter } from "./output/sandbox-reporter.js";
import { PAGE_HTML } from "./page-html.js";
import { parseSeed } from "./parse-seed.js";
import { planSandbox } from "./plan-sandbox.js";
import type { SandboxIo, SandboxOptions } from "./sandbox-options.js";
import { hideQuery } from "./state/hidden-credentials.js";
import { Sandbox } from "./state/sandbox.js";

/**
 * Runs the sandbox until `io.signal` stops it.
 *
 * @returns the exit code of the process: 0.
 * @throws {KioskArgumentError} if an option or the seed is invalid, or the port cannot be opened.
 */
export async function runSandbox(options: SandboxOptions, { stdout, stderr, signal }: SandboxIo): Promise<number> {
  const { address, initial } = planSandbox(options, options.seed === undefined ? {} : parseSeed(options.seed));
  const reporter = options.json === true ? jsonReporter(stdout) : textReporter(stdout);
  const sandbox = new Sandbox(initial, reporter.onDeliveryNews);
  const { core } = sandbox;
  const server = await openSandboxServer(sandbox, {
    ...parseListenOptions(address),
    page: PAGE_HTML,
    onExchange: reporter.onExchange,
    onRefusal: reporter.onRefusal,
  });
  const { subscriptionId, token } = core;
  reporter.onStart(
    { url: server.url, token, subscriptionId, publicKey: keyPair().publicKey },
    {
      kiosks: core.kiosks,
      cards: [...core.cards.values()].map(({ profileId, cardToken }) => `${profileId}:${cardToken}`),
      webhookUrl: initial.webhookUrl && hideQuery(initial.webhookUrl),
    },
  );
  if (!initial.showsToken) {
    stderr.write("Warning: this sandbox is open to the network, and tokens are sent to it unencrypted.\n");
  }
  await untilAborted(signal).catch(() => {});
  await server.close();
  sandbox.stop();
  reporter.onEnd();
  return 0;
}
