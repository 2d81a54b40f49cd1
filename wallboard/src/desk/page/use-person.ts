import { useCallback, useEffect, useState } from "preact/hooks";

import { type Door, door as whereToSignIn, type Trouble } from "../../door/door";
import { type Person, signedIn, signIn, signOut, throughDoor, troubleOf } from "../signed-in";

interface AtTheDesk {
  person: Person | null;
  /** Where people sign in; null where they bring a token, undefined while that is not known. */
  door: Door | null | undefined;
  /** Why nobody is let in who was here. */
  why: Trouble | null;
  giveToken(token: string): void;
  /** They are done, or the services do not take their token any more. */
  leave(why: Trouble | null): void;
}

/** Who works at the desk, and how they come and go. */
export function usePerson(): AtTheDesk {
  const [person, setPerson] = useState<Person | null>(() => signedIn(location.hash, localStorage));
  const [door, setDoor] = useState<Door | null>();
  const [why, setWhy] = useState<Trouble | null>(null);

  useEffect(() => {
    // The token was taken out of the address: it is not to be kept in the history or sent around with a link.
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  }, []);
  useEffect(() => {
    if (person || door !== undefined) return;
    const find = async (): Promise<void> => {
      const there = await whereToSignIn().catch(() => null);
      try {
        if (there) setPerson(await throughDoor(there, fetch));
      } catch (error) {
        setWhy(troubleOf(error) ?? "away");
      }
      setDoor(there);
    };
    void find();
  }, [person, door]);

  const leave = useCallback(
    (because: Trouble | null) => {
      signOut(localStorage);
      if (person?.door && !because) void person.door.leave();
      setPerson(null);
      setWhy(because);
    },
    [person],
  );
  return { person, door, why, giveToken: (token) => setPerson(signIn(token, localStorage)), leave };
}
