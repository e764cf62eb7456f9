import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

interface ConfirmButtonProps {
  readonly label: string;
  /** What the second button says, such as "Yes, cancel the job". */
  readonly confirm: string;
  readonly keep: string;
  readonly disabled?: boolean;
  readonly onConfirm: () => void;
}

/** A button for what cannot be undone: it asks once more, in its own place. */
export function ConfirmButton({ label, confirm, keep, disabled = false, onConfirm }: ConfirmButtonProps) {
  const [asking, setAsking] = useState(false);
  const asked = useRef(false);
  const newest = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Whoever works with the keyboard stays where the buttons changed.
    asked.current ||= asking;
    if (asked.current) newest.current?.focus();
  }, [asking]);
  if (!asking) {
    return (
      <Button ref={newest} disabled={disabled} onClick={() => setAsking(true)}>
        {label}
      </Button>
    );
  }
  const answer = (yes: boolean) => {
    setAsking(false);
    if (yes) onConfirm();
  };
  return (
    <>
      <Button ref={newest} color="red" variant="filled" onClick={() => answer(true)}>
        {confirm}
      </Button>
      <Button onClick={() => answer(false)}>{keep}</Button>
    </>
  );
}
