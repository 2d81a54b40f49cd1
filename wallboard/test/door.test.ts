import { expect, test } from "vitest";

import { isBack } from "../src/door/door";
import { saidAtDoor } from "../src/door/words";
import { troubleOf } from "../src/desk/signed-in";
import { Problem } from "../src/live/problem";

test.each([
  ["?code=1&state=2", true],
  ["?code=1&state=2&session_state=3&iss=https%3A%2F%2Fid", true],
  ["?error=access_denied&state=2", true],
  ["?at=deals&state=open", false],
  ["?board=sales", false],
  ["", false],
])("the address %s is the provider's answer: %s", (query, is) => {
  expect(isBack(query)).toBe(is);
});

test("what a refusal means at the door", () => {
  expect(troubleOf(new Problem(401, "unauthenticated", ""))).toBe("refused");
  expect(troubleOf(new Problem(403, "no-post", ""))).toBe("no-post");
  expect(troubleOf(new Problem(503, "try-again", ""))).toBeNull();
  expect(troubleOf(new TypeError("failed"))).toBeNull();
});

test("it is said in both languages", () => {
  expect(Object.keys(saidAtDoor("zh"))).toEqual(Object.keys(saidAtDoor("en")));
});
