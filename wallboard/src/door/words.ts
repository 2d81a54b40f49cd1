/** What is said at the door, in both languages. */

import type { Lang } from "../words/words";
import type { Trouble } from "./door";

type Said = Record<"wanted" | "enter" | "leave" | Trouble, string>;

const SAID: Readonly<Record<Lang, Said>> = {
  en: {
    wanted: "Please sign in.",
    enter: "Sign in",
    leave: "Sign out",
    away: "The sign-in page does not answer. Please try again in a moment.",
    denied: "Signing in did not work. Please try again; if it stays so, tell whoever runs Baton.",
    refused: "Your sign-in is not good any more, or was not accepted. Please sign in again.",
    "no-post": "You are signed in, but have no role here. Ask whoever keeps the accounts, then sign in again.",
  },
  zh: {
    wanted: "请先登录。",
    enter: "登录",
    leave: "退出",
    away: "登录页面暂时没有响应，请稍后再试。",
    denied: "登录未成功，请重试；若仍然不行，请联系系统管理员。",
    refused: "登录已失效或未被接受，请重新登录。",
    "no-post": "您已登录，但在这里还没有角色。请联系账号管理员，然后重新登录。",
  },
};

export const saidAtDoor = (lang: Lang): Said => SAID[lang];
