import { useEffect, useState } from "react";
import { serverNow } from "../api/clock";

const SECOND = 1000;

/** Return the server's time, anew each second. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), SECOND);
    return () => clearInterval(timer);
  }, []);
  return now;
}
