// @vitest-environment jsdom
import { describeSameAsInNode } from "../support/same-as-in-node.js";

describeSameAsInNode([["the global fetch", { fetch: (url, init) => fetch(url, init) }]]);
