// @vitest-environment jsdom
import { describeSameAsInNode } from "./same-as-in-node.js";

describeSameAsInNode();
