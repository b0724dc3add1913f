// @vitest-environment happy-dom
import { describeSameAsInNode } from "../support/same-as-in-node.js";

describeSameAsInNode();
