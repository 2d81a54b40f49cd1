/** A share of the whole as a length; only beside a number that says the same. */
export function Bar({ share, kind = "" }: { share: number; kind?: string }) {
  const width = `${Math.min(1, Math.max(0, share)) * 100}%`;
  return (
    <span class="bar" aria-hidden="true">
      <span class={`bar-fill ${kind}`} style={{ width }} />
    </span>
  );
}
