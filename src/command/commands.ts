import { completionCommand } from "./commands/completion-command.js";
import { explainCommand } from "./commands/explain-command.js";
import { produceCommand } from "./commands/produce-command.js";
import { sandboxCommand } from "./commands/sandbox-command.js";
import { simulateCommand } from "./commands/simulate-command.js";
import { statusCommand } from "./commands/status-command.js";
import { verifyWebhookCommand } from "./commands/verify-webhook-command.js";
import { waitCommand } from "./commands/wait-command.js";
import type { Command } from "./definition/command.js";

/** All commands, in the order in which `--help` lists them. */
export const COMMANDS: readonly Command[] = [
  sandboxCommand,
  produceCommand,
  statusCommand,
  waitCommand,
  simulateCommand,
  explainCommand,
  verifyWebhookCommand,
  completionCommand,
];
