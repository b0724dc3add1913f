// @vitest-environment jsdom
import { describe } from "vitest";
import { itReceivesWebhooks } from "../support/simulated-browser.js";

describe("in jsdom", itReceivesWebhooks);
