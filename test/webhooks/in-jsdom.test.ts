// @vitest-environment jsdom
import { describe } from "vitest";
import { itReceivesWebhooks } from "./simulated-browser.js";

describe("in jsdom", itReceivesWebhooks);
