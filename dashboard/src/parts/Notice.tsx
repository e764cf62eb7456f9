import type { ReactNode } from "react";
import classes from "./Notice.module.css";

interface NoticeProps {
  readonly title?: ReactNode;
  readonly tone?: "bad" | "wait" | "live" | "idle";
  /** Whether it is read aloud when it appears. */
  readonly announced?: boolean;
  readonly children: ReactNode;
}

/** A few sentences that want to be seen. */
export function Notice({ title, tone = "wait", announced = false, children }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={announced ? "alert" : undefined}>
      {title !== undefined && <strong>{title}</strong>}
      <div>{children}</div>
    </div>
  );
}
