import { useRouter } from "@tanstack/react-router";
import { useEffect, type RefObject } from "react";

const NAME = "Trad";

/**
 * Let the page's heading name the document, and take the focus when another page is shown.
 *
 * Pages load and read their data on their own time, so the heading is watched for. Whoever moves the focus
 * in the meantime keeps it.
 */
export function usePageHeading(main: RefObject<HTMLElement | null>): void {
  const router = useRouter();
  useEffect(() => {
    const page = main.current;
    if (page === null) return undefined;
    let left: Element | null = null;
    let waiting = false;
    let focused: Element | null = null;
    const look = () => {
      const heading = page.querySelector("h1");
      nameDocument(heading);
      if (!waiting || heading === null || heading === left) return;
      waiting = false;
      if (isWhereItWas(focused)) focusOn(heading);
    };
    const unsubscribe = router.subscribe("onBeforeNavigate", ({ fromLocation, pathChanged }) => {
      if (fromLocation === undefined || !pathChanged) return;
      left = page.querySelector("h1");
      focused = document.activeElement;
      waiting = true;
    });
    const observer = new MutationObserver(look);
    // Elements only, no texts: figures change all the time.
    observer.observe(page, { childList: true, subtree: true });
    look();
    return () => {
      unsubscribe();
      observer.disconnect();
    };
  }, [main, router]);
}

function nameDocument(heading: Element | null): void {
  const text = heading?.textContent.trim() ?? "";
  const title = text === "" ? NAME : `${text} - ${NAME}`;
  if (document.title !== title) document.title = title;
}

/** Whether the focus is where it was before, or went with the page that was left. */
function isWhereItWas(before: Element | null): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement === before;
}

function focusOn(heading: HTMLElement): void {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
