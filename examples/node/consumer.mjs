// Prints every deal that is won, over HTTP and from where it stopped: BATON_TOKEN=… node consumer.mjs
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const feed = `${process.env.BATON_CUSTOMERS ?? "http://127.0.0.1:8081"}/events?types=deal-won.v1&after=-1`;
const place = process.env.PLACE ?? "position.txt";
const headers = { authorization: `Bearer ${process.env.BATON_TOKEN}` };

async function follow() {
  const last = existsSync(place) ? { "last-event-id": readFileSync(place, "utf8") } : {};
  const answer = await fetch(feed, { headers: { ...headers, ...last } });
  if (!answer.ok) throw new Error(await answer.text());
  let text = "";
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    const events = (text + piece).split(/\r?\n\r?\n/);
    text = events.pop();
    for (const event of events) {
      const field = (name) => event.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
      if (field("data")?.startsWith("{")) {
        const { subject, data } = JSON.parse(field("data"));
        console.log(subject, data.title, data.amount.minor, data.amount.currency);
      }
      if (field("id")) writeFileSync(place, field("id")); // after the work: done again rather than never
    }
  }
}

for (;;) {
  await follow().catch((error) => console.error(`${error}; once more in a second`));
  await new Promise((again) => setTimeout(again, 1_000));
}
