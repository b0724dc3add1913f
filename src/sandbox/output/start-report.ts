import { printable } from "../../text/printable.js";

/** What users need to reach a sandbox. */
export interface StartReport {
  readonly url: string;
  readonly token: string;
  readonly subscriptionId: string;
  /** In SPKI PEM. */
  readonly publicKey: string;
}

/** What a person wants to know besides. */
export interface StartDetails {
  readonly kiosks: readonly string[];
  /** As `PROFILE:TOKEN`. */
  readonly cards: readonly string[];
  readonly webhookUrl: string | null;
}

/** Returns the report as one line with everything, and then what a person needs. The line breaks of the key become `\n`. */
export function formatStart(report: StartReport, { kiosks, cards, webhookUrl }: StartDetails): string {
  const { url, token, subscriptionId, publicKey } = report;
  const key = publicKey.trim().replaceAll("\n", "\\n");
  const rows = [
    ["Page", `${url}/`],
    ["Control API", `${url}/_sandbox/openapi.json`],
    ["Kiosks", kiosks.map((kiosk) => printable(kiosk)).join(", ")],
    ["Cards", cards.map((card) => printable(card)).join("\n               ")],
    [
      "Webhooks to",
      webhookUrl !== null ? printable(webhookUrl) : "no receiver; start with --webhook-url, or set one on the page",
    ],
    ["Stop", "Ctrl+C"],
  ] as const;
  return [
    `Sandbox: url ${url} token ${token} subscription ${printable(subscriptionId)} public-key "${key}"`,
    "",
    ...rows.map(([name, value]) => `  ${name.padEnd(13)}${value}`),
    "",
  ].join("\n");
}
