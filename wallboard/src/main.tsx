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

import { Page } from "./page/page";

const root = document.getElementById("board");
if (root) render(<Page />, root);
