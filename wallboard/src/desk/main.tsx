import "../style/base.css";
import "../style/header.css";
import "../style/panels.css";
import "./desk.css";

import { render } from "preact";

import { door, isBack } from "../door/door";
import { Page } from "./page/page";

// From the provider: what was shown before has to be in the address before anything reads it.
if (isBack(location.search)) await door().catch(() => null);

const root = document.getElementById("desk");
if (root) render(<Page />, root);
