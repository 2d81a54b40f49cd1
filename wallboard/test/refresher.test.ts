import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { refresher } from "../src/live/refresher";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A refresh whose end the test decides. */
function slow() {
  const ends: ((worked: boolean) => void)[] = [];
  const signals: AbortSignal[] = [];
  const run = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signals.push(signal);
      ends.push((worked) => (worked ? resolve() : reject(new Error("no"))));
    });
  const end = async (at: number, worked = true): Promise<void> => {
    ends[at]!(worked);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { run, end, signals, started: () => ends.length };
}

test("the first of a burst of events is not kept waiting; the rest is one refresh, 50 ms after it", async () => {
  const { run, end, started } = slow();
  const it = refresher(run);
  for (let n = 0; n < 20; n += 1) it.ask();
  await vi.advanceTimersByTimeAsync(0);
  expect(started()).toBe(1);
  await end(0);
  for (let n = 0; n < 20; n += 1) it.ask();
  await vi.advanceTimersByTimeAsync(49);
  expect(started()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(started()).toBe(2);
});

test("events during a refresh cause exactly one more, after it", async () => {
  const { run, end, started } = slow();
  const it = refresher(run);
  it.ask();
  await vi.advanceTimersByTimeAsync(50);
  it.ask();
  it.ask();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(started()).toBe(1);
  await end(0);
  await vi.advanceTimersByTimeAsync(50);
  expect(started()).toBe(2);
  await end(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started()).toBe(2);
});

test("events without a pause do not keep the page waiting", async () => {
  const { run, end, started } = slow();
  const it = refresher(run);
  for (let n = 0; n < 30; n += 1) {
    it.ask();
    await vi.advanceTimersByTimeAsync(10);
    if (started() === 1) await end(0);
  }
  expect(started()).toBeGreaterThan(1);
});

test("another selection gives up the refresh under way and starts at once", async () => {
  const { run, end, signals, started } = slow();
  const it = refresher(run);
  it.restart();
  it.restart();
  expect(started()).toBe(2);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  await end(0, false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started()).toBe(2);
});

test("a failed refresh is tried again, ever later, and events do not hurry it", async () => {
  const { run, end, started } = slow();
  const it = refresher(run);
  it.restart();
  await end(0, false);
  it.ask();
  await vi.advanceTimersByTimeAsync(700);
  expect(started()).toBe(1);
  await vi.advanceTimersByTimeAsync(300);
  expect(started()).toBe(2);
  await end(1, false);
  await vi.advanceTimersByTimeAsync(1_400);
  expect(started()).toBe(2);
  await vi.advanceTimersByTimeAsync(600);
  expect(started()).toBe(3);
});

test("nothing runs after stop", async () => {
  const { run, end, started } = slow();
  const it = refresher(run);
  it.restart();
  it.ask();
  it.stop();
  await end(0);
  it.restart();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started()).toBe(1);
});
