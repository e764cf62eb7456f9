import { memo } from "react";
import classes from "./Bar.module.css";

interface BarProps {
  /** Percent, 0 to 100. */
  readonly value: number;
  /** What the bar is of. */
  readonly label: string;
  /** How far it is, in words. */
  readonly text: string;
  readonly thin?: boolean;
  readonly tone?: "live" | "good" | "bad" | "wait" | "idle";
}

/** A progress bar that can be read aloud; it moves without a delay and says nothing by itself. */
export const Bar = memo(function Bar({ value, label, text, thin = false, tone = "live" }: BarProps) {
  const shown = Math.min(100, Math.max(0, value));
  return (
    <div
      className={classes.bar}
      data-thin={thin}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(shown * 10) / 10}
      aria-valuetext={text}
    >
      {/* Scaled, not resized: the page need not be laid out anew for each step. */}
      <div className={classes.done} data-tone={tone} style={{ transform: `scaleX(${shown / 100})` }} />
    </div>
  );
});
