import { Link, Outlet } from "@tanstack/react-router";
import { useRef } from "react";
import { announcement } from "../api/announcements";
import { session } from "../api/session";
import { useSignal } from "../api/signal";
import { ConnectionLost, ConnectionNote } from "./ConnectionNote";
import { LoginNotice } from "./LoginNotice";
import { usePageHeading } from "./usePageHeading";
import { SchemeButton } from "./SchemeButton";
import { ServiceNote } from "./ServiceNote";
import classes from "./Shell.module.css";

/** What stands round every page. */
export function Shell() {
  const open = useSignal(session) === "open";
  const main = useRef<HTMLElement>(null);
  usePageHeading(main);
  return (
    <>
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <header className={classes.head}>
        <Link className={classes.brand} to="/">
          Trad
        </Link>
        <nav className={classes.nav} aria-label="Pages">
          <Link to="/" activeOptions={{ exact: true }}>
            Jobs
          </Link>
          <Link to="/new">New job</Link>
          <Link to="/library">Data and strategies</Link>
          <Link to="/compare">Compare</Link>
        </nav>
        <div className={classes.tools}>
          <ConnectionNote />
          <SchemeButton />
        </div>
      </header>
      <main ref={main} id="content" className={classes.main} tabIndex={-1}>
        {open ? (
          <>
            <ConnectionLost />
            <ServiceNote />
            <Outlet />
          </>
        ) : (
          <LoginNotice />
        )}
      </main>
      <Announcer />
    </>
  );
}

function Announcer() {
  const text = useSignal(announcement);
  return (
    <div className={classes.heard} aria-live="polite">
      {text}
    </div>
  );
}
