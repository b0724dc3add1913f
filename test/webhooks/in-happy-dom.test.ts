// @vitest-environment happy-dom
import { describe } from "vitest";
import { itReceivesWebhooks } from "../support/simulated-browser.js";

describe("in happy-dom", itReceivesWebhooks);
