/** An option of the program, as `--help` and the completion scripts describe it. */
export interface OptionDefinition {
  /** What `--help` calls its value; without one, the option is a flag. */
  readonly value?: string;
  /** The values that it accepts. Default: any. */
  readonly choices?: readonly string[];
  /** Whether the value is the path of a file. */
  readonly isFile?: true;
  /** Whether it may be given several times. */
  readonly isRepeatable?: true;
  /** What it does, in one line. */
  readonly summary: string;
}

/** All options by their name. Each has the same meaning in every command that accepts it. */
export const OPTIONS = {
  environment: {
    value: "NAME",
    choices: ["sandbox", "production"],
    summary: "Wise's environment; or set WISE_ENVIRONMENT",
  },
  "base-url": { value: "URL", summary: "A gateway or simulator instead; or set WISE_BASE_URL" },
  "token-file": { value: "FILE", isFile: true, summary: "A file with the access token; - is stdin" },
  wait: { summary: "Follow the card until its production ends" },
  "max-wait": { value: "SECONDS", summary: "How long to wait; 600 by default" },
  signature: { value: "BASE64", summary: "The X-Signature-SHA256 header of the delivery" },
  "public-key-file": {
    value: "FILE",
    isFile: true,
    summary: "The only public key to trust, as PEM",
  },
  port: { value: "PORT", summary: "The port; 4010 by default, 0 for any free one" },
  host: { value: "ADDRESS", summary: "The address to listen on; 127.0.0.1 by default" },
  card: { value: "PROFILE:TOKEN", isRepeatable: true, summary: "A card to simulate; repeatable" },
  kiosk: { value: "ID", isRepeatable: true, summary: "A kiosk to simulate; repeatable" },
  "webhook-url": { value: "URL", summary: "Where each webhook is posted" },
  seed: { value: "FILE", isFile: true, summary: "A JSON file with the initial state; - is stdin" },
  "production-delay": { value: "MS", summary: "How long a kiosk takes for a card; 2000 by default" },
  "read-lag": { value: "MS", summary: "How far reads lag behind; 0 by default" },
  auto: { summary: "Complete each card without further action" },
  json: { summary: "Print JSON, one object per line" },
  help: { summary: "Print this help" },
  version: { summary: "Print the version" },
} as const satisfies Record<string, OptionDefinition>;

/** The name of an option, without its dashes. */
export type OptionName = keyof typeof OPTIONS;

/** The options that a command line gave. */
export type OptionValues = {
  readonly [Name in OptionName]: (typeof OPTIONS)[Name] extends { readonly isRepeatable: true }
    ? readonly string[]
    : (typeof OPTIONS)[Name] extends { readonly value: string }
      ? string | undefined
      : boolean;
};

/** The options that every command accepts. */
export const COMMON_OPTIONS = ["json", "help"] as const satisfies readonly OptionName[];

/** The options of every command that calls Wise. */
export const CALL_OPTIONS = ["environment", "base-url", "token-file"] as const satisfies readonly OptionName[];

/** Returns the definition of an option. */
export function optionDefinition(name: OptionName): OptionDefinition {
  return OPTIONS[name];
}
