import { Button, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";

/** Changes between light and dark, and keeps the choice. */
export function SchemeButton() {
  // Without this it would write a style element for the moment, which the Content-Security-Policy forbids.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const scheme = useComputedColorScheme("light");
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <Button aria-label={`Change to ${other} colours`} onClick={() => setColorScheme(other)}>
      {other === "dark" ? "Dark" : "Light"}
    </Button>
  );
}
