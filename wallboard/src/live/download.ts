/** Saves an answer as a file: a plain link could not send the token. */

/** The name the answer gives itself. */
export const nameOf = (disposition: string | null, otherwise: string): string =>
  /filename="([^"]+)"/.exec(disposition ?? "")?.[1] ?? otherwise;

export async function save(answer: Response, otherwise: string): Promise<void> {
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = nameOf(answer.headers.get("content-disposition"), otherwise);
  link.click();
  URL.revokeObjectURL(address);
}
