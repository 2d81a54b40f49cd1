import "../style/base.css";
import "../style/header.css";
import "../style/panels.css";
import "./desk.css";

import { render } from "preact";

import { Page } from "./page/page";

const root = document.getElementById("desk");
if (root) render(<Page />, root);
