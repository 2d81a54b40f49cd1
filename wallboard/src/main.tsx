import "./style/base.css";
import "./style/header.css";
import "./style/tiles.css";
import "./style/panels.css";
import "./style/freshness.css";
import "./style/explanation.css";
import "./style/boards.css";
import "./style/past.css";
import "./style/television.css";

import { render } from "preact";

import { door, isBack } from "./door/door";
import { Page } from "./page/page";

// From the provider: what was shown before has to be in the address before anything reads it.
if (isBack(location.search)) await door().catch(() => null);

const root = document.getElementById("board");
if (root) render(<Page />, root);
