import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";

/** The colours of the present scheme, for what is drawn on a canvas. */
export interface Palette {
  readonly dark: boolean;
  readonly ink: string;
  readonly dim: string;
  readonly line: string;
  readonly ground: string;
  readonly live: string;
  readonly good: string;
  readonly bad: string;
  readonly wait: string;
}

/** Read the colours of `global.css`; another scheme gives others. */
export function usePalette(): Palette {
  const scheme = useComputedColorScheme("light");
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    // Where no style sheet is loaded, as in tests, a colour that can be parsed.
    const colour = (name: string) => style.getPropertyValue(name).trim() || "#808080";
    return {
      dark: scheme === "dark",
      ink: colour("--ink"),
      dim: colour("--mantine-color-dimmed"),
      line: colour("--line"),
      ground: colour("--raised"),
      live: colour("--live"),
      good: colour("--good"),
      bad: colour("--bad"),
      wait: colour("--wait"),
    };
  }, [scheme]);
}

/** Low to high, told apart also by who sees few colours (viridis, shortened). */
export const SCALE = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"];

/** Colours of things shown side by side, that keep 3:1 against both grounds. */
export const SERIES = ["#3b82c4", "#c2711c", "#2f9461", "#b0539e", "#8a7a16", "#7467c9"];
