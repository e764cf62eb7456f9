import { Button } from "@mantine/core";
import { sentence } from "../api/problem";
import { Notice } from "./Notice";
import { Prose } from "./Prose";

interface FailureProps {
  readonly error: unknown;
  readonly what: string;
  readonly retry?: () => void;
}

/** Says that something could not be read, why, and offers to try again. */
export function Failure({ error, what, retry }: FailureProps) {
  return (
    <Notice tone="bad" title={what} announced>
      <p>
        <Prose text={sentence(error)} />
      </p>
      {retry && (
        <Button mt="xs" onClick={retry}>
          Try again
        </Button>
      )}
    </Notice>
  );
}
