import { Progress } from "@mantine/core";
import { memo } from "react";

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
    <Progress.Root size={thin ? 4 : 10} radius="sm" transitionDuration={0}>
      <Progress.Section
        withAria={false}
        value={shown}
        color={`var(--${tone})`}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(shown * 10) / 10}
        aria-valuetext={text}
      />
    </Progress.Root>
  );
});
