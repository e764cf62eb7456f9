import { Button } from "@mantine/core";
import { useEffect } from "react";
import { ask } from "../api/client";
import { useDashboard } from "../api/dashboard";
import { Notice } from "../parts/Notice";

/** What a browser sees that the server does not know: how to get in. */
export function LoginNotice() {
  const { stream } = useDashboard();
  useEffect(() => {
    const again = () => void knock();
    window.addEventListener("focus", again);
    // It is let in: the stream need not wait for its next try.
    return () => {
      window.removeEventListener("focus", again);
      stream.restart();
    };
  }, [stream]);
  return (
    <div className="page">
      <h1>Not logged in</h1>
      <Notice tone="live" announced>
        This browser has no session with the server yet, or it has ended.
      </Notice>
      <section className="panel">
        <h2>How to log in</h2>
        <ol>
          <li>
            <code className="code">trad serve</code> prints a link when it starts: open it in this browser.
          </li>
          <li>
            It was used before, or is too old? On the machine that the server runs on,{" "}
            <code className="code">trad serve --link</code> prints a new one.
          </li>
        </ol>
        <p>A link lets one browser in, once.</p>
        <Button mt="md" onClick={() => void knock()}>
          I have logged in
        </Button>
      </section>
    </div>
  );
}

/** Ask something, so that the answer opens the session where it may. */
async function knock(): Promise<void> {
  // A refusal shows by itself: this page stays.
  await ask("GET", "/api/health").catch(() => undefined);
}
