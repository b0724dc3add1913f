// @vitest-environment happy-dom
import { describeSameAsInNode } from "./same-as-in-node.js";

describeSameAsInNode();
